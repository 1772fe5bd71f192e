import { expect, test } from "vitest";
import {
  isConnectionId,
  notConnectedAnswer,
} from "../../../../../src/emulator/apigateway/management/rules/gone-or-bad-id.ts";

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

test("a connection that is not open is answered with 410 and no body", () => {
  expect(notConnectedAnswer({ kind: "gone" })).toEqual({
    statusCode: 410,
    errorType: "GoneException",
    body: "",
    hasTraceId: true,
  });
});

test("a malformed id is answered with 400, which repeats it", () => {
  expect(notConnectedAnswer({ kind: "malformed-id", connectionId: 'a"b' })).toEqual({
    statusCode: 400,
    errorType: "BadRequestException",
    body: '{"message":"Invalid connectionId: a\\"b"}',
    hasTraceId: false,
  });
});
