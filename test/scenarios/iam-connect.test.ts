import { Sha256 } from "@smithy/core/checksum";
import { HttpRequest } from "@smithy/core/protocols";
import { SignatureV4 } from "@smithy/signature-v4";
import { expect, onTestFinished, test } from "vitest";
import { WebSocket } from "ws";
import {
  type ApiDefinition,
  type ConnectOptions,
  type GatewayOptions,
  type Handler,
  type HandshakeResult,
  type PresignOptions,
  startGateway,
  type TestGateway,
} from "../../src/testing/index.ts";
import { makeProject } from "../bundle/project.ts";
import { type Header, Wire, type WireAnswer } from "../captured-facts/wire.ts";
import { stopChecked } from "../checked-facts.ts";
import { gatewayFor } from "./support.ts";

const MINUTE_MS = 60_000;
const NOON = Date.UTC(2026, 0, 1, 0, 15);
const ACCOUNT = "123456789012";
const INVOKE = { Effect: "Allow", Action: "execute-api:Invoke" } as const;

const definition: ApiDefinition = {
  name: "signed",
  routeSelectionExpression: "$request.body.action",
  stage: { name: "dev" },
  functions: { open: { handler: "unused.open" }, who: { handler: "unused.who" } },
  identities: {
    reader: { statements: [{ ...INVOKE, Resource: "arn:aws:execute-api:*:*:*/other/*" }] },
    ann: { statements: [{ ...INVOKE, Resource: "*" }] },
    banned: {
      statements: [
        { ...INVOKE, Resource: "*" },
        { Effect: "Deny", Action: "execute-api:*", Resource: "*/dev/$connect" },
      ],
    },
    hourly: { durationSeconds: 3600 },
    pool: {
      identity: {
        cognitoIdentityId: "us-east-1:1a2b",
        cognitoAuthenticationType: "authenticated",
        userArn: "arn:aws:sts::123456789012:assumed-role/Pool_Auth/CognitoIdentityCredentials",
      },
    },
  },
  routes: {
    $connect: { function: "open", authorizer: "AWS_IAM" },
    who: { function: "who", routeResponse: true },
  },
};

const tells: Handler = async ({ requestContext }) => ({
  statusCode: 200,
  body: JSON.stringify(requestContext.identity),
});

function signedGateway(
  more: Partial<ApiDefinition> = {},
  options: GatewayOptions = {},
): Promise<TestGateway> {
  return gatewayFor(
    { ...definition, ...more },
    { startAt: NOON, ...options, handlers: { who: tells, ...options.handlers } },
  );
}

type ClientCredentials = Omit<TestGateway["credentials"], "sessionToken"> & {
  readonly sessionToken?: string;
};

/** The handshake of a client that is not a browser, over a plain socket. */
async function rawHandshake(
  gateway: TestGateway,
  url: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<WireAnswer> {
  const { host, pathname, search } = new URL(url);
  const wire = await Wire.to(gateway.port);
  onTestFinished(() => wire.end());
  const usual: readonly Header[] = [
    ["Host", host],
    ["Connection", "Upgrade"],
    ["Upgrade", "websocket"],
    ["Sec-WebSocket-Version", "13"],
    ["Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="],
  ];
  return wire.request("GET", pathname + search, [...usual, ...Object.entries(headers)]);
}

/** The signer of AWS's SDK, at the gateway's time. */
function sdkSigner(credentials: ClientCredentials, region = "us-east-1", service = "execute-api") {
  const { accessKeyId, secretAccessKey, sessionToken } = credentials;
  return new SignatureV4({
    service,
    region,
    sha256: Sha256,
    credentials: { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) },
  });
}

function requestOf(url: string, host = new URL(url).host) {
  const { hostname, port, pathname, searchParams } = new URL(url);
  return new HttpRequest({
    method: "GET",
    protocol: "ws:",
    hostname,
    port: Number(port),
    path: pathname,
    query: Object.fromEntries(searchParams),
    headers: { host },
  });
}

