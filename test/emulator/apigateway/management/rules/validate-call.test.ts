import { expect, test } from "vitest";
import { validateCall } from "../../../../../src/emulator/apigateway/management/rules/validate-call.ts";
import {
  createSigningKeys,
  signRequest,
} from "../../../../../src/emulator/iam/rules/sign-request.ts";

const ID = "Xux7aeaAFiACHZQ=";
const AMZ_DATE = "20260131T133452Z";
const keys = createSigningKeys();
const secretFor = (accessKeyId: string) =>
  accessKeyId === "issued"
    ? { secretAccessKey: "secret", sessionToken: "token", functionName: "send" }
    : undefined;
const verification = { secretFor, signingKeys: keys, region: "us-east-1" };

const call = {
  kind: "call",
  operation: "post",
  connectionId: ID,
  prefix: "v1",
  doubleSlash: false,
} as const;
const malformed = { kind: "malformed-id", connectionId: "x", doubleSlash: false } as const;
const small = {
  method: "POST",
  url: `/v1/@connections/${ID}`,
  rawHeaders: ["Host", "h", "X-Amz-Date", AMZ_DATE, "X-Amz-Security-Token", "token"],
  body: Buffer.from("hello"),
  isTooLarge: false,
  isFromHere: (): boolean => true,
  regionOfHost: (): string | undefined => "eu-west-1",
};

function signed(
  accessKeyId: string,
  secret: string,
  service = "execute-api",
  region = "us-east-1",
  token = "token",
) {
  const scope = { date: "20260131", region, service };
  const names = ["host", "x-amz-date"];
  const { signature } = signRequest(small, names, AMZ_DATE, scope, keys(secret, scope));
  const header = `AWS4-HMAC-SHA256 Credential=${accessKeyId}/20260131/${region}/${service}/aws4_request, SignedHeaders=host;x-amz-date, Signature=${signature}`;
  const rawHeaders = [...small.rawHeaders.slice(0, -1), token, "Authorization", header];
  return { ...small, rawHeaders };
}

const good = signed("issued", "secret");
const goOn = { kind: "go-on", operation: "post", connectionId: ID };
const rejected = (kind: string) => ({ kind: "rejected", outcome: { kind } });

test.each([
  ["a call of a function", call, good, { ...goOn, functionName: "send" }],
  [
    "a call at a host of another region, signed for that",
    call,
    signed("issued", "secret", "execute-api", "eu-west-1"),
    { ...goOn, functionName: "send" },
  ],
  ["a key of somebody else", call, signed("other", "any"), { ...goOn, functionName: undefined }],
  [
    "a key of somebody else on another machine",
    call,
    { ...signed("other", "any"), isFromHere: (): boolean => false },
    rejected("unknown-key"),
  ],
  [
    "a function's key on another machine",
    call,
    { ...good, isFromHere: (): boolean => false },
    { ...goOn, functionName: "send" },
  ],
  ["a wrong secret", call, signed("issued", "wrong"), rejected("wrong-signature")],
  ["another service", call, signed("other", "any", "dynamodb"), rejected("wrong-signature")],
  [
    "another region",
    call,
    signed("issued", "secret", "execute-api", "eu-central-1"),
    rejected("wrong-signature"),
  ],
  [
    "another region of a key of somebody else",
    call,
    signed("other", "any", "execute-api", "eu-west-1"),
    { ...goOn, functionName: undefined },
  ],
  [
    "another session token",
    call,
    signed("issued", "secret", "execute-api", "us-east-1", "other"),
    rejected("unknown-key"),
  ],
  ["no signature", call, small, rejected("unsigned")],
  ["no signature on a large body", call, { ...small, isTooLarge: true }, rejected("too-large")],
  ["a large body", call, { ...good, isTooLarge: true }, rejected("too-large")],
  ["a malformed id", malformed, good, { ...rejected("malformed-id"), functionName: "send" }],
  ["a malformed id, unsigned", malformed, small, rejected("malformed-id")],
  ["a malformed id, badly signed", malformed, signed("issued", "wrong"), rejected("malformed-id")],
  ["an unknown stage, unsigned", { kind: "unknown-stage" }, small, rejected("unknown-stage")],
  ["an unknown path, unsigned", { kind: "unknown-path" }, small, rejected("unknown-path")],
] as const)("screens %s", (_, asked, request, expected) => {
  expect(validateCall(asked, request, verification)).toMatchObject(expected);
});
