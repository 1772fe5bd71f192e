import { Sha256 } from "@smithy/core/checksum";
import { HttpRequest } from "@smithy/core/protocols";
import { SignatureV4 } from "@smithy/signature-v4";
import { expect, test } from "vitest";
import {
  presignHandshake,
  signHandshake,
} from "../../../../src/emulator/iam/rules/sign-handshake.ts";
import type { ClientCredentials } from "../../../../src/emulator/iam/rules/sign-request.ts";

const HOST = "abcdef1234.execute-api.eu-west-1.amazonaws.com";
const region = "eu-west-1";
const now = Date.UTC(2026, 10, 29, 12, 0, 1, 500);
const keys = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "secret" };
const token = "a/token+of==";

/** The SDK's signer, and a handshake for it. */
function sdk(credentials: ClientCredentials, query: Readonly<Record<string, string>>) {
  const { sessionToken, ...ownKeys } = credentials;
  const signer = new SignatureV4({
    service: "execute-api",
    region,
    sha256: Sha256,
    applyChecksum: false,
    credentials: { ...ownKeys, ...(sessionToken && { sessionToken }) },
  });
  const headers = { host: HOST };
  const request = new HttpRequest({ method: "GET", hostname: HOST, path: "/dev", query, headers });
  return { signer, request };
}

const credentials = [
  ["long-term keys", keys],
  ["a session's keys", { ...keys, sessionToken: token }],
  ["an empty session token", { ...keys, sessionToken: "" }],
] as const;

test.each(credentials)("headers are signed as the SDK signs them: %s", async (_, given) => {
  const { signer, request } = sdk(given, { room: "a b" });
  const { headers } = await signer.sign(request, { signingDate: new Date(now) });
  const { host: _host, ...expected } = headers;

  const signed = signHandshake(`wss://${HOST}/dev?room=a+b`, { credentials: given, region, now });

  expect(signed).toEqual({ url: `wss://${HOST}/dev?room=a%20b`, headers: expected });
});

test.each(credentials)("a query is signed as the SDK signs it: %s", async (_, given) => {
  const { signer, request } = sdk(given, { room: "a b" });
  const options = { signingDate: new Date(now), expiresIn: 90 };
  const { query } = await signer.presign(request, options);

  const url = presignHandshake(
    `wss://${HOST}/dev?room=a+b`,
    { credentials: given, region, now },
    90,
  );

  expect(url).toMatch(`wss://${HOST}/dev?`);
  expect(Object.fromEntries(new URL(url).searchParams)).toEqual(query);
});

test("a query without a lifetime says nothing about it", () => {
  const url = presignHandshake(`wss://${HOST}/dev`, { credentials: keys, region, now });
  expect([...new URL(url).searchParams.keys()]).toEqual([
    "X-Amz-Algorithm",
    "X-Amz-Credential",
    "X-Amz-Date",
    "X-Amz-SignedHeaders",
    "X-Amz-Signature",
  ]);
});