/** As AWS's SDK presigns a request in a browser. */
async function presignedBySdk(
  url: string,
  credentials: ClientCredentials,
  {
    at = NOON,
    host,
    ...more
  }: { at?: number; host?: string; region?: string; service?: string; expiresIn?: number } = {},
): Promise<string> {
  const signer = sdkSigner(credentials, more.region, more.service);
  const signed = await signer.presign(requestOf(url, host), {
    signingDate: new Date(at),
    ...(more.expiresIn !== undefined && { expiresIn: more.expiresIn }),
  });
  return `${url.split("?")[0]}?${new URLSearchParams(signed.query as Record<string, string>)}`.replaceAll(
    "+",
    "%20",
  );
}

async function whoIs(result: HandshakeResult): Promise<Record<string, unknown>> {
  if (result.kind !== "open") throw new Error(result.body);
  result.client.sendJson({ action: "who" });
  return JSON.parse(await result.client.next());
}

const opens = { kind: "open" };
const rejectedBy = (errorType: string, message: string) => ({
  kind: "refused",
  statusCode: 403,
  headers: { "x-amzn-errortype": errorType, "content-type": "application/json" },
  body: JSON.stringify({ message }),
});

const MISMATCH =
  "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.";
const UNKNOWN = "The security token included in the request is invalid.";

test.each<
  [string, (gateway: TestGateway) => Promise<[string, Record<string, string>?]>, string, string]
>([
  [
    "4 (1), 2.3 (14): an unsigned handshake",
    async ({ url }) => [url],
    "MissingAuthenticationTokenException",
    "Missing Authentication Token",
  ],
  [
    "4 (2): a signature by another secret",
    async ({ url, credentials }) => [
      await presignedBySdk(url, { ...credentials, secretAccessKey: "other" }),
    ],
    "InvalidSignatureException",
    MISMATCH,
  ],
  [
    "4 (3): a signature that has expired",
    async ({ url, credentials }) => [
      await presignedBySdk(url, credentials, { at: NOON - 15 * MINUTE_MS, expiresIn: 300 }),
    ],
    "InvalidSignatureException",
    "Signature expired: 20260101T000000Z is now earlier than 20260101T001000Z (20260101T001500Z - 5 min.)",
  ],
  [
    "4 (4): a key that the gateway has not issued",
    async ({ url, credentials }) => [
      await presignedBySdk(url, { ...credentials, accessKeyId: "ASIAIOSFODNN7EXAMPLE" }),
    ],
    "UnrecognizedClientException",
    UNKNOWN,
  ],
  [
    "4 (4): a session token that is not that of the key",
    async ({ url, credentials }) => [
      await presignedBySdk(url, { ...credentials, sessionToken: "other" }),
    ],
    "UnrecognizedClientException",
    UNKNOWN,
  ],
  [
    "4: an Authorization header that is no signature",
    async ({ url }) => [url, { Authorization: "Bearer token" }],
    "IncompleteSignatureException",
    "Authorization header requires 'Credential' parameter. Authorization header requires 'Signature' parameter. Authorization header requires 'SignedHeaders' parameter. Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. Authorization=Bearer token",
  ],
])("the front door rejects %s, byte for byte", async (_, ask, errorType, message) => {
  const gateway = await signedGateway();

  const { statusCode, headers, body } = await rawHandshake(gateway, ...(await ask(gateway)));

  const text = JSON.stringify({ message });
  expect({ statusCode, body: body.toString() }).toEqual({ statusCode: 403, body: text });
  expect(headers).toEqual([
    ["Date", expect.any(String)],
    ["Content-Type", "application/json"],
    ["Content-Length", String(Buffer.byteLength(text))],
    ["Connection", "keep-alive"],
    ["x-amzn-RequestId", expect.stringMatching(/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/)],
    ["x-amzn-ErrorType", errorType],
    ["x-amz-apigw-id", expect.stringMatching(/^[\w-]{15}=$/)],
  ]);
  expect(gateway.invocations()).toEqual([]);
});

test("4 (5): rejects keys whose session token has expired, and accepts new ones", async () => {
  const gateway = await signedGateway();
  const old = gateway.credentialsOf("hourly");
  expect(await gateway.handshake({ sign: "hourly" })).toMatchObject(opens);
  expect(gateway.credentialsOf("hourly")).toBe(old);

  await gateway.clock.advance("1h");

  const url = await presignedBySdk(gateway.url, old, { at: gateway.clock.now() });
  const { statusCode, headers, body } = await rawHandshake(gateway, url);
  expect(statusCode).toBe(403);
  expect(headers).toContainEqual(["x-amzn-ErrorType", "ExpiredTokenException"]);
  expect(body.toString()).toBe(
    '{"message":"The security token included in the request is expired"}',
  );
  expect(await gateway.handshake({ sign: "hourly" })).toMatchObject(opens);
});

