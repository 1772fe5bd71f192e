import { expect, test } from "vitest";
import { endpointWarnings } from "../../../../../src/emulator/apigateway/management/rules/endpoint-warnings.ts";

const CALL = {
  url: "/dev/@connections/a",
  host: "abc.execute-api.us-east-1.amazonaws.com",
  hasDoubleSlash: false,
  isTlsOnly: true,
  isEncrypted: true,
  functionName: "send",
};

test("a call as AWS requires it has no warnings", () => {
  expect(endpointWarnings(CALL)).toEqual([]);
});

test("a function that calls a host of AWS without TLS is warned", () => {
  const plain = { ...CALL, isEncrypted: false };

  expect(endpointWarnings(plain)).toEqual([
    expect.stringMatching(/^Function "send" called @connections at abc\..* without TLS\./),
  ]);
  expect(endpointWarnings({ ...plain, isTlsOnly: false })).toEqual([]);
  expect(endpointWarnings({ ...plain, functionName: undefined })).toEqual([]);
});

test("// in a path is accepted with a warning", () => {
  const url = "/dev//@connections/a";

  expect(endpointWarnings({ ...CALL, url, hasDoubleSlash: true })).toEqual([
    expect.stringContaining(`The path ${url} has an empty segment.`),
  ]);
});
