import { expect, test } from "vitest";
import {
  general,
  internal,
  invalid,
  modelled,
  rejectionBody,
} from "../../../../src/emulator/dynamodb/rules/rejections.ts";

test.each([
  [
    modelled("ResourceInUseException", "no"),
    "com.amazonaws.dynamodb.v20120810#ResourceInUseException",
  ],
  [general("AccessDeniedException", "no"), "com.amazon.coral.service#AccessDeniedException"],
  [invalid("no"), "com.amazon.coral.validate#ValidationException"],
])("a refusal is 400 and names its type: %j", (rejection, type) => {
  expect(rejection).toEqual({ statusCode: 400, type, message: "no" });
  expect(rejectionBody(rejection)).toBe(JSON.stringify({ __type: type, message: "no" }));
});

test("a refusal may have another status, and may have no message", () => {
  expect(modelled("A", "", 500).statusCode).toBe(500);
  expect(general("A", "", 403).statusCode).toBe(403);
  expect(rejectionBody(general("SerializationException", ""))).toBe(
    '{"__type":"com.amazon.coral.service#SerializationException"}',
  );
});

test.each([
  ["LEVEL_IO_ERROR", "wsgw cannot write the local table: no space"],
  ["ERR_INVALID_ARG_TYPE", "wsgw's built-in DynamoDB failed: no space"],
  [undefined, "wsgw's built-in DynamoDB failed: no space"],
])("a store that fails with the code %s is an internal error", (code, message) => {
  const error = Object.assign(new Error("no space"), code === undefined ? {} : { code });

  expect(internal(error)).toEqual(modelled("InternalServerError", message, 500));
});
