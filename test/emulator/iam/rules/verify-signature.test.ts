import { expect, test } from "vitest";
import {
  createSigningKeys,
  type SignableRequest,
  signRequest,
} from "../../../../src/emulator/iam/rules/sign-request.ts";
import {
  checkScope,
  judgeIssued,
  namedAccessKey,
  readAuthorization,
  verdictOn,
  verifySignature,
} from "../../../../src/emulator/iam/rules/verify-signature.ts";

const SECRET = "secret";
const SCOPE = { date: "20260131", region: "us-east-1", service: "execute-api" };
const AMZ_DATE = "20260131T133452Z";
const keys = createSigningKeys();

const plain = {
  method: "POST",
  url: "/v1/@connections/Xux7aeaAFiACHZQ%3D?trace=on",
  rawHeaders: ["Host", "localhost:3001", "X-Amz-Date", AMZ_DATE, "X-Other", "1"],
  body: Buffer.from("hello"),
};

function signed(request: SignableRequest): SignableRequest {
  const names = ["host", "x-amz-date"];
  const { signature } = signRequest(request, names, AMZ_DATE, SCOPE, keys(SECRET, SCOPE));
  const header = `AWS4-HMAC-SHA256 Credential=AKID/20260131/us-east-1/execute-api/aws4_request, SignedHeaders=host;x-amz-date, Signature=${signature}`;
  return { ...request, rawHeaders: [...request.rawHeaders, "Authorization", header] };
}

function presigned(request: SignableRequest): SignableRequest {
  const credential = "AKID%2F20260131%2Fus-east-1%2Fexecute-api%2Faws4_request";
  const url = `${request.url}&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=${credential}&X-Amz-Date=${AMZ_DATE}&X-Amz-Expires=900&X-Amz-SignedHeaders=host`;
  const unsigned = { ...request, url, rawHeaders: ["Host", "localhost:3001"] };
  const { signature } = signRequest(unsigned, ["host"], AMZ_DATE, SCOPE, keys(SECRET, SCOPE));
  return { ...unsigned, url: `${url}&X-Amz-Signature=${signature}` };
}

function verdict(request: SignableRequest, secret = SECRET) {
  const authorization = readAuthorization(request);
  if (authorization.kind !== "signed") return authorization;
  return verifySignature(request, authorization, secret, keys);
}

test.each([
  ["in its header", signed(plain)],
  ["in its query", presigned(plain)],
])("verifies a signature %s", (_, request) => {
  expect(verdict(request)).toEqual({ kind: "right" });
});

test("does not mind headers that are not signed", () => {
  const request = signed(plain);

  expect(verdict({ ...request, rawHeaders: [...request.rawHeaders, "X-New", "1"] })).toEqual({
    kind: "right",
  });
});

const bent = (request: SignableRequest): [string, SignableRequest][] => [
  ["the method", { ...request, method: "GET" }],
  ["a bit of the body", { ...request, body: Buffer.from("hellp") }],
  ["the body left out", { ...request, body: new Uint8Array() }],
  ["a bit of the path", { ...request, url: request.url.replace("HZQ", "HZR") }],
  ["a bit of the query", { ...request, url: request.url.replace("trace=on", "trace=oo") }],
  [
    "a bit of a signed header",
    {
      ...request,
      rawHeaders: request.rawHeaders.map((text) =>
        text.replace("localhost:3001", "localhost:3000"),
      ),
    },
  ],
  [
    "a bit of the signature",
    {
      ...request,
      url: request.url.replace(/(Signature=\w+)\w$/, "$1x"),
      rawHeaders: request.rawHeaders.map((text) =>
        text.replace(
          /(Signature=[0-9a-f]{63})(.)$/,
          (_, start, last) => `${start}${last === "0" ? 1 : 0}`,
        ),
      ),
    },
  ],
];

