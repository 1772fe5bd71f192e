import { expect, test } from "vitest";
import { createNames } from "../../../cli/log/names.ts";
import { createManualClock } from "../../../src/clock.ts";
import { createIds } from "../../../src/ids.ts";

test("connections of one moment have names of their own, which are parts of their ids", () => {
  const ids = createIds(createManualClock(Date.UTC(2026, 10, 28)));
  const nameOf = createNames();
  const all = Array.from({ length: 1_000 }, () => ids.connectionId());

  const names = all.map((id) => nameOf(id).name);

  expect(new Set(names).size).toBe(1_000);
  all.forEach((id, at) => {
    expect(id).toContain(names[at]);
  });
});

test("an id of 16 characters, as an earlier version gave, is named by its middle", () => {
  expect(createNames()("aIFHTfpAB-ECx5k=").name).toBe("pAB-E");
});
