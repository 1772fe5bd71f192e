import { expect, test } from "vitest";
import { verifyHandshakeSignature } from "../../../../../src/emulator/apigateway/authorizers/rules/handshake-signature.ts";
import {
  presignHandshake,
  signHandshake,
} from "../../../../../src/emulator/iam/rules/sign-handshake.ts";
import { createSigningKeys } from "../../../../../src/emulator/iam/rules/sign-request.ts";
import type { IssuedKey } from "../../../../../src/emulator/iam/rules/verify-signature.ts";

const HOST = "abcdef1234.execute-api.us-east-1.amazonaws.com";
const region = "us-east-1";
const NOW = Date.UTC(2026, 10, 29, 12);
const MINUTE = 60_000;
const credentials = { accessKeyId: "AKIAOWN", secretAccessKey: "secret", sessionToken: "token" };
const issued: IssuedKey = {
  secretAccessKey: "secret",
  sessionToken: "token",
  functionName: "say",
  expiresAt: NOW + 60 * MINUTE,
};

type Place = Parameters<typeof verifyHandshakeSignature>[1];

/** Reads a request at noon, when the gateway has issued one key. */
function read(request: { url: string; rawHeaders: string[] }, more: Partial<Place> = {}) {
  return verifyHandshakeSignature(request, {
    secretFor: (id) => (id === credentials.accessKeyId ? issued : undefined),
    signingKeys: createSigningKeys(),
    region,
    now: NOW,
    mode: "enforce",
    isForThisMachine: true,
    ...more,
  });
}

function inHeaders(
  more: { now?: number; credentials?: object; region?: string; host?: string } = {},
) {
  const signer = { credentials, region, now: NOW, ...more };
  const { host = HOST } = more;
  const { headers } = signHandshake(`wss://${HOST}/dev`, {
    ...signer,
    credentials: { ...credentials, ...more.credentials },
  });
  return { url: "/dev", rawHeaders: ["Host", host, ...Object.entries(headers).flat()] };
}

function inQuery({ now = NOW, seconds }: { now?: number; seconds?: number } = {}) {
  const url = presignHandshake(`wss://${HOST}/dev`, { credentials, region, now }, seconds);
  return { url: url.slice(`wss://${HOST}`.length), rawHeaders: ["Host", HOST] };
}

const signed = { kind: "signed", accessKeyId: "AKIAOWN", issued };
const rejected = (errorType: string, message: string, because = message) => ({
  kind: "rejected",
  errorType,
  message,
  because,
});

test("a signature with a key that the gateway issued is verified, in headers and in the query", () => {
  expect(read(inHeaders())).toEqual(signed);
  expect(read(inQuery())).toEqual(signed);
});

test("a request without a signature is rejected", () => {
  expect(read({ url: "/dev", rawHeaders: ["Host", HOST] })).toEqual(
    rejected(
      "MissingAuthenticationTokenException",
      "Missing Authentication Token",
      "the request is not signed, and $connect has AWS_IAM authorization",
    ),
  );
});

const UNKNOWN = "The security token included in the request is invalid.";

test("a key that the gateway did not issue is rejected, or accepted unverified", () => {
  const foreign = inHeaders({ credentials: { accessKeyId: "AKIAFOREIGN", secretAccessKey: "x" } });
  expect(read(foreign)).toEqual(
    rejected(
      "UnrecognizedClientException",
      UNKNOWN,
      "the gateway did not issue the key AKIAFOREIGN",
    ),
  );
  expect(read(foreign, { mode: "warn" })).toEqual({
    kind: "signed",
    accessKeyId: "AKIAFOREIGN",
    issued: undefined,
  });
  expect(read(inHeaders(), { mode: "warn" })).toEqual(signed);
  expect(read(foreign, { mode: "warn", isForThisMachine: false })).toMatchObject({
    errorType: "UnrecognizedClientException",
  });
});