test.each([
  [
    "reader",
    "because no identity-based policy allows the execute-api:Invoke action",
    "does not allow execute-api:Invoke on ARN; the Resource of statement 1 is arn:aws:execute-api:*:*:*/other/*",
  ],
  [
    "banned",
    "with an explicit deny in an identity-based policy",
    "denies execute-api:Invoke in statement 2",
  ],
])("4 (6), 2.3 (15): %s is signed and not allowed", async (name, end, because) => {
  const gateway = await signedGateway();
  const [api] = gateway.apis;
  const arn = (account: string) =>
    `arn:aws:execute-api:us-east-1:${account}:${api?.id}/dev/$connect`;

  const { statusCode, headers, body } = await rawHandshake(
    gateway,
    gateway.presignedUrl({ identity: name }),
  );

  const message = `User: arn:aws:iam::${ACCOUNT}:user/${name} is not authorized to perform: execute-api:Invoke on resource: ${arn("********9012")} ${end}`;
  expect({ statusCode, body: body.toString() }).toEqual({
    statusCode: 403,
    body: JSON.stringify({ Message: message }),
  });
  expect(headers.map(([header]) => header)).toEqual([
    ...["Date", "Content-Type", "Content-Length", "Connection"],
    ...["x-amzn-RequestId", "x-amzn-ErrorType", "x-amz-apigw-id"],
  ]);
  expect(headers).toContainEqual(["x-amzn-ErrorType", "AccessDeniedException"]);
  expect((await gateway.fact("connection.refused")).because).toBe(
    `the policy of arn:aws:iam::${ACCOUNT}:user/${name} ${because.replace("ARN", () => arn(ACCOUNT))}`,
  );
});

test("4: both forms of a signature by AWS's SDK connect, with the query of the application", async () => {
  const gateway = await signedGateway();
  const { credentials } = gateway;
  const url = `${gateway.url}?room=a%20b%2Bc&empty=`;
  const signed = await sdkSigner(credentials).sign(requestOf(url), {
    signingDate: new Date(NOON),
  });
  const { host: _, ...headers } = signed.headers;

  expect((await rawHandshake(gateway, url, headers)).statusCode).toBe(101);
  const presigned = await presignedBySdk(url, credentials);
  expect((await rawHandshake(gateway, presigned)).statusCode).toBe(101);

  const [byHeader, byQuery] = gateway.invocations("open");
  expect(byHeader?.event).toMatchObject({ queryStringParameters: { room: "a b+c", empty: "" } });
  expect(byQuery?.event).toMatchObject({
    queryStringParameters: {
      room: "a b+c",
      "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
      "X-Amz-Security-Token": credentials.sessionToken,
      "X-Amz-SignedHeaders": "host",
    },
  });
});

test("4: rejects a query that is changed or extended after signing", async () => {
  const gateway = await signedGateway();
  const url = gateway.presignedUrl({ query: { room: "a" } });

  expect((await rawHandshake(gateway, url)).statusCode).toBe(101);
  expect((await rawHandshake(gateway, url.replace("room=a", "room=b"))).statusCode).toBe(403);
  expect((await rawHandshake(gateway, `${url}&more=1`)).statusCode).toBe(403);
});

test("4: without X-Amz-Expires a URL is valid for five minutes, with it for so many seconds", async () => {
  const gateway = await signedGateway();
  const usual = gateway.presignedUrl();
  const hour = gateway.presignedUrl({ expiresIn: 3600 });
  const short = gateway.presignedUrl({ expiresIn: 90 });
  expect(usual).not.toContain("X-Amz-Expires");

  const statuses = async () => {
    const answers = [usual, hour, short].map((url) => rawHandshake(gateway, url));
    return (await Promise.all(answers)).map(({ statusCode }) => statusCode);
  };

  expect(await statuses()).toEqual([101, 101, 101]);
  await gateway.clock.advance("91s");
  expect(await statuses()).toEqual([101, 101, 403]);
  await gateway.clock.advance("210s");
  expect(await statuses()).toEqual([403, 101, 403]);
  await gateway.clock.advance("1h");
  expect(await statuses()).toEqual([403, 403, 403]);
  const [first] = gateway.facts("connection.refused");
  expect(first?.because).toBe(
    "Signature expired: 20260101T001500Z is now earlier than 20260101T001501Z (20260101T001631Z - 90 sec.)",
  );
});

