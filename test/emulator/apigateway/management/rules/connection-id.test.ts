import { expect, test } from "vitest";
import { isConnectionId } from "../../../../../src/emulator/apigateway/management/rules/connection-id.ts";

test.each([
  ["Xux7aeaAFiACHZQ=", true],
  ["WDGT8fY4joECJrQ=test", false],
  ["bot_GAMECODE_X", false],
  ["0fb1c1c4-7f0c-4c9e-9a4e-0e6f3f8f0a11", false],
  ["Xux7aeaAFiACHZQ", false],
  ["", false],
])("%s as a connection id: %s", (text, wellFormed) => {
  expect(isConnectionId(text)).toBe(wellFormed);
});

test.each(["gbgHN0-zjQAYKEjhgA==", "Xux7aeaAFiACHZB=", "H111mc0HywMCEEf=", "abcdefghijklmnp="])(
  "%s has the form of an id, whatever its last bits",
  (id) => {
    expect(isConnectionId(id)).toBe(true);
  },
);
