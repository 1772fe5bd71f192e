import { chmodSync } from "node:fs";
import { expect, onTestFinished, test } from "vitest";
import {
  type ApiDefinition,
  type AuthorizerEvent,
  type Handler,
  type ProjectDefinition,
  startGateway,
  type TestGateway,
} from "../../src/testing/index.ts";
import { makeProject } from "../bundle/project.ts";
import { stopChecked } from "../checked-facts.ts";
import { lacksPython } from "../contracts/lambda-setup.ts";

const definition: ApiDefinition = {
  name: "guarded",
  routeSelectionExpression: "$request.body.action",
  stage: { name: "dev" },
  functions: {
    check: { handler: "unused.check" },
    open: { handler: "unused.open" },
    who: { handler: "unused.who" },
    bye: { handler: "unused.bye" },
  },
  authorizers: {
    token: { function: "check", identitySource: ["route.request.querystring.token"] },
  },
  identities: { ann: { principalId: "ann", context: { admin: true, level: 7 } } },
  routes: {
    $connect: { function: "open", authorizer: "token" },
    $disconnect: { function: "bye" },
    who: { function: "who", routeResponse: true },
  },
};

const arnOf = ({ methodArn }: AuthorizerEvent, end: string) =>
  methodArn.replace("$connect", () => end);

function answer(Resource: string | readonly string[], more: object = {}, statement: object = {}) {
  const allow = { Action: "execute-api:Invoke", Effect: "Allow", Resource, ...statement };
  return {
    principalId: "ann",
    policyDocument: { Version: "2012-10-17", Statement: [allow] },
    ...more,
  };
}

const ok = async () => ({ statusCode: 200 });
const tells: Handler = async ({ requestContext }) => ({
  statusCode: 200,
  body: JSON.stringify(Reflect.get(requestContext, "authorizer")),
});

async function guarded(
  check: (event: AuthorizerEvent) => Promise<unknown>,
  more: Partial<ApiDefinition> = {},
): Promise<TestGateway> {
  const handlers = { check, open: ok, who: tells, bye: ok };
  const gateway = await startGateway({ ...definition, ...more }, { handlers });
  onTestFinished(() => stopChecked(gateway));
  return gateway;
}

const TOKEN = { query: { token: "t" } };

test("the answer's context is text on every event of the connection, the latency at $connect only", async () => {
  const gateway = await guarded(async ({ methodArn }) =>
    answer(methodArn, {
      context: { level: 7, admin: true, empty: "", none: null, half: 1.5, huge: 1e21 },
    }),
  );
  const client = await gateway.connect(TOKEN);
  client.sendJson({ action: "who" });
  const context = {
    principalId: "ann",
    level: "7",
    admin: "true",
    empty: "",
    half: "1.5",
    huge: "1e+21",
  };
  expect(JSON.parse(await client.next())).toEqual(context);
  await client.close();
  await gateway.settled();

  const contexts = gateway
    .invocations()
    .slice(1)
    .map(({ event }) => event.requestContext.authorizer);
  expect(contexts).toEqual([
    { ...context, integrationLatency: expect.any(Number) },
    context,
    context,
  ]);
});

test("the authorizer's invocation, and the refusal, are caused by the request of the client", async () => {
  const gateway = await guarded(async (event) => answer(arnOf(event, "*/*")));

  expect(await gateway.handshake(TOKEN)).toMatchObject({ kind: "refused", statusCode: 403 });

  const asked = await gateway.fact("connection.requested");
  const started = await gateway.fact("function.started", { functionName: "check" });
  const rejected = await gateway.fact("connection.refused");
  expect([started.causedBy, rejected.causedBy]).toEqual([asked.id, asked.id]);
});

test("3.5 (5): a rejection names the nearest statement, with its contents", async () => {
  const gateway = await guarded(async (event) => answer(arnOf(event, "*/*")));

  await gateway.handshake(TOKEN);

  const [asked] = gateway.invocations<AuthorizerEvent>("check");
  const { methodArn = "" } = asked?.event ?? {};
  expect((await gateway.fact("connection.refused")).because).toBe(
    `the policy of the authorizer token does not allow execute-api:Invoke on ${methodArn}; the Resource of statement 1 is ${methodArn.replace("$connect", "*/*")}`,
  );
});

test("2.3 (6): an explicit deny names its statement", async () => {
  const gateway = await guarded(async ({ methodArn }) => answer(methodArn, {}, { Effect: "Deny" }));

  await gateway.handshake(TOKEN);

  expect((await gateway.fact("connection.refused")).because).toBe(
    "the policy of the authorizer token denies execute-api:Invoke in statement 1",
  );
});

