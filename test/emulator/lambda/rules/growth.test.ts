import { expect, test } from "vitest";
import { type Load, wantsToGrow } from "../../../../src/emulator/lambda/rules/growth.ts";

const stuck: Load = { stalledMs: 30, isStarting: false };

test.each<[string, Load, boolean]>([
  ["an event waits and no answers come", stuck, true],
  ["answers come, or events have not waited long enough", { ...stuck, stalledMs: 29 }, false],
  ["an environment is on its way already", { ...stuck, isStarting: true }, false],
])("when %s: %s", (_, load, grows) => {
  expect(wantsToGrow(load, 30)).toBe(grows);
});