test("4: X-Amz-Expires counts next to a question mark in the query, and not for a signature in headers", async () => {
  const gateway = await signedGateway();
  const asking = { query: { next: "/a?b=c" } };
  const bare = (url: string) => url.replace("%3Fb%3Dc", "?b=c");
  const hour = bare(gateway.presignedUrl({ ...asking, expiresIn: 3600 }));
  const short = bare(gateway.presignedUrl({ ...asking, expiresIn: 90 }));
  const weekLong = `${gateway.url}?X-Amz-Expires=604800`;
  const signer = sdkSigner(gateway.credentials);
  const signed = await signer.sign(requestOf(weekLong), { signingDate: new Date(NOON) });
  const { host: _, ...headers } = signed.headers;
  const statuses = async () => {
    const answers = [
      rawHandshake(gateway, hour),
      rawHandshake(gateway, short),
      rawHandshake(gateway, weekLong, headers),
    ];
    return (await Promise.all(answers)).map(({ statusCode }) => statusCode);
  };

  expect(await statuses()).toEqual([101, 101, 101]);
  await gateway.clock.advance("91s");
  expect(await statuses()).toEqual([101, 403, 101]);
  await gateway.clock.advance("210s");
  expect(await statuses()).toEqual([101, 403, 403]);
});

test.each<
  [what: string, query: NonNullable<PresignOptions["query"]>, change: (query: string) => string]
>([
  [
    "with parameters in another order",
    { b: "2", a: "1" },
    (query) => query.split("&").reverse().join("&"),
  ],
  ["with a repeated parameter", { a: ["2", "1"] }, (query) => query],
  ["with an empty value", { a: "" }, (query) => query.replace("a=&", "a&")],
  ["with a plus sign that is encoded", { a: "x+y" }, (query) => query],
  [
    "with escapes in lower case",
    { a: "é/" },
    (query) => query.replace(/%[0-9A-F]{2}/g, (each) => each.toLowerCase()),
  ],
  ["with a slash that is not encoded", { a: "x/y" }, (query) => query.replace("x%2Fy", "x/y")],
  ["with empty parameters", { a: "1" }, (query) => `${query.replace("&", "&&")}&`],
  ["with a parameter __proto__", JSON.parse('{"__proto__":"1"}'), (query) => query],
])("4: a presigned query %s is the same query", async (_, query, change) => {
  const gateway = await signedGateway();
  const { search } = new URL(gateway.presignedUrl({ query }));

  const url = `${gateway.url}?${change(search.slice(1))}`;
  expect(url).toMatch(/[?&](?:a|__proto__)(?:=|&)/);
  expect((await rawHandshake(gateway, url)).statusCode).toBe(101);
});

test.each([
  [
    "of the day after tomorrow",
    { at: NOON + 2 * 24 * 60 * MINUTE_MS },
    "Signature not yet current: 20260103T001500Z is still later than 20260101T002000Z (20260101T001500Z + 5 min.)",
  ],
  [
    "for another region",
    { region: "eu-west-1" },
    "Credential should be scoped to a valid region, not 'eu-west-1'. ",
  ],
  [
    "for another service",
    { service: "iotdevicegateway" },
    "Credential should be scoped to correct service: 'execute-api'. ",
  ],
  ["for another host", { host: "other.example.com" }, MISMATCH],
])("4 (2): rejects a signature %s", async (_, how, message) => {
  const gateway = await signedGateway();
  const { pathname, search } = new URL(await presignedBySdk(gateway.url, gateway.credentials, how));

  expect(await gateway.handshake({ path: pathname + search })).toMatchObject(
    rejectedBy("InvalidSignatureException", message),
  );
});

test("a client may sign the host without its port, which AWS's hosts do not have", async () => {
  const gateway = await signedGateway();
  const url = await presignedBySdk(gateway.url, gateway.credentials, { host: "localhost" });

  expect((await rawHandshake(gateway, url)).statusCode).toBe(101);
});

