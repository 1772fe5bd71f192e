import { expect, onTestFinished, test } from "vitest";
import {
  type ApiDefinition,
  type AuthorizerEvent,
  type ConnectEvent,
  type Handler,
  type ProjectDefinition,
  startGateway,
  type TestGateway,
} from "../../src/testing/index.ts";
import { stopChecked } from "../checked-facts.ts";

const KEYS = {
  web: "web-0123456789-0123456789",
  app: "app-0123456789-0123456789",
  old: "old-0123456789-0123456789",
  loose: "loose-0123456789-0123456789",
};

const definition = {
  name: "keyed",
  routeSelectionExpression: "$request.body.action",
  stage: { name: "dev" },
  functions: {
    check: { handler: "unused.check" },
    open: { handler: "unused.open" },
    say: { handler: "unused.say" },
  },
  apiKeys: {
    web: { value: KEYS.web },
    app: { value: KEYS.app },
    old: { value: KEYS.old, enabled: false },
    loose: { value: KEYS.loose },
  },
  usagePlans: { free: { apiKeys: ["web", "app", "old"] } },
  routes: {
    $connect: { function: "open", apiKeyRequired: true },
    $disconnect: { function: "open" },
    say: { function: "say", routeResponse: true },
  },
} satisfies ApiDefinition;

const ok: Handler = async () => ({ statusCode: 200, body: "said" });

async function started(whole: ApiDefinition | ProjectDefinition, check: Handler = ok) {
  const options = { handlers: { check, open: ok, say: ok }, startAt: Date.UTC(2026, 9, 1, 12) };
  const gateway = await startGateway(whole, options);
  onTestFinished(() => stopChecked(gateway));
  return gateway;
}

const keyed = (more: Partial<ApiDefinition> = {}, check?: Handler): Promise<TestGateway> =>
  started({ ...definition, ...more }, check);

const withKey = (value: string) => ({ headers: { "x-api-key": value } });
const FORBIDDEN = { statusCode: 403, body: '{"message":"Forbidden"}' };
const TOO_MANY = { statusCode: 429, body: '{"message":"Too Many Requests"}' };

const whyRejected = async (gateway: TestGateway) =>
  (await gateway.fact("connection.refused")).because;

test("5: a client with a key of the stage's plan connects, and $connect sees the key and its id", async () => {
  const gateway = await keyed();

  const client = await gateway.connect(withKey(KEYS.web));
  client.sendJson({ action: "say" });
  await client.next();
  await client.close();
  await gateway.settled();

  const [connect, ...later] = gateway.invocations<ConnectEvent>();
  expect(connect?.event.headers["x-api-key"]).toBe(KEYS.web);
  expect(connect?.event.requestContext.identity).toEqual({
    apiKey: KEYS.web,
    apiKeyId: expect.stringMatching(/^[a-z0-9]{10}$/),
    sourceIp: "127.0.0.1",
  });
  expect(Object.keys(connect?.event.requestContext.identity ?? {})[0]).toBe("apiKey");
  expect(later.map(({ event }) => event.requestContext.identity)).toEqual([
    { sourceIp: "127.0.0.1" },
    { sourceIp: "127.0.0.1" },
  ]);
  expect(later[1]?.event.headers["x-api-key"]).toBe("");
});

test.each([
  ["missing", {}, "the header x-api-key is missing or empty, and $connect requires an API key"],
  [
    "empty",
    withKey(""),
    "the header x-api-key is missing or empty, and $connect requires an API key",
  ],
  [
    "unknown",
    withKey("nobody-knows-this-key"),
    "the header x-api-key is not the value of an API key",
  ],
  ["disabled", withKey(KEYS.old), "the API key old is not enabled"],
  ["in no plan", withKey(KEYS.loose), "the API key loose is not in a usage plan of the stage dev"],
])(
  "2.3 (16), 5 (1): a key that is %s is a 403 of the front door, and $connect does not run",
  async (_, options, because) => {
    const gateway = await keyed();

    const rejected = await gateway.handshake(options);

    expect(rejected).toMatchObject({ kind: "refused", ...FORBIDDEN });
    expect(rejected.headers).toMatchObject({
      "content-type": "application/json",
      "content-length": "23",
      "x-amzn-errortype": "ForbiddenException",
      "x-amzn-requestid": expect.stringMatching(/^[0-9a-f-]{36}$/),
      "x-amz-apigw-id": expect.stringMatching(/=$/),
    });
    expect(gateway.invocations()).toEqual([]);
    expect(await whyRejected(gateway)).toBe(because);
  },
);

