import { expect, test } from "vitest";
import { formatTable, judge } from "../../bench/report.mjs";

const ECHO = { name: "echo", unit: "messages/s", baseName: "floor" };
const COLD = { name: "cold start", unit: "ms", baseName: "floor" };

test.each([
  ["a rate at its target", { ...ECHO, target: { atLeast: 0.9 } }, [90], true],
  ["a rate below its target", { ...ECHO, target: { atLeast: 0.9 } }, [89], false],
  ["a time at its target", { ...COLD, target: { atMost: 1.25 } }, [125], true],
  ["a time above its target", { ...COLD, target: { atMost: 1.25 } }, [126], false],
])("judges %s", (_, row, product, reached) => {
  expect(judge({ ...row, product, base: [100] }).reached).toBe(reached);
});

test("a failure misses the target, however good the ratio is", () => {
  const row = judge({
    ...ECHO,
    product: [200],
    base: [100],
    target: { atLeast: 0.9 },
    failures: ["product: 1 wrong answers"],
  });

  expect(row.reached).toBe(false);
});

test("nothing is judged when only the floor was measured", () => {
  const row = judge({ ...ECHO, base: [100, 300], target: { atLeast: 0.9 } });

  expect(row).toMatchObject({
    base: 200,
    product: undefined,
    ratio: undefined,
    reached: undefined,
  });
});

test("the table shows medians, ratio, spread, target and verdict, and failures below", () => {
  const rows = [
    judge({ ...ECHO, product: [2500, 2400], base: [2500, 3000], target: { atLeast: 0.95 } }),
    judge({ ...COLD, product: [1.5], base: [1], failures: ["product: 3 wrong answers"] }),
  ];

  expect(formatTable(rows)).toBe(
    [
      "measure     unit        product  base         ratio  lowest–highest  target  reached",
      "----------  ----------  -------  ----  -----  -----  --------------  ------  -------",
      "echo        messages/s     2450  2750  floor   0.90  0.80–1.00       ≥ 0.95  NO",
      "cold start  ms             1.50  1.00  floor   1.50  1.50–1.50",
      "FAILED  cold start: product: 3 wrong answers",
    ].join("\n"),
  );
});