test.each([
  ["a custom domain with a path", "ws://ws.example.com/chat"],
  ["a host of the API", "ws://old.example.net/dev"],
])("4: a client may sign %s, by which it connects", async (_, url) => {
  const gateway = await signedGateway({
    hosts: ["old.example.net"],
    customDomain: { name: "ws.example.com", mappingKey: "chat" },
  });
  const signed = await presignedBySdk(url, gateway.credentials);

  expect((await rawHandshake(gateway, signed)).statusCode).toBe(101);
  const elsewhere = signed.replace(new URL(url).pathname, "/");
  expect((await rawHandshake(gateway, elsewhere)).statusCode).toBe(403);
});

test("the terminal says what a signature that does not match is about", async () => {
  const gateway = await signedGateway();
  const { credentials, url } = gateway;
  await rawHandshake(gateway, await presignedBySdk(url, credentials, { host: "elsewhere" }));

  expect((await gateway.fact("connection.refused")).because).toBe(
    `the key ${credentials.accessKeyId} signs GET /dev at localhost:${gateway.port}, its query and its host otherwise`,
  );
});

test("2.3 (2): two Authorization headers come before the signature", async () => {
  const gateway = await signedGateway();
  const headers = { Authorization: "one", authorization: "two" };

  expect((await rawHandshake(gateway, gateway.url, headers)).statusCode).toBe(400);
});

test("2.3 (1): an unknown stage comes before the signature", async () => {
  const gateway = await signedGateway();

  expect(await gateway.handshake({ path: "/none" })).toMatchObject(
    rejectedBy("ForbiddenException", "Forbidden"),
  );
});

test("4: identity has who signed, on every event of the connection", async () => {
  const gateway = await signedGateway({
    routes: { ...definition.routes, $disconnect: { function: "open" } },
  });
  const result = await gateway.handshake({ sign: "ann", userAgent: "test/1" });
  const identity = {
    userAgent: "test/1",
    sourceIp: "127.0.0.1",
    accountId: ACCOUNT,
    caller: expect.stringMatching(/^AIDA[A-Z2-7]{17}$/),
    accessKey: gateway.credentialsOf("ann").accessKeyId,
    userArn: `arn:aws:iam::${ACCOUNT}:user/ann`,
    user: expect.stringMatching(/^AIDA[A-Z2-7]{17}$/),
  };
  expect(await whoIs(result)).toEqual(identity);
  if (result.kind === "open") await result.client.close();
  await gateway.settled();

  const contexts = gateway.invocations().map(({ event }) => event.requestContext);
  expect(contexts.map((each) => each.identity)).toEqual([identity, identity, identity]);
  expect(contexts.filter((each) => "authorizer" in each)).toEqual([]);
  expect(gateway.facts("warning")).toMatchObject([
    { message: expect.stringContaining("AWS does not document it for WebSocket APIs") },
  ]);
});

test("several APIs together warn once of the fields that AWS does not document", async () => {
  const { functions, routes } = definition;
  const api = { routeSelectionExpression: "$request.body.action", stages: { dev: {} }, routes };
  const apis = { one: api, two: api };
  const handlers = { open: async () => ({ statusCode: 200 }), who: tells };
  const gateway = await startGateway({ name: "both", functions, apis }, { handlers });
  onTestFinished(() => stopChecked(gateway));

  for (const name of ["one", "two"]) await gateway.connect({ api: name, sign: true });

  expect(gateway.facts("warning")).toHaveLength(1);
});

test("keys of the gateway itself sign as a user who may do everything", async () => {
  const gateway = await signedGateway();

  expect(await whoIs(await gateway.handshake({ sign: true }))).toMatchObject({
    accessKey: gateway.credentials.accessKeyId,
    userArn: `arn:aws:iam::${ACCOUNT}:user/developer`,
  });
});