test("5: a plan of one stage does not apply to another", async () => {
  const { name, functions, apiKeys, routes, routeSelectionExpression } = definition;
  const chat = { routeSelectionExpression, routes, stages: { dev: {}, prod: {} } };
  const apiStages = [{ api: "chat", stage: "prod" }];
  const usagePlans = { free: { apiKeys: ["web"], apiStages } };
  const gateway = await started({ name, functions, apiKeys, usagePlans, apis: { chat } });

  expect(await gateway.handshake({ ...withKey(KEYS.web), stage: "dev" })).toMatchObject(FORBIDDEN);
  expect(await gateway.handshake({ ...withKey(KEYS.web), stage: "prod" })).toMatchObject({
    kind: "open",
  });
});

test("5: the header's name counts in any case", async () => {
  const gateway = await keyed();

  expect(await gateway.handshake({ headers: { "X-API-Key": KEYS.web } })).toMatchObject({
    kind: "open",
  });
});

test("5: a route that requires no key takes any, and only a good one has an id", async () => {
  const routes = { ...definition.routes, $connect: { function: "open" } };
  const gateway = await keyed({
    routes,
    usagePlans: { free: { apiKeys: ["web"], quota: { limit: 0, period: "DAY" } } },
  });

  await gateway.connect(withKey("nobody-knows-this-key"));
  await gateway.connect(withKey(KEYS.web));
  await gateway.connect();

  expect(gateway.invocations("open").map(({ event }) => event.requestContext.identity)).toEqual([
    { apiKey: "nobody-knows-this-key", sourceIp: "127.0.0.1" },
    { apiKey: KEYS.web, apiKeyId: expect.any(String), sourceIp: "127.0.0.1" },
    { sourceIp: "127.0.0.1" },
  ]);
});

test("5: messages need no key and do not contribute to the quota", async () => {
  const quota = { limit: 1, period: "DAY" } as const;
  const gateway = await keyed({ usagePlans: { free: { apiKeys: ["web"], quota } } });
  const client = await gateway.connect(withKey(KEYS.web));

  client.sendJson({ action: "say" });
  client.sendJson({ action: "say" });

  expect([await client.next(), await client.next()]).toEqual(["said", "said"]);
});

test("5 (2): the plan's burst and rate hold for each key, and tokens come back with time", async () => {
  const throttle = { rateLimit: 2, burstLimit: 1 };
  const gateway = await keyed({ usagePlans: { free: { apiKeys: ["web", "app"], throttle } } });
  await gateway.connect(withKey(KEYS.web));

  const rejected = await gateway.handshake(withKey(KEYS.web));
  await gateway.connect(withKey(KEYS.app));

  expect(rejected).toMatchObject({ kind: "refused", ...TOO_MANY });
  expect(rejected.headers).toMatchObject({ "x-amzn-errortype": "TooManyRequestsException" });
  expect(await whyRejected(gateway)).toBe(
    "the usage plan free is limited to 2 requests per second and bursts of 1 from the API key web",
  );
  await gateway.clock.advance(499);
  expect(await gateway.handshake(withKey(KEYS.web))).toMatchObject(TOO_MANY);
  await gateway.clock.advance(1);
  expect(await gateway.handshake(withKey(KEYS.web))).toMatchObject({ kind: "open" });
});