test("2.3 (3): a missing identity source is named, and the function is not called", async () => {
  const gateway = await guarded(async ({ methodArn }) => answer(methodArn));

  expect(await gateway.handshake()).toMatchObject({ statusCode: 401 });

  expect((await gateway.fact("connection.refused")).because).toBe(
    "the identity source route.request.querystring.token of the authorizer token is missing or empty",
  );
  expect(gateway.invocations()).toEqual([]);
});

test.each([
  ["querystring.tenant", { query: { Tenant: "x" } }, 401],
  ["querystring.tenant", { query: { tenant: ["x", ""] } }, 401],
  ["querystring.tenant", { query: { tenant: ["", "x"] } }, 101],
  ["header.x-tenant", { headers: { "X-Tenant": "x" } }, 101],
])("3.2: the identity source route.request.%s of %j", async (source, options, status) => {
  const gateway = await guarded(async ({ methodArn }) => answer(methodArn), {
    authorizers: { token: { function: "check", identitySource: [`route.request.${source}`] } },
  });

  const result = await gateway.handshake(options);

  expect(result.kind === "open" ? 101 : result.statusCode).toBe(status);
});

test.each([
  ...["apiId", "connectedAt", "connectionId", "domainName", "identity.sourceIp", "requestId"].map(
    (name) => [name, 101] as const,
  ),
  ...["identity.userAgent", "requestTimeEpoch", "routeKey", "stage"].map(
    (name) => [name, 101] as const,
  ),
  ...["eventType", "messageDirection", "constructor", "nothing"].map(
    (name) => [name, 401] as const,
  ),
])("3.2: context.%s as identity source: %i", async (name, status) => {
  const gateway = await guarded(async ({ methodArn }) => answer(methodArn), {
    authorizers: { token: { function: "check", identitySource: [`context.${name}`] } },
  });

  const result = await gateway.handshake({ userAgent: "test/1" });

  expect(result.kind === "open" ? 101 : result.statusCode).toBe(status);
});

const large = (bytes: number) => (event: AuthorizerEvent) => {
  const rest = JSON.stringify(answer(event.methodArn, { context: { pad: "" } })).length;
  return answer(event.methodArn, { context: { pad: "x".repeat(bytes - rest) } });
};
const resource = (length: number) => (event: AuthorizerEvent) =>
  answer([event.methodArn, "x".repeat(length)]);

test.each<[string, (event: AuthorizerEvent) => unknown, number, string?]>([
  ["3.1 (16), 3.5 (8): an answer of 8 KB", large(8192), 101],
  ["3.1 (16), 3.5 (8): an answer of a byte more", large(8193), 500, ""],
  ["3.5 (8): a Resource of 512 characters", resource(512), 101],
  ["3.5 (8): a Resource of 513 characters", resource(513), 500, ""],
  ["3.6 (23): a status as a handler answers it", () => ({ statusCode: 401 }), 500, ""],
  ["nothing", () => undefined, 500, ""],
  ["a list", () => [], 500, ""],
  ["3.6 (9): an empty principalId", (event) => answer(event.methodArn, { principalId: "" }), 101],
  ["3.4: context that is null", (event) => answer(event.methodArn, { context: null }), 101],
  [
    "3.5 (6): a condition that holds",
    (event) =>
      answer(event.methodArn, {}, { Condition: { IpAddress: { "aws:SourceIp": "127.0.0.0/8" } } }),
    101,
  ],
  [
    "3.5 (6): a condition that does not hold",
    (event) =>
      answer(event.methodArn, {}, { Condition: { Bool: { "aws:SecureTransport": "false" } } }),
    403,
    "User is not authorized to access this resource because no identity-based policy allows the execute-api:Invoke action",
  ],
])("%s", async (_, check, statusCode, message) => {
  const gateway = await guarded(async (event) => check(event));

  const result = await gateway.handshake(TOKEN);

  if (result.kind === "open") return expect(statusCode).toBe(101);
  const { requestId } = JSON.parse(result.body);
  expect(result.statusCode).toBe(statusCode);
  expect(JSON.parse(result.body)).toMatchObject({ message });
  expect(result.headers).toMatchObject({
    "content-type": "application/json; charset=UTF-8",
    "x-amz-apigw-id": requestId,
  });
});