test("a mock identity need not sign, and has what Cognito would say", async () => {
  const gateway = await signedGateway();

  expect(await whoIs(await gateway.handshake({ authorizer: "pool" }))).toEqual({
    sourceIp: "127.0.0.1",
    accountId: ACCOUNT,
    caller: expect.stringMatching(/^AROA[A-Z2-7]{17}:CognitoIdentityCredentials$/),
    user: expect.stringMatching(/^AROA[A-Z2-7]{17}:CognitoIdentityCredentials$/),
    accessKey: gateway.credentialsOf("pool").accessKeyId,
    userArn: `arn:aws:sts::${ACCOUNT}:assumed-role/Pool_Auth/CognitoIdentityCredentials`,
    cognitoIdentityId: "us-east-1:1a2b",
    cognitoAuthenticationType: "authenticated",
  });
  const inline: ConnectOptions = { authorizer: { identity: { cognitoIdentityId: "x:1" } } };
  expect(await whoIs(await gateway.handshake(inline))).toMatchObject({ cognitoIdentityId: "x:1" });
  expect(await gateway.handshake({ authorizer: "reader" })).toMatchObject({
    statusCode: 403,
    headers: { "x-amzn-errortype": "AccessDeniedException" },
  });
});

test("7.1: conditions and policy variables count", async () => {
  const here = { IpAddress: { "aws:SourceIp": "127.0.0.0/8" } };
  const gateway = await signedGateway({
    identities: {
      here: { statements: [{ ...INVOKE, Resource: "*", Condition: here }] },
      named: { statements: [{ ...INVOKE, Resource: "arn:*/dev/$connect" }] },
      other: {
        statements: [
          {
            ...INVOKE,
            Resource: "*",
            Condition: { StringEquals: { "aws:username": "${aws:username}" } },
          },
          { Effect: "Deny", Action: "*", Resource: "arn:*/${aws:username}/*" },
        ],
      },
      dev: { statements: [{ ...INVOKE, Resource: "arn:*/${aws:username}/$connect" }] },
    },
  });

  for (const sign of ["here", "named", "other", "dev"]) {
    expect([sign, (await gateway.handshake({ sign })).kind]).toEqual([sign, "open"]);
  }
  expect(await gateway.handshake({ sign: "here", sourceIp: "192.0.2.1" })).toMatchObject({
    statusCode: 403,
  });
});

test("statements may refer to the API", async () => {
  const arn = ["arn:aws:execute-api:*:*:", { ref: "api.signed.id" }, "/dev/$connect"] as const;
  const gateway = await signedGateway({
    identities: { ann: { statements: [{ ...INVOKE, Resource: { join: arn } }] } },
  });

  expect(await gateway.handshake({ sign: "ann" })).toMatchObject(opens);
});

test("a function that signs is its role, and may connect if that allows it", async () => {
  const role = (Resource: string) => ({
    roleName: "chat-role",
    policies: { own: { Statement: { ...INVOKE, Resource } } },
  });
  const { root } = makeProject({
    "keys.js": "exports.handler = async () => ({ ...process.env });",
  });
  const functions = {
    ...definition.functions,
    may: { handler: "keys.handler", permissions: role("*") },
    not: { handler: "keys.handler", permissions: role("arn:aws:execute-api:*:*:*/other/*") },
  };
  const open: Handler = async () => ({ statusCode: 200 });
  const gateway = await startGateway(
    { ...definition, functions },
    { root, startAt: NOON, handlers: { open, who: open } },
  );
  onTestFinished(() => stopChecked(gateway));
  const keysOf = async (name: string): Promise<ClientCredentials> => {
    const outcome = await gateway.invoke(name, {});
    const env = JSON.parse(outcome.kind === "returned" ? outcome.payload : "{}");
    return {
      accessKeyId: env.AWS_ACCESS_KEY_ID,
      secretAccessKey: env.AWS_SECRET_ACCESS_KEY,
      sessionToken: env.AWS_SESSION_TOKEN,
    };
  };

  const [may, not] = [await keysOf("may"), await keysOf("not")];
  expect((await rawHandshake(gateway, await presignedBySdk(gateway.url, may))).statusCode).toBe(
    101,
  );
  const rejected = await rawHandshake(gateway, await presignedBySdk(gateway.url, not));

  const [connect] = gateway.invocations("open");
  expect(connect?.event.requestContext.identity).toMatchObject({
    userArn: `arn:aws:sts::${ACCOUNT}:assumed-role/chat-role/may`,
    caller: expect.stringMatching(/^AROA[A-Z2-7]{17}:may$/),
  });
  expect(rejected.statusCode).toBe(403);
  expect(rejected.body.toString()).toContain(
    `User: arn:aws:sts::${ACCOUNT}:assumed-role/chat-role/not is not authorized`,
  );
  expect(await gateway.fact("permission.missing")).toMatchObject({
    functionName: "not",
    action: "execute-api:Invoke",
    refused: true,
  });
});

