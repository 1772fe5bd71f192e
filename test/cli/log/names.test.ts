import { expect, test } from "vitest";
import { ConnectionNames } from "../../../cli/log/names.ts";
import { createManualClock } from "../../../src/clock.ts";
import { createIds } from "../../../src/ids.ts";

test("connections of one moment have names of their own, which are parts of their ids", () => {
  const ids = createIds(createManualClock(Date.UTC(2026, 10, 28)));
  const names = new ConnectionNames("id");
  const all = Array.from({ length: 1_000 }, () => ids.connectionId());

  const given = all.map((id) => names.of(id).name);

  expect(new Set(given).size).toBe(1_000);
  all.forEach((id, at) => {
    expect(id).toContain(given[at]);
  });
});

test("an id of 16 characters, as an earlier version gave, is named by its middle", () => {
  expect(new ConnectionNames("id").of("aIFHTfpAB-ECx5k=").name).toBe("pAB-E");
});

test("numbers count on when the oldest connections are forgotten", () => {
  const names = new ConnectionNames("number", 2);
  for (const id of ["first", "second", "third"]) names.add(id);

  expect(["first", "second", "third"].map((id) => names.of(id).name)).toEqual([
    "first",
    "#2",
    "#3",
  ]);
});