test.each([
  ["2.3 (8), 3.6 (21): throws another error", "No such user", "Error: No such user"],
  ["2.3 (8), 3.6 (21): throws unauthorized in lower case", "unauthorized", "Error: unauthorized"],
])("%s: 500", async (_, thrown, because) => {
  const gateway = await guarded(async () => {
    throw new Error(thrown);
  });

  const result = await gateway.handshake(TOKEN);

  expect(result).toMatchObject({ statusCode: 500 });
  expect(result.kind === "refused" && JSON.parse(result.body).message).toBe(
    "Internal server error",
  );
  expect((await gateway.fact("connection.refused")).because).toContain(because);
});

test("2.3 (8), 3.6 (22): an authorizer that takes longer than its function may: 500", async () => {
  const gateway = await guarded(async ({ methodArn }) => answer(methodArn));
  gateway.faults.function("check").timesOut();

  const handshake = gateway.handshake(TOKEN);
  await gateway.fact("function.started", { functionName: "check" });
  await gateway.clock.advance("3s");

  expect(await handshake).toMatchObject({
    statusCode: 500,
    body: expect.stringContaining('"Internal server error"'),
  });
});

test("API Gateway waits 30 seconds for an authorizer, however long its function may run", async () => {
  const gateway = await guarded(async ({ methodArn }) => answer(methodArn), {
    functions: { ...definition.functions, check: { handler: "unused.check", timeout: 60 } },
  });
  gateway.faults.function("check").answersLate("40s");

  const handshake = gateway.handshake(TOKEN);
  await gateway.fact("function.started", { functionName: "check" });
  await gateway.clock.advance("30s");

  expect(await handshake).toMatchObject({ statusCode: 500 });
  expect((await gateway.fact("connection.refused")).because).toBe(
    "the authorizer token did not answer in time",
  );
  await gateway.clock.advance("10s");
});

test("faults make an authorizer fail as Lambda would", async () => {
  const gateway = await guarded(async ({ methodArn }) => answer(methodArn));
  gateway.faults.function("check").fails("Unauthorized");

  expect(await gateway.handshake(TOKEN)).toMatchObject({ statusCode: 401 });
});

test("faults give an authorizer another answer, with or without its work", async () => {
  let calls = 0;
  const gateway = await guarded(async ({ methodArn }) => {
    calls += 1;
    return answer(methodArn);
  });
  const check = (nth: number) => gateway.faults.function("check", { nth });
  check(1).returns({ isAuthorized: true });
  check(2).returns(answer("*", { principalId: "bob" }), { work: "done" });
  check(3).returns(undefined);

  expect(await gateway.handshake(TOKEN)).toMatchObject({ statusCode: 500 });
  expect(calls).toBe(0);
  const bob = await gateway.connect(TOKEN);
  expect(calls).toBe(1);
  bob.sendJson({ action: "who" });
  await bob.expectNext({ principalId: "bob" });
  expect(await gateway.handshake(TOKEN)).toMatchObject({ statusCode: 500 });
  gateway.faults.assertAllFired();
});

test("an authorizer that is slow holds the handshake back until time has moved", async () => {
  const gateway = await guarded(async ({ methodArn }) => answer(methodArn));
  gateway.faults.function("check").answersLate("2s");

  const handshake = gateway.handshake(TOKEN);
  await gateway.fact("function.started", { functionName: "check" });
  await gateway.clock.advance("1999ms");
  expect(gateway.facts("connection.opened")).toEqual([]);
  await gateway.clock.advance("1ms");

  expect((await handshake).kind).toBe("open");
  const [connect] = gateway.invocations("open");
  expect(connect?.event.requestContext.authorizer).toMatchObject({ integrationLatency: 2000 });
});

test("a route with an authorizer and no integration accepts clients that the authorizer allows", async () => {
  const project: ProjectDefinition = {
    name: "door",
    apis: {
      door: {
        routeSelectionExpression: "$request.body.action",
        stages: { dev: {} },
        authorizers: { token: { function: "check" } },
        routes: { $connect: { integration: { type: "none" }, authorizer: "token" } },
      },
    },
    functions: { check: { handler: "unused.check" } },
  };
  const check = async (event: AuthorizerEvent) =>
    answer(event.queryStringParameters.as === "ann" ? event.methodArn : "no");
  const gateway = await startGateway(project, { handlers: { check } });
  onTestFinished(() => stopChecked(gateway));

  expect(await gateway.handshake({ query: { as: "ann" } })).toMatchObject({ kind: "open" });
  expect(await gateway.handshake({ query: { as: "bob" } })).toMatchObject({ statusCode: 403 });
});