test.each([
  ...bent(signed(plain)).map(([what, request]) => [what, "header", request] as const),
  ...bent(presigned(plain)).map(([what, request]) => [what, "query", request] as const),
])("rejects %s changed, with the signature in the %s", (_what, _where, request) => {
  expect(verdict(request).kind).not.toBe("right");
});

test("rejects another secret, and returns the expected canonical request", () => {
  expect(verdict(signed(plain), "other")).toEqual({
    kind: "wrong",
    message: `The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.

The Canonical String for this request should have been
'POST
/v1/%40connections/Xux7aeaAFiACHZQ%253D
trace=on
host:localhost:3001
x-amz-date:20260131T133452Z

host;x-amz-date
2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824'

The String-to-Sign should have been
'AWS4-HMAC-SHA256
20260131T133452Z
20260131/us-east-1/execute-api/aws4_request
2d7463ecf895fe90cf5c473a7d22571a004f431581b17ecd20a8637acd98ab4e'
`,
  });
});

const form = (header: string, date: string | undefined = AMZ_DATE) =>
  readAuthorization({
    ...plain,
    rawHeaders: [
      "Host",
      "h",
      ...(date === undefined ? [] : ["x-amz-date", date]),
      "authorization",
      header,
    ],
  });
const SIGNATURE = "0".repeat(64);
const CREDENTIAL = "AKID/20260131/us-east-1/execute-api/aws4_request";

test("reads every part of a header", () => {
  const header = `AWS4-HMAC-SHA256 Credential=${CREDENTIAL},SignedHeaders=host;x-amz-date,Signature=${SIGNATURE}`;

  expect(form(header)).toEqual({
    kind: "signed",
    accessKeyId: "AKID",
    scope: SCOPE,
    amzDate: AMZ_DATE,
    signedHeaders: ["host", "x-amz-date"],
    signature: SIGNATURE,
  });
});

test.each([
  ["Bearer token", "'Credential' parameter"],
  [`AWS4-HMAC-SHA256 Credential=${CREDENTIAL}, SignedHeaders=host`, "'Signature' parameter"],
  [
    `AWS4-HMAC-SHA256 Credential=${CREDENTIAL}, Signature=${SIGNATURE}`,
    "'SignedHeaders' parameter",
  ],
  [`AWS4-HMAC-SHA256 Credential=AKID, SignedHeaders=host, Signature=${SIGNATURE}`, "exactly 5"],
  [
    `AWS4-HMAC-SHA256 Credential=AKID/20260131/us-east-1/execute-api/aws5, SignedHeaders=host, Signature=${SIGNATURE}`,
    "terminator",
  ],
  [
    `AWS4-HMAC-SHA1 Credential=${CREDENTIAL}, SignedHeaders=host, Signature=${SIGNATURE}`,
    "Unsupported AWS 'algorithm'",
  ],
  [
    `AWS4-HMAC-SHA256 Credential=${CREDENTIAL}, SignedHeaders=x-amz-date, Signature=${SIGNATURE}`,
    "'Host' must be a 'SignedHeader'",
  ],
  [
    `AWS4-HMAC-SHA256 Credential=${CREDENTIAL}, SignedHeaders=host, Signature=short`,
    "64 hexadecimal digits",
  ],
])("finds %s incomplete", (header, message) => {
  expect(form(header)).toEqual({ kind: "incomplete", message: expect.stringContaining(message) });
});

test("finds a signature without a date incomplete", () => {
  const header = `AWS4-HMAC-SHA256 Credential=${CREDENTIAL}, SignedHeaders=host, Signature=${SIGNATURE}`;
  const request = { ...plain, rawHeaders: ["Host", "h", "Authorization", header] };

  expect(readAuthorization(request)).toMatchObject({
    kind: "incomplete",
    message: expect.stringContaining("'X-Amz-Date' or a 'Date' header"),
  });
});

