import {
  ApiGatewayManagementApiClient,
  GetConnectionCommand,
} from "@aws-sdk/client-apigatewaymanagementapi";
import { expect, onTestFinished, test } from "vitest";
import {
  type ApiDefinition,
  type Handler,
  startGateway,
  type TestGateway,
} from "../../src/testing/index.ts";
import { stopChecked } from "../checked-facts.ts";

const definition = {
  name: "limited",
  routeSelectionExpression: "$request.body.action",
  stage: { name: "dev" },
  functions: { say: { handler: "unused.say" } },
  routes: {
    $connect: { function: "say" },
    say: { function: "say", routeResponse: true },
    hear: { function: "say", routeResponse: true },
  },
} satisfies ApiDefinition;

const ok: Handler = async () => ({ statusCode: 200, body: "said" });

async function limited(throttle: object, more: Partial<ApiDefinition> = {}): Promise<TestGateway> {
  const stage = { name: "dev", throttle };
  const gateway = await startGateway({ ...definition, stage, ...more }, { handlers: { say: ok } });
  onTestFinished(() => stopChecked(gateway));
  return gateway;
}

const TOO_MANY = { statusCode: 429, body: '{"message":"Too Many Requests"}' };

test("2.3 (17), 6 (1): a handshake over the stage's burst is a 429 of the front door, and $connect does not run", async () => {
  const gateway = await limited({ rateLimit: 1, burstLimit: 1 });
  await gateway.connect();

  const rejected = await gateway.handshake();

  expect(rejected).toMatchObject({ kind: "refused", ...TOO_MANY });
  expect(rejected.headers).toMatchObject({
    "content-type": "application/json",
    "x-amzn-errortype": "TooManyRequestsException",
    "x-amzn-requestid": expect.any(String),
    "x-amz-apigw-id": expect.any(String),
  });
  expect(gateway.invocations()).toHaveLength(1);
  expect((await gateway.fact("connection.refused")).because).toBe(
    "the stage dev is limited to 1 requests per second and bursts of 1",
  );
});

test("6 (2): a message over the rate gets Too Many Requests with its ids, and the connection stays", async () => {
  const gateway = await limited({ routes: { say: { rateLimit: 2, burstLimit: 1 } } });
  const client = await gateway.connect();
  client.sendJson({ action: "say" });
  expect(await client.next()).toBe("said");

  client.sendJson({ action: "say" });

  const answered = await gateway.fact("message.answered", { answer: "error" });
  expect(await client.next()).toBe(
    `{"message": "Too Many Requests", "connectionId":"${client.connectionId}", "requestId":"${answered.requestId}"}`,
  );
  expect(answered.because).toBe(
    "the route say of the stage dev is limited to 2 requests per second and bursts of 1",
  );
  await gateway.clock.advance(500);
  client.sendJson({ action: "say" });
  expect(await client.next()).toBe("said");
});

test("6: a route with limits of its own leaves those of the stage to the others", async () => {
  const gateway = await limited({
    burstLimit: 2,
    rateLimit: 0,
    routes: { say: { burstLimit: 3 } },
  });
  const client = await gateway.connect();
  const answers: string[] = [];

  for (const action of ["say", "say", "say", "say", "hear", "hear"]) {
    client.sendJson({ action });
    answers.push((await client.next()).includes("Too Many") ? "no" : "yes");
  }

  expect(answers).toEqual(["yes", "yes", "yes", "no", "yes", "no"]);
});

test("6: an entry of a route without limits of its own changes nothing", async () => {
  const gateway = await limited({ routes: { say: {} } });
  const client = await gateway.connect();

  client.sendJson({ action: "say" });

  expect(await client.next()).toBe("said");
});

test("6: limits of 0 throttle everything", async () => {
  const gateway = await limited({ rateLimit: 0, burstLimit: 0 });

  expect(await gateway.handshake()).toMatchObject(TOO_MANY);
  await gateway.clock.advance("1h");
  expect(await gateway.handshake()).toMatchObject(TOO_MANY);
});

test("6: a rate alone has the burst of the account", async () => {
  const gateway = await limited({ routes: { say: { rateLimit: 0 } } });
  const client = await gateway.connect();

  for (let sent = 0; sent < 20; sent += 1) client.sendJson({ action: "say" });

  for (let got = 0; got < 20; got += 1) expect(await client.next()).toBe("said");
});

test("21 (4): the stage's limit comes before the API key, that of $connect after it", async () => {
  const apiKeys = { web: { value: "web-0123456789-0123456789" } };
  const keyed: Partial<ApiDefinition> = {
    apiKeys,
    usagePlans: { free: { apiKeys: ["web"] } },
    routes: { $connect: { function: "say", apiKeyRequired: true } },
  };
  const shut = { rateLimit: 0, burstLimit: 0 };

  const byStage = await limited(shut, keyed);
  expect(await byStage.handshake()).toMatchObject(TOO_MANY);

  const byRoute = await limited({ routes: { $connect: shut } }, keyed);
  expect(await byRoute.handshake()).toMatchObject({ statusCode: 403 });
  const headers = { "x-api-key": apiKeys.web.value };
  expect(await byRoute.handshake({ headers })).toMatchObject(TOO_MANY);
  expect((await byRoute.fact("connection.refused", { statusCode: 429 })).because).toBe(
    "the route $connect of the stage dev is limited to 0 requests per second and bursts of 0",
  );
});

test("6 (3): handshakes, messages and calls of @connections share the account's limit", async () => {
  const accountLimits = { rateLimit: 0, burstLimit: 3 };
  const gateway = await limited({}, { accountLimits });
  const management = new ApiGatewayManagementApiClient({
    endpoint: gateway.managementUrl,
    region: "us-east-1",
    credentials: gateway.credentials,
    maxAttempts: 1,
  });
  onTestFinished(() => management.destroy());
  const client = await gateway.connect();
  const found = new GetConnectionCommand({ ConnectionId: client.connectionId });
  client.sendJson({ action: "say" });
  expect(await client.next()).toBe("said");

  await management.send(found);

  await expect(management.send(found)).rejects.toMatchObject({
    name: "LimitExceededException",
    $metadata: { httpStatusCode: 429 },
  });
  client.sendJson({ action: "say" });
  expect(await client.next()).toContain("Too Many Requests");
  expect(await gateway.handshake()).toMatchObject(TOO_MANY);
  expect((await gateway.fact("connection.refused")).because).toBe(
    "the account is limited to 0 requests per second and bursts of 3",
  );
  expect(await gateway.fact("management.answered", { statusCode: 429 })).toMatchObject({
    because: "throttled",
  });
});

test("6: new connections have a limit of their own", async () => {
  const gateway = await limited({}, { accountLimits: { newConnectionsPerSecond: 1 } });
  const client = await gateway.connect();

  expect(await gateway.handshake()).toMatchObject(TOO_MANY);

  expect((await gateway.fact("connection.refused")).because).toBe(
    "the account is limited to 1 new connections per second",
  );
  client.sendJson({ action: "say" });
  expect(await client.next()).toBe("said");
  await gateway.clock.advance("1s");
  expect(await gateway.handshake()).toMatchObject({ kind: "open" });
});

test("6: nothing is limited unless it is set", async () => {
  const gateway = await startGateway(definition, { handlers: { say: ok } });
  onTestFinished(() => stopChecked(gateway));
  const client = await gateway.connect();

  for (let sent = 0; sent < 200; sent += 1) client.sendJson({ action: "say" });

  for (let got = 0; got < 200; got += 1) expect(await client.next()).toBe("said");
});
