import { expect, test } from "vitest";
import { screenCall } from "../../../../../src/emulator/apigateway/management/rules/screen-call.ts";
import { createSigningKeys, signRequest } from "../../../../../src/emulator/iam/rules/sigv4.ts";

const ID = "Xux7aeaAFiACHZQ=";
const AMZ_DATE = "20260131T133452Z";
const keys = createSigningKeys();
const secretFor = (accessKeyId: string) =>
  accessKeyId === "issued" ? { secretAccessKey: "secret", functionName: "send" } : undefined;

const call = {
  kind: "call",
  operation: "post",
  connectionId: ID,
  doubleSlash: false,
} as const;
const malformed = { kind: "malformed-id", connectionId: "x", doubleSlash: false } as const;
const small = {
  method: "POST",
  url: `/v1/@connections/${ID}`,
  rawHeaders: ["Host", "h", "X-Amz-Date", AMZ_DATE],
  body: Buffer.from("hello"),
  isTooLarge: false,
  isFromHere: true,
};

function signed(accessKeyId: string, secret: string, service = "execute-api") {
  const scope = { date: "20260131", region: "us-east-1", service };
  const names = ["host", "x-amz-date"];
  const { signature } = signRequest(small, names, AMZ_DATE, scope, keys(secret, scope));
  const header = `AWS4-HMAC-SHA256 Credential=${accessKeyId}/20260131/us-east-1/${service}/aws4_request, SignedHeaders=host;x-amz-date, Signature=${signature}`;
  return { ...small, rawHeaders: [...small.rawHeaders, "Authorization", header] };
}

const good = signed("issued", "secret");
const goOn = { kind: "go-on", operation: "post", connectionId: ID };
const refused = (kind: string) => ({ kind: "refused", outcome: { kind } });

test.each([
  ["a call of a function", call, good, { ...goOn, functionName: "send" }],
  ["a key of somebody else", call, signed("other", "any"), { ...goOn, functionName: undefined }],
  [
    "a key of somebody else on another machine",
    call,
    { ...signed("other", "any"), isFromHere: false },
    refused("wrong-signature"),
  ],
  [
    "a function's key on another machine",
    call,
    { ...good, isFromHere: false },
    { ...goOn, functionName: "send" },
  ],
  ["a wrong secret", call, signed("issued", "wrong"), refused("wrong-signature")],
  ["another service", call, signed("other", "any", "dynamodb"), refused("wrong-signature")],
  ["no signature", call, small, refused("unsigned")],
  ["no signature on a large body", call, { ...small, isTooLarge: true }, refused("unsigned")],
  ["a large body", call, { ...good, isTooLarge: true }, refused("too-large")],
  ["a malformed id", malformed, good, { ...refused("malformed-id"), functionName: "send" }],
  ["a malformed id, unsigned", malformed, small, refused("unsigned")],
  ["an unknown stage, unsigned", { kind: "unknown-stage" }, small, refused("unknown-stage")],
  ["an unknown path, unsigned", { kind: "unknown-path" }, small, refused("unknown-path")],
] as const)("screens %s", (_, asked, request, expected) => {
  expect(screenCall(asked, request, secretFor, keys)).toMatchObject(expected);
});