test("finds a presigned URL incomplete that lacks its signature", () => {
  const request = presigned(plain);
  const url = request.url.replace(/&X-Amz-Signature=.*/, "");

  expect(readAuthorization({ ...request, url })).toMatchObject({
    kind: "incomplete",
    message: expect.stringContaining("must include 'X-Amz-Signature'"),
  });
});

test("finds a request without any signature unsigned", () => {
  expect(readAuthorization(plain)).toEqual({ kind: "unsigned" });
});

test.each([
  [SCOPE, { service: "execute-api" }, "right"],
  [SCOPE, { service: "execute-api", region: SCOPE.region }, "right"],
  [{ ...SCOPE, region: "eu-west-1" }, { service: "execute-api" }, "right"],
  [{ ...SCOPE, region: "eu-west-1" }, { service: "execute-api", region: SCOPE.region }, "wrong"],
  [{ ...SCOPE, service: "lambda" }, { service: "execute-api" }, "wrong"],
  [{ ...SCOPE, date: "20260130" }, { service: "execute-api" }, "wrong"],
])("judges the scope %o for %o as %s", (scope, place, kind) => {
  const authorization = {
    accessKeyId: "AKID",
    scope,
    amzDate: AMZ_DATE,
    signedHeaders: ["host"],
    signature: SIGNATURE,
    sessionToken: undefined,
  };

  expect(checkScope(authorization, place).kind).toBe(kind);
});

test.each([
  ["nothing is wrong", {}, { service: "execute-api", region: "us-east-1" }, ""],
  [
    "region and service are others",
    { region: "eu-west-1", service: "lambda" },
    { service: "execute-api", region: "us-east-1" },
    "Credential should be scoped to a valid region, not 'eu-west-1'. Credential should be scoped to correct service: 'execute-api'. ",
  ],
  [
    "the day is another",
    { date: "20260130" },
    { service: "execute-api" },
    "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '20260130' != '20260131', from '20260131T133452Z'.",
  ],
])("says of a scope where %s what AWS says", (_, scope, place, message) => {
  const authorization = {
    accessKeyId: "AKID",
    scope: { ...SCOPE, ...scope },
    amzDate: AMZ_DATE,
    signedHeaders: ["host"],
    signature: SIGNATURE,
    sessionToken: undefined,
  };

  expect(checkScope(authorization, place)).toEqual(
    message === "" ? { kind: "right" } : { kind: "wrong", message },
  );
});

test.each([
  ["everything as it was issued", {}, {}, SECRET, "right"],
  ["no session token", { sessionToken: undefined }, {}, SECRET, "unknown-key"],
  ["another session token", { sessionToken: "other" }, {}, "other", "unknown-key"],
  ["another service", {}, { service: "lambda" }, SECRET, "wrong"],
  ["another secret", {}, {}, "other", "wrong"],
])("judges a call by an issued key with %s", (_, more, place, secretAccessKey, kind) => {
  const request = signed(plain);
  const authorization = readAuthorization(request);
  if (authorization.kind !== "signed") throw new Error(authorization.kind);
  const issued = { secretAccessKey, sessionToken: "token", functionName: "send" };

  const verdict = judgeIssued(
    request,
    { ...authorization, sessionToken: "token", ...more },
    issued,
    { service: "execute-api", ...place },
    keys,
  );

  expect(verdict.kind).toBe(kind);
  if (kind === "unknown-key") {
    expect(verdict).toMatchObject({
      message: "The security token included in the request is invalid.",
    });
  }
});

const FORM = {
  algorithm: "AWS4-HMAC-SHA256",
  credential: CREDENTIAL,
  names: "host",
  signature: SIGNATURE,
};