test("a mock identity replaces the authorizer's result", async () => {
  const gateway = await guarded(async () => {
    throw new Error("asked");
  });
  const headers = { "X-Own": "1" };
  const client = await gateway.connect({
    headers,
    authorizer: { principalId: 5, context: { admin: false } },
  });
  const named = await gateway.connect({ authorizer: "ann" });

  client.sendJson({ action: "who" });
  named.sendJson({ action: "who" });

  expect(JSON.parse(await client.next())).toEqual({ principalId: "5", admin: "false" });
  expect(JSON.parse(await named.next())).toEqual({ principalId: "ann", admin: "true", level: "7" });
  expect(gateway.invocations("check")).toEqual([]);
  const [connect] = gateway.invocations("open");
  expect(connect?.event.requestContext.authorizer).toMatchObject({ integrationLatency: 0 });
  expect(JSON.stringify(connect?.event)).not.toMatch(/x-wsgw/i);
});

test("rejects an identity that the definition does not have, with its name", async () => {
  const gateway = await guarded(async ({ methodArn }) => answer(methodArn));

  expect(await gateway.handshake({ authorizer: "bob" })).toMatchObject({ statusCode: 400 });
  expect((await gateway.fact("connection.refused")).because).toBe(
    'there is no identity "bob" in the definition, which has ann',
  );
});

test("a mock identity does without an authorizer, too", async () => {
  const { $connect: _, ...routes } = definition.routes;
  const gateway = await guarded(async () => undefined, { routes });
  const client = await gateway.connect({ authorizer: "ann" });

  client.sendJson({ action: "who" });

  expect(JSON.parse(await client.next())).toMatchObject({ principalId: "ann" });
});

test("reports an invalid identity to the test", async () => {
  const gateway = await guarded(async ({ methodArn }) => answer(methodArn));
  const authorizer = { context: { list: [1] } } as object;

  await expect(gateway.connect({ authorizer })).rejects.toThrow(
    "The identity in `authorizer` is not valid: context.list: [1] is not a string, a number or true or false.",
  );
});

test.skipIf(await lacksPython())("an authorizer in Python", { tags: ["journey"] }, async () => {
  const { root } = makeProject({
    "check.py": `
def handler(event, context):
    if event["queryStringParameters"]["token"] != "t":
        raise Exception("Unauthorized")
    statement = {"Action": "execute-api:Invoke", "Effect": "Allow", "Resource": event["methodArn"]}
    return {"principalId": "ann", "policyDocument": {"Statement": [statement]}}
`,
  });
  const check = { handler: "check.handler", runtime: "python3.13" } as const;
  const gateway = await startGateway(
    { ...definition, functions: { ...definition.functions, check } },
    { root, handlers: { open: ok, who: tells, bye: ok } },
  );
  onTestFinished(() => stopChecked(gateway));

  expect(await gateway.handshake(TOKEN)).toMatchObject({ kind: "open" });
  expect(await gateway.handshake({ query: { token: "u" } })).toMatchObject({ statusCode: 401 });
});

/** As a function in Go is: an executable on the Runtime API. */
test("an authorizer that is an executable", { tags: ["journey"] }, async () => {
  const { root, write } = makeProject({});
  const bootstrap = write(
    "bootstrap",
    `#!/bin/sh
api="http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime/invocation"
headers=$(mktemp)
while true; do
  event=$(curl -sS -D "$headers" "$api/next") || exit 1
  id=$(grep -i '^lambda-runtime-aws-request-id:' "$headers" | tr -d '[:space:]' | cut -d: -f2)
  arn=$(printf '%s' "$event" | sed 's/.*"methodArn":"\\([^"]*\\)".*/\\1/')
  case $event in
    *'"token":"t"'*) curl -sS -o /dev/null "$api/$id/response" -d '{"principalId":"ann","policyDocument":{"Statement":[{"Action":"execute-api:Invoke","Effect":"Allow","Resource":"'"$arn"'"}]}}' ;;
    *) curl -sS -o /dev/null "$api/$id/error" -d '{"errorMessage":"Unauthorized","errorType":"Error"}' ;;
  esac
done
`,
  );
  chmodSync(bootstrap, 0o755);
  const check = { handler: "bootstrap", runtime: "provided.al2023" } as const;
  const gateway = await startGateway(
    { ...definition, functions: { ...definition.functions, check } },
    { root, handlers: { open: ok, who: tells, bye: ok } },
  );
  onTestFinished(() => stopChecked(gateway));

  expect(await gateway.handshake(TOKEN)).toMatchObject({ kind: "open" });
  expect(await gateway.handshake({ query: { token: "u" } })).toMatchObject({ statusCode: 401 });
});