test.each(["warn", "off"] as const)(
  "with permissions %s keys of other issuers pass unverified, and no permission is missing",
  async (permissions) => {
    const gateway = await signedGateway({}, { permissions });
    const others = { accessKeyId: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "theirs" };

    const foreign = await rawHandshake(gateway, await presignedBySdk(gateway.url, others));
    const wrong = await presignedBySdk(gateway.url, others, { service: "s3" });

    expect(foreign.statusCode).toBe(101);
    expect((await rawHandshake(gateway, wrong)).statusCode).toBe(403);
    expect(await gateway.handshake({ sign: "banned" })).toMatchObject(opens);
    expect((await rawHandshake(gateway, gateway.url)).statusCode).toBe(403);
    const warnings = gateway.facts("warning").map(({ message }) => message);
    expect(warnings.some((each) => each.includes("AKIAIOSFODNN7EXAMPLE"))).toBe(
      permissions === "warn",
    );
    expect(warnings.some((each) => each.includes("AWS rejects it with 403"))).toBe(
      permissions === "warn",
    );
  },
);

test.each([
  [
    { Condition: { IpAdress: { "aws:SourceIp": "10.0.0.0/8" } } },
    "has a Condition with the operator IpAdress, which IAM does not have",
  ],
  [
    { Condition: { StringEquals: { "aws:PrincipalTag/team": "a" } } },
    "depends on aws:PrincipalTag/team",
  ],
  [
    { Resource: "arn:*/${cognito-identity.amazonaws.com:sub}" },
    "has the policy variable ${cognito-identity.amazonaws.com:sub}",
  ],
])("a policy that cannot be judged is named, and rejects no client: %j", async (part, why) => {
  const gateway = await signedGateway({
    identities: { ann: { statements: [{ ...INVOKE, Resource: "*", ...part }] } },
  });

  expect(await gateway.handshake({ sign: "ann" })).toMatchObject(opens);
  expect(gateway.facts("warning")).toMatchObject([
    {
      message: `Permissions of arn:aws:iam::${ACCOUNT}:user/ann are not checked: in its policy, statement 1 ${why}.`,
    },
    {},
  ]);
});

test("a plain ws client connects with a presigned URL, over TLS too", async () => {
  const gateway = await signedGateway();
  for (const url of [
    gateway.presignedUrl({ identity: "ann", query: { room: "a b" } }),
    gateway.presignedUrl().replace("ws:", "wss:"),
  ]) {
    const socket = new WebSocket(url, { ca: gateway.caPem });
    await new Promise((resolve, reject) => {
      socket.once("open", resolve);
      socket.once("error", reject);
    });
    socket.close();
  }
});

test("reports an identity that the definition does not have to the test", async () => {
  const gateway = await signedGateway({ identities: { ann: {} } });

  await expect(gateway.connect({ sign: "bob" })).rejects.toThrow(
    'The identity "bob" is not defined. Its identities are ann.',
  );
  expect(() => gateway.presignedUrl({ identity: "bob" })).toThrow('The identity "bob"');
});

test("21 (15): an open connection goes on when the keys that opened it have expired", async () => {
  const gateway = await signedGateway();
  const client = await gateway.connect({ sign: "hourly" });

  for (let minutes = 0; minutes < 63; minutes += 9) {
    await gateway.clock.advance("9m");
    client.sendJson({ action: "who" });
    expect(JSON.parse(await client.next())).toHaveProperty("userArn");
  }
});

test("where $connect has no AWS_IAM, signatures count for nothing", async () => {
  const gateway = await signedGateway({
    routes: { $connect: { function: "open" }, who: definition.routes.who ?? { function: "who" } },
  });
  const url = await presignedBySdk(gateway.url, { accessKeyId: "x", secretAccessKey: "y" });

  expect((await rawHandshake(gateway, url)).statusCode).toBe(101);
  expect(await whoIs(await gateway.handshake({ sign: true }))).toEqual({ sourceIp: "127.0.0.1" });
});