test.each<[Partial<typeof FORM>, string]>([
  [{ names: "x-amz-date" }, "'Host' must be a 'SignedHeader' in the AWS Authorization."],
  [
    { algorithm: "AWS4-HMAC-SHA1" },
    "Unsupported AWS 'algorithm': 'AWS4-HMAC-SHA1' (only AWS4-HMAC-SHA256 for now). ",
  ],
  [
    { credential: "AKID/20260131/us-east-1/execute-api/aws5" },
    "Credential should be scoped with a valid terminator: 'aws4_request', not 'aws5'. ",
  ],
  ...[
    "AKID/20260131/us-east-1/execute-api",
    `${CREDENTIAL}/more`,
    "AKID//us-east-1/execute-api/aws4_request",
    "AKID/20260131//execute-api/aws4_request",
    "AKID/20260131/us-east-1//aws4_request",
    "/20260131/us-east-1/execute-api/aws4_request",
  ].map((credential): [Partial<typeof FORM>, string] => [
    { credential },
    `Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got '${credential}'`,
  ]),
  ...[SIGNATURE.slice(1), `${SIGNATURE}0`, SIGNATURE.replace("0", "g")].map(
    (signature): [Partial<typeof FORM>, string] => [
      { signature },
      `Signature must be 64 hexadecimal digits, got '${signature}'.`,
    ],
  ),
])("says of a header with %j what AWS says", (more, message) => {
  const { algorithm, credential, names, signature } = { ...FORM, ...more };
  const header = `${algorithm} Credential=${credential}, SignedHeaders=${names}, Signature=${signature}`;

  expect(form(header)).toEqual({ kind: "incomplete", message });
  expect(form(header.replace(", Sig", "  Sig"))).toEqual({ kind: "incomplete", message });
});

test.each(["20260131T133452", "x20260131T133452Z", "20260131T133452Zx", "2026-01-31"])(
  "says of the date %s what AWS says",
  (date) => {
    const header = `${FORM.algorithm} Credential=${CREDENTIAL}, SignedHeaders=host, Signature=${SIGNATURE}`;

    expect(form(header, date)).toEqual({
      kind: "incomplete",
      message: `Date must be in ISO-8601 'basic format'. Got '${date}'.`,
    });
  },
);

test("names all that a header lacks, followed by the header", () => {
  const rawHeaders = ["Host", "h", "Authorization", "Bearer"];

  expect(readAuthorization({ ...plain, rawHeaders })).toEqual({
    kind: "incomplete",
    message:
      "Authorization header requires 'Credential' parameter. Authorization header requires 'Signature' parameter. Authorization header requires 'SignedHeaders' parameter. Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. Authorization=Bearer",
  });
});

test("a part of a header that has a name only is missing", () => {
  const header = `${FORM.algorithm} Credential, SignedHeaders=host, Signature=${SIGNATURE}`;

  expect(form(header)).toEqual({
    kind: "incomplete",
    message: `Authorization header requires 'Credential' parameter. Authorization=${header}`,
  });
});

test("treats the first word of a header as the algorithm", () => {
  const header = `Credential=${CREDENTIAL}, SignedHeaders=host, Signature=${SIGNATURE}`;

  expect(form(header)).toEqual({
    kind: "incomplete",
    message: `Authorization header requires 'Credential' parameter. Authorization=${header}`,
  });
});

test("ignores what follows the signature in a header", () => {
  const header = `${FORM.algorithm} Credential=${CREDENTIAL}, SignedHeaders=host, Signature=${SIGNATURE}, More=1`;

  expect(form(header)).toMatchObject({ kind: "signed", signature: SIGNATURE });
});

test("a header has its session token in addition, with its parts in any order", () => {
  const usual = `Credential=${CREDENTIAL}, SignedHeaders=host, Signature=${SIGNATURE}`;
  const other = `Signature=${SIGNATURE}, SignedHeaders=host, Credential=${CREDENTIAL}`;

  for (const parts of [usual, other]) {
    const rawHeaders = ["x-amz-date", AMZ_DATE, "x-amz-security-token", "token"];
    const header = `${FORM.algorithm} ${parts}`;
    const request = { ...plain, rawHeaders: [...rawHeaders, "authorization", header] };
    expect(readAuthorization(request)).toEqual({
      kind: "signed",
      accessKeyId: "AKID",
      scope: SCOPE,
      amzDate: AMZ_DATE,
      signedHeaders: ["host"],
      signature: SIGNATURE,
      sessionToken: "token",
    });
  }
});

