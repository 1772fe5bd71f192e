import { expect, test } from "vitest";
import { readCall } from "../../../../src/emulator/dynamodb/rules/read-call.ts";
import { general } from "../../../../src/emulator/dynamodb/rules/rejections.ts";
import {
  createSigningKeys,
  signedHeaders,
} from "../../../../src/emulator/iam/rules/sign-request.ts";

const ISSUED = { secretAccessKey: "secret", sessionToken: "token", functionName: "send" };
const TARGET = "DynamoDB_20120810.GetItem";

/** A call as an SDK sends it, read; `more` headers are not signed. */
function read(
  { region = "eu-west-1", target = TARGET, body = "{}", secretAccessKey = "secret" } = {},
  more: Record<string, string | undefined> = {},
  isVerified = false,
) {
  const url = new URL("http://localhost:8000/");
  const bytes = Buffer.from(body);
  const headers: Record<string, string | undefined> = {
    ...signedHeaders(
      { method: "POST", url, body: bytes },
      { "x-amz-target": target },
      { accessKeyId: "AKIA", ...ISSUED, secretAccessKey },
      { region, service: "dynamodb" },
    ),
    ...more,
  };
  const sent = Object.entries(headers).filter(([, value]) => value !== undefined) as [
    string,
    string,
  ][];
  return readCall(
    {
      method: "POST",
      url: "/",
      rawHeaders: sent.flat(),
      headers: Object.fromEntries(sent),
      body: bytes,
    },
    {
      home: "us-east-1",
      secretFor: (accessKeyId) => (accessKeyId === "AKIA" ? ISSUED : undefined),
      signingKeys: createSigningKeys(),
      isVerified: (accessKeyId) => accessKeyId === "AKIA" && isVerified,
      traceParent: (header) => (header === undefined ? undefined : `parent of ${header}`),
    },
  );
}

test("a call says what it asks for, and in whose name", () => {
  const body = '{"TableName":"chat"}';

  expect(read({ body })).toEqual({
    kind: "call",
    mayNameProto: false,
    call: {
      operation: "GetItem",
      input: { TableName: "chat" },
      region: "eu-west-1",
      accessKeyId: "AKIA",
      functionName: "send",
      sdkCallId: undefined,
      traceParent: undefined,
    },
  });
  const more = { "amz-sdk-invocation-id": "7", "x-amzn-trace-id": "Root=1" };
  expect(read({}, more)).toMatchObject({
    call: { sdkCallId: "7", traceParent: "parent of Root=1" },
  });
});

test.each(["local", "eu-west", "x", "eu-west-1x"])(
  "the region %s is that of the project",
  (region) => {
    expect(read({ region })).toMatchObject({ call: { region: "us-east-1" } });
  },
);

test.each([
  ["no JSON", { body: "{" }, {}, general("SerializationException", "")],
  ["a list", { body: "[]" }, {}, general("SerializationException", "")],
  [
    "another service's target",
    { target: "Lambda_1.GetItem" },
    {},
    general("UnknownOperationException", ""),
  ],
  ["more than a target", { target: `${TARGET}.x` }, {}, general("UnknownOperationException", "")],
  [
    "something before the target",
    { target: `x${TARGET}` },
    {},
    general("UnknownOperationException", ""),
  ],
  ["no target", {}, { "x-amz-target": undefined }, general("UnknownOperationException", "")],
  [
    "no signature",
    {},
    { authorization: undefined },
    general("MissingAuthenticationTokenException", "Request is missing Authentication Token"),
  ],
  [
    "another session token",
    {},
    { "x-amz-security-token": "other" },
    general(
      "UnrecognizedClientException",
      "The security token included in the request is invalid.",
    ),
  ],
])("rejects a call with %s", (_, request, headers, rejection) => {
  expect(read(request, headers)).toEqual({ kind: "rejected", rejection });
});

test("rejects an incomplete and a wrong signature with the reason", () => {
  expect(read({}, { authorization: "Bearer x" })).toMatchObject({
    rejection: {
      type: "com.amazon.coral.service#IncompleteSignatureException",
      message: expect.stringContaining("'Credential' parameter"),
    },
  });
  expect(read({ secretAccessKey: "other" })).toMatchObject({
    rejection: {
      type: "com.amazon.coral.service#InvalidSignatureException",
      message: expect.stringContaining("does not match"),
    },
  });
});

test("does not verify a signature again, nor one by a key of another issuer", () => {
  const foreign =
    "AWS4-HMAC-SHA256 Credential=tool/20260101/eu-west-1/dynamodb/aws4_request, SignedHeaders=host, Signature=";

  expect(read({ secretAccessKey: "other" }, {}, true)).toMatchObject({ kind: "call" });
  expect(read({}, { authorization: `${foreign}${"a".repeat(64)}` })).toMatchObject({
    kind: "call",
    call: { accessKeyId: "tool", functionName: undefined },
  });
});