test.each(["", "another"])(
  "a session token %j that is not the key's is rejected",
  (sessionToken) => {
    expect(read(inHeaders({ credentials: { sessionToken } }))).toEqual(
      rejected(
        "UnrecognizedClientException",
        UNKNOWN,
        "the session token does not belong to the key AKIAOWN",
      ),
    );
  },
);

test("a key is valid until its session ends", () => {
  const now = NOW + 60 * MINUTE;
  expect(read(inHeaders({ now: now - 1 }), { now: now - 1 })).toEqual(signed);
  expect(read(inHeaders({ now }), { now })).toEqual(
    rejected(
      "ExpiredTokenException",
      "The security token included in the request is expired",
      "the session token of the key has expired",
    ),
  );
});

test("the region of the scope counts for keys that the gateway issued alone", () => {
  const elsewhere = inHeaders({ region: "eu-west-1" });
  expect(read(elsewhere)).toEqual(
    rejected(
      "InvalidSignatureException",
      "Credential should be scoped to a valid region, not 'eu-west-1'. ",
    ),
  );
  expect(read(elsewhere, { secretFor: () => undefined, mode: "warn" }).kind).toBe("signed");
});

test("a date may differ by five minutes, in both directions", () => {
  expect(read(inHeaders({ now: NOW - 5 * MINUTE }))).toEqual(signed);
  expect(read(inHeaders({ now: NOW + 5 * MINUTE }))).toEqual(signed);
  expect(read(inHeaders({ now: NOW - 5 * MINUTE - 1000 }))).toEqual(
    rejected(
      "InvalidSignatureException",
      "Signature expired: 20261129T115459Z is now earlier than 20261129T115500Z (20261129T120000Z - 5 min.)",
    ),
  );
  expect(read(inHeaders({ now: NOW + 5 * MINUTE + 1000 }))).toEqual(
    rejected(
      "InvalidSignatureException",
      "Signature not yet current: 20261129T120501Z is still later than 20261129T120500Z (20261129T120000Z + 5 min.)",
    ),
  );
});

test("a query is valid for the lifetime that it states, for a week at most", () => {
  const week = 7 * 24 * 60 * 60;
  expect(read(inQuery({ now: NOW - 90_000, seconds: 90 }))).toEqual(signed);
  expect(read(inQuery({ now: NOW - 91_000, seconds: 90 }))).toEqual(
    rejected(
      "InvalidSignatureException",
      "Signature expired: 20261129T115829Z is now earlier than 20261129T115830Z (20261129T120000Z - 90 sec.)",
    ),
  );
  expect(read(inQuery({ now: NOW - week * 1000, seconds: 2 * week }))).toEqual(signed);
  expect(read(inQuery({ now: NOW - (week + 1) * 1000, seconds: 2 * week }))).toMatchObject({
    kind: "rejected",
  });
});

test("an invalid date is rejected as incomplete", () => {
  const { url, rawHeaders } = inHeaders();
  const spoilt = rawHeaders.map((value) =>
    value === "20261129T120000Z" ? "20261129T250000Z" : value,
  );
  expect(read({ url, rawHeaders: spoilt })).toEqual(
    rejected(
      "IncompleteSignatureException",
      "Date must be in ISO-8601 'basic format'. Got '20261129T250000Z'.",
    ),
  );
});

test("the host may have a port, which clients of AWS do not sign", () => {
  expect(read(inHeaders({ host: `${HOST}:3001` }))).toEqual(signed);
});

test("a signature of something else is rejected, with what the key signs here", () => {
  const message =
    "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.";
  expect(read({ ...inHeaders({ host: "localhost:3001" }), url: "/dev?room=1" })).toEqual(
    rejected(
      "InvalidSignatureException",
      message,
      "the key AKIAOWN signs GET /dev at localhost:3001, its query and its host, x-amz-date, x-amz-security-token otherwise",
    ),
  );
});