test("a presigned URL is read whole, or says all that it lacks", () => {
  const request = presigned(plain);
  const token = `${request.url}&X-Amz-Security-Token=token`;
  const bare = "/v1?X-Amz-Algorithm=AWS4-HMAC-SHA256";

  expect(readAuthorization({ ...request, url: token })).toEqual({
    kind: "signed",
    accessKeyId: "AKID",
    scope: SCOPE,
    amzDate: AMZ_DATE,
    signedHeaders: ["host"],
    signature: expect.stringMatching(/^[\da-f]{64}$/),
    sessionToken: "token",
    expires: "900",
  });
  expect(readAuthorization({ ...request, url: bare })).toEqual({
    kind: "incomplete",
    message:
      "AWS query-string parameters must include 'X-Amz-Credential'. AWS query-string parameters must include 'X-Amz-Signature'. AWS query-string parameters must include 'X-Amz-SignedHeaders'. AWS query-string parameters must include 'X-Amz-Date'. Re-examine the query-string parameters.",
  });
});

test("the date of a signature is X-Amz-Date, and Date only without it", () => {
  const authorization = (order: readonly string[]) =>
    `AWS4-HMAC-SHA256 ${order.join(", ")}, Signature=${"0".repeat(64)}`;
  const usual = [
    "Credential=AKID/20260131/us-east-1/execute-api/aws4_request",
    "SignedHeaders=host",
  ];
  const date = ["Date", "Fri, 30 Jan 2026 00:00:00 GMT"];
  const dateOf = (more: readonly string[], order: readonly string[]) =>
    readAuthorization({
      ...plain,
      rawHeaders: ["Host", "localhost", ...more, "Authorization", authorization(order)],
    });

  for (const order of [usual, [...usual].reverse()]) {
    expect(dateOf([...date, "X-Amz-Date", AMZ_DATE], order)).toMatchObject({ amzDate: AMZ_DATE });
    expect(dateOf(date, order)).toMatchObject({ amzDate: "20260130T000000Z" });
  }
});

test("the access key is named by the header, and by the URL of a presigned request", () => {
  const header = signed(plain).rawHeaders.at(-1);

  expect(namedAccessKey(header)).toBe("AKID");
  expect(namedAccessKey(header?.replace("=AKID", " = AKID"))).toBeUndefined();
  expect(namedAccessKey(presigned(plain).url)).toBe("AKID");
  expect(namedAccessKey(plain.url)).toBeUndefined();
  expect(namedAccessKey(undefined)).toBeUndefined();
});

const KEY = { secretAccessKey: SECRET, sessionToken: "", functionName: undefined };
const PLACE = { service: "execute-api", region: "us-east-1" };
const unknown = { kind: "unknown-key" };

test.each([
  ["an issued key that signs rightly", KEY, undefined, { kind: "right" }],
  ["an issued key that signs wrongly", { ...KEY, secretAccessKey: "x" }, PLACE, { kind: "wrong" }],
  ["another session token", { ...KEY, sessionToken: "x" }, PLACE, unknown],
  ["a key of somebody else where these count", undefined, PLACE, { kind: "right" }],
  ["a key of somebody else for another service", undefined, { service: "s3" }, { kind: "wrong" }],
  ["a key of somebody else where these do not count", undefined, undefined, unknown],
] as const)("judges %s", (_, issued, others, expected) => {
  const request = signed(plain);
  const authorization = readAuthorization(request);
  if (authorization.kind !== "signed") throw new Error(authorization.kind);

  const given = verdictOn(request, authorization, issued, { ...PLACE, others }, keys);

  expect(given).toMatchObject(expected);
});
