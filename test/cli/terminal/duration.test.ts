import { expect, test } from "vitest";
import { formatDuration, parseDuration } from "../../../cli/terminal/duration.ts";

test.each([
  ["500", 500],
  ["500ms", 500],
  ["1.5s", 1500],
  ["2 s", 2000],
  ["1m", 60_000],
  ["0", 0],
  ["", undefined],
  ["-1", undefined],
  ["1h", undefined],
  ["soon", undefined],
])("reads %j as %s ms", (text, ms) => {
  expect(parseDuration(text)).toBe(ms);
});

test.each([
  [0.2, "<1 ms"],
  [26.6, "27 ms"],
  [999, "999 ms"],
  [999.7, "1 s"],
  [1254, "1.25 s"],
  [59_999, "1 min 0 s"],
  [125_000, "2 min 5 s"],
])("writes %d ms as %s", (ms, text) => {
  expect(formatDuration(ms)).toBe(text);
});
