import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { firstDifference } from "../../scripts/docs/masks.mjs";
import { NOT_RUN } from "../../scripts/docs/not-run.mjs";
import { blocksOf, kindOf, PAGES } from "../../scripts/docs/page.mjs";

const read = (page: string) => readFileSync(new URL(`../../${page}`, import.meta.url), "utf8");

test.each(PAGES)("every block of %s is run by scripts/check-docs.mjs", (page) => {
  const unknown = blocksOf(read(page)).filter((block) => kindOf(page, block) === undefined);

  expect(unknown).toEqual([]);
});

test("no block is listed as not run that there is not", () => {
  const gone = NOT_RUN.filter(
    ({ page, begins }) => !blocksOf(read(page)).some(({ lines }) => lines[0] === begins),
  );

  expect(gone).toEqual([]);
});

test.each(["", "rust", "sh with words", "console", "json", "text A"])(
  "a block of the kind %j is refused",
  (info) => {
    const kinds = blocksOf(`\`\`\`${info}\nsomething\n\`\`\``).map((block) =>
      kindOf("docs/new.md", block),
    );

    expect(kinds).toEqual([undefined]);
  },
);

test("a fence within a list is refused, for it would not be run", () => {
  expect(() => blocksOf("- so:\n  ```sh\n  ls\n  ```")).toThrow("line 2");
});

test.each([
  [
    "times, ids and sizes differ",
    "12:00:00.000  AAAAA  < 1 ms",
    "13:01:02.003  BBBBB  < 29 ms",
    undefined,
  ],
  ["what is left out stands as …", "a\n…\nd", "a\nb\nc\nd", undefined],
  ["frames come in another order", 'ann < "x"\nbob < "x"', 'bob < "x"\nann < "x"', undefined],
  [
    "a wrong line",
    "1 item put",
    "1 item deleted",
    'in place of "1 item put" it was "1 item deleted"',
  ],
  ["a line that was not printed", "a\nb", "a", '"b" was not printed'],
  [
    "a wrong line behind what is left out, where it was read furthest",
    "a\n…\nb\nc\nd",
    "a\nb\nx\nb\nc\ne",
    'in place of "d" it was "e"',
  ],
  [
    "a line that does not come after what is left out",
    "a\n…\nc",
    "a\nb",
    'after "…" there was nothing like "c"',
  ],
  ["a line that the page lacks", "a", "a\nb", '"b" is not in the page'],
])("compares sessions: %s", (_, written, shown, wrong) => {
  expect(firstDifference(written.split("\n"), shown.split("\n"))).toBe(wrong);
});