test("5 (3): the plan's quota rejects with Limit Exceeded until its period ends", async () => {
  const quota = { limit: 1, period: "DAY" } as const;
  const gateway = await keyed({ usagePlans: { free: { apiKeys: ["web"], quota } } });
  await gateway.connect(withKey(KEYS.web));

  const rejected = await gateway.handshake(withKey(KEYS.web));

  expect(rejected).toMatchObject({ statusCode: 429, body: '{"message":"Limit Exceeded"}' });
  expect(rejected.headers).toMatchObject({ "x-amzn-errortype": "LimitExceededException" });
  expect(await whyRejected(gateway)).toBe(
    "the quota of the usage plan free, 1 a day for the API key web, is used up until 2026-10-02T00:00:00.000Z",
  );
  await gateway.clock.advance("12h");
  expect(await gateway.handshake(withKey(KEYS.web))).toMatchObject({ kind: "open" });
});

test("5: a key without a value has one of this machine, and a test names the key", async () => {
  const keys: Partial<ApiDefinition> = {
    apiKeys: { web: {}, app: {} },
    usagePlans: { free: { apiKeys: ["web"] } },
  };
  const [first, second] = [await keyed(keys), await keyed(keys)];

  await first.connect({ apiKey: "web" });
  await second.connect({ apiKey: "web" });
  expect(await first.handshake({ apiKey: "app" })).toMatchObject(FORBIDDEN);
  expect(await first.handshake({ apiKey: "nobody-knows-this-key" })).toMatchObject(FORBIDDEN);

  const values = [first, second].map(
    (gateway) => gateway.invocations<ConnectEvent>("open")[0]?.event.requestContext.identity.apiKey,
  );
  expect(values[0]).toMatch(/^[A-Za-z0-9]{40}$/);
  expect(values[1]).toBe(values[0]); // the same at every start
});

const authorizers = { who: { function: "check" } };
const $connect = { function: "open", authorizer: "who", apiKeyRequired: true };
const routes = { ...definition.routes, $connect };
const ofAuthorizer: Partial<ApiDefinition> = {
  ...{ authorizers, routes },
  apiKeySelectionExpression: "$context.authorizer.usageIdentifierKey",
};

function answers(Effect: string, usageIdentifierKey?: unknown): Handler {
  return async ({ methodArn }: AuthorizerEvent) => ({
    principalId: "ann",
    policyDocument: {
      Version: "2012-10-17",
      Statement: [{ Action: "execute-api:Invoke", Effect, Resource: methodArn }],
    },
    usageIdentifierKey,
  });
}

test("5: the key may come from the authorizer, and the header counts for nothing then", async () => {
  const gateway = await keyed(ofAuthorizer, answers("Allow", KEYS.web));

  await gateway.connect(withKey(KEYS.old));

  const [connect] = gateway.invocations<ConnectEvent>("open");
  expect(connect?.event.requestContext.identity).toMatchObject({ apiKey: KEYS.web });
  expect(connect?.event.requestContext.authorizer).toEqual({
    principalId: "ann",
    integrationLatency: expect.any(Number),
  });
});

test("5: rejects all clients when the authorizer names no key", async () => {
  const gateway = await keyed(ofAuthorizer, answers("Allow"));

  expect(await gateway.handshake(withKey(KEYS.web))).toMatchObject(FORBIDDEN);
  expect(await whyRejected(gateway)).toBe(
    "the usageIdentifierKey of the authorizer is missing or empty, and $connect requires an API key",
  );
});

test("5: a mock identity has the key that its authorizer would name", async () => {
  const gateway = await keyed(ofAuthorizer, answers("Deny"));

  const usageIdentifierKey = KEYS.web;
  await gateway.connect({ authorizer: { principalId: "ann", usageIdentifierKey } });

  expect(gateway.invocations("check")).toEqual([]);
});

test("2.1: the authorizer comes before the API key", async () => {
  const gateway = await keyed({ authorizers, routes }, answers("Deny"));

  expect(await gateway.handshake()).toMatchObject({
    statusCode: 403,
    body: expect.stringContaining("with an explicit deny in an identity-based policy"),
  });
});

test("2.1: an authorizer that allows a client without a key leaves it to the key", async () => {
  const gateway = await keyed({ authorizers, routes }, answers("Allow"));

  expect(await gateway.handshake()).toMatchObject(FORBIDDEN);
});
