import { execFile } from "node:child_process";
import { createServer } from "node:http";
import { setImmediate as nextTurn } from "node:timers/promises";
import { promisify } from "node:util";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { beforeAll, expect, onTestFinished, test } from "vitest";
import {
  type GatewayOptions,
  type ProjectDefinition,
  startGateway,
  type TestGateway,
} from "../../src/testing/index.ts";
import { stopChecked } from "../checked-facts.ts";
import { buildLambdaChild, lacksPython } from "../contracts/lambda-setup.ts";
import { listen } from "../listen.ts";
import { ARN, call, definition, describeCalls, root, UUID } from "./function-calls.ts";
import { wayBack } from "./way-back.ts";

beforeAll(buildLambdaChild);

async function start(options: GatewayOptions = {}, more: Partial<ProjectDefinition> = {}) {
  const gateway = await startGateway(
    { ...definition, ...more },
    { root, waitMs: 30_000, startAt: Date.UTC(2026, 2, 1), ...options },
  );
  onTestFinished(() => stopChecked(gateway));
  return { gateway, call: (input: object) => call(gateway, input) };
}

// The other pairs of SDK and runtime are in functions-call-functions.journey.test.ts.
describeCalls("in-process", "v2");

test("payloads of exactly 6 MB, and of 1 MB for Event, are taken", {
  tags: ["journey"],
}, async () => {
  const { gateway, call } = await start();

  const sync = { sdk: "v3", FunctionName: "worker", repeat: 6 * 1024 * 1024 - 2 };
  const async = { ...sync, InvocationType: "Event", repeat: 1024 * 1024 - 2 };

  expect(await call(sync)).toMatchObject({ StatusCode: 200 });
  expect(await call(async)).toMatchObject({ StatusCode: 202 });
  await gateway.settled();
  expect(gateway.invocations("worker")).toHaveLength(2);
});

test.each(["child-process", "in-process"] as const)(
  "the way back from a function leads through its caller to the message (%s)",
  async (runtime) => {
    const { gateway } = await start({ runtime });
    const client = await gateway.connect();

    client.sendJson({ sdk: "v3", FunctionName: "worker", Payload: '{"says":"hi"}' });
    await client.nextJson();

    const { connectionId } = client;
    const started = gateway.facts("function.started", { functionName: "worker" })[0]!;
    expect(started.cold).toBe(true);
    expect(wayBack(gateway, started)).toMatchObject([
      { type: "function.started", functionName: "worker", event: { says: "hi" } },
      { type: "function.started", functionName: "route", connectionId },
      { type: "route.selected", connectionId },
      { type: "message.received", connectionId },
    ]);
    expect(gateway.facts("invoke.answered")).toMatchObject([
      { functionName: "route", connectionId, target: "worker", invocationType: "RequestResponse" },
    ]);
    const lines = gateway.trace().split("\n");
    const indent = (text: string) => {
      const line = lines.find((each) => each.includes(text)) ?? "";
      return line.slice("+12345678  ".length).search(/\S/);
    };
    expect(indent("worker is invoked")).toBeGreaterThan(indent("route is invoked"));
    expect(indent("calls Invoke of worker (RequestResponse): 200")).toBe(
      indent("worker is invoked"),
    );
  },
);

test.each(["child-process", "in-process"] as const)(
  "retries an event whose function fails after one minute and after two more, and then drops it (%s)",
  { tags: ["journey"] },
  async (runtime) => {
    const { gateway, call } = await start({ runtime });
    const at = () => gateway.invocations("worker").map(({ state }) => state);

    const Payload = '{"fails":9}';
    const answer = await call({
      sdk: "v3",
      FunctionName: "worker",
      InvocationType: "Event",
      Payload,
    });
    expect(answer).toEqual({ StatusCode: 202, Payload: "" });
    await gateway.settled();
    expect(at()).toEqual(["failed"]);
    await gateway.clock.advance("59s");
    expect(at()).toEqual(["failed"]);
    await gateway.clock.advance("1s");
    await gateway.settled();
    expect(at()).toEqual(["failed", "failed"]);
    await gateway.clock.advance("2m");
    await gateway.settled();
    await gateway.clock.advance("24h");
    await gateway.settled();

    expect(at()).toEqual(["failed", "failed", "failed"]);
    const ids = new Set(gateway.invocations("worker").map(({ awsRequestId }) => awsRequestId));
    expect([...ids]).toEqual([expect.stringMatching(UUID)]);
    const [dropped] = gateway.facts("event.dropped");
    expect(dropped).toMatchObject({
      functionName: "worker",
      awsRequestId: [...ids][0],
      attempts: 3,
      because: "retries-exhausted",
    });
    expect(wayBack(gateway, dropped!)).toMatchObject([
      { type: "event.dropped" },
      { type: "function.started", functionName: "worker" },
      { type: "function.started", functionName: "caller" },
    ]);
    expect(gateway.trace()).toContain("the event of worker is dropped after 3 attempts");
  },
);

test("does not retry an event whose second attempt succeeds", async () => {
  const { gateway, call } = await start();

  const Payload = '{"fails":1}';
  await call({ sdk: "v3", FunctionName: "worker", InvocationType: "Event", Payload });
  await gateway.settled();
  await gateway.clock.advance("24h");
  await gateway.settled();

  expect(gateway.invocations("worker").map(({ state }) => state)).toEqual(["failed", "returned"]);
  expect(gateway.facts("event.dropped")).toEqual([]);
});

test("time goes on while a function waits for another one, which waits for the clock", async () => {
  const { gateway, call } = await start({ virtualTime: true });

  const answer = call({ sdk: "v3", FunctionName: "worker", Payload: '{"wait":2000}' });
  await gateway.fact("function.started", { functionName: "worker" });
  const before = performance.now();
  await gateway.clock.advance("2s");

  expect(await answer).toMatchObject({ StatusCode: 200, ExecutedVersion: "$LATEST" });
  expect(performance.now() - before).toBeLessThan(10_000);
});

test("time waits for what a handler fetches while a tool waits for another function", async () => {
  const fetcher = { handler: "app.fetcher", timeout: 20 };
  const { gateway } = await start(
    { virtualTime: true },
    { functions: { ...definition.functions, fetcher } },
  );
  const server = createServer(async (_, response) => {
    for (let turn = 0; turn < 100; turn += 1) await nextTurn();
    response.end("slept");
  });
  const port = await listen(server);

  const waiting = toolOf(gateway).send(
    new InvokeCommand({ FunctionName: "worker", Payload: '{"wait":2000}' }),
  );
  await gateway.fact("function.started", { functionName: "worker" });
  const answer = gateway.invoke("fetcher", { url: `http://127.0.0.1:${port}/`, wait: 1000 });
  await gateway.clock.advance("2s");

  expect(await answer).toMatchObject({ kind: "returned", payload: '"slept"' });
  expect((await waiting).StatusCode).toBe(200);
});

test("a function that runs longer than it may answers its caller with Sandbox.Timedout", async () => {
  const { gateway, call } = await start({ virtualTime: true });

  const answer = call({ sdk: "v3", FunctionName: "worker", Payload: '{"wait":9000}' });
  await gateway.fact("function.started", { functionName: "worker" });
  await gateway.clock.advance("3s");

  const { awsRequestId } = gateway.invocations("worker")[0]!;
  expect(await answer).toEqual({
    StatusCode: 200,
    FunctionError: "Unhandled",
    ExecutedVersion: "$LATEST",
    Payload: JSON.stringify({
      errorType: "Sandbox.Timedout",
      errorMessage: `RequestId: ${awsRequestId} Error: Task timed out after 3.00 seconds`,
    }),
  });
});

test("when the gateway stops, events under way run to their end and others are dropped", {
  tags: ["journey"],
}, async () => {
  const { gateway, call } = await start({ runtime: "child-process" });
  const event = { sdk: "v3", FunctionName: "worker", InvocationType: "Event" };
  await call({ ...event, Payload: '{"fails":1}' });
  await gateway.settled();
  await call({ ...event, Payload: '{"wait":200}' });

  await gateway.stop();

  expect(gateway.invocations("worker").map(({ state }) => state)).toEqual(["failed", "returned"]);
  expect(gateway.facts("event.dropped")).toMatchObject([{ attempts: 1, because: "stopped" }]);
});

/** The SDK of a tool beside the gateway: all that it has is the port. */
function toolOf(gateway: TestGateway, config: object = {}): LambdaClient {
  const client = new LambdaClient({
    endpoint: new URL(gateway.managementUrl).origin,
    region: gateway.region,
    credentials: gateway.credentials,
    maxAttempts: 1,
    ...config,
  });
  onTestFinished(() => client.destroy());
  return client;
}

test.each([
  ["with the developer's keys", {}],
  ["with keys of their own", { credentials: { accessKeyId: "AKIAOWN", secretAccessKey: "own" } }],
])("tools invoke functions at the port %s", async (_, config) => {
  const { gateway } = await start();

  const { Payload, $metadata } = await toolOf(gateway, config).send(
    new InvokeCommand({ FunctionName: "worker", Payload: '{"from":"tool"}' }),
  );

  const { awsRequestId } = gateway.invocations("worker")[0]!;
  expect(JSON.parse(Payload?.transformToString() ?? "")).toMatchObject({ event: { from: "tool" } });
  expect($metadata.requestId).toBe(awsRequestId);
  expect(gateway.facts("invoke.answered")).toMatchObject([
    { functionName: undefined, target: "worker", statusCode: 200, errorType: undefined },
  ]);
});

test.each([
  [
    { secretAccessKey: "wrong" },
    "InvalidSignatureException",
    /^The request signature we calculated does not match/,
  ],
  [
    { sessionToken: "wrong" },
    "UnrecognizedClientException",
    /^The security token included in the request is invalid\.$/,
  ],
])("rejects a call whose keys have %j with 403 %s", async (wrong, name, message) => {
  const { gateway } = await start();
  const credentials = { ...gateway.credentials, ...wrong };

  const answer = toolOf(gateway, { credentials }).send(
    new InvokeCommand({ FunctionName: "worker" }),
  );

  await expect(answer).rejects.toMatchObject({
    name,
    message: expect.stringMatching(message),
    $metadata: { httpStatusCode: 403 },
  });
  expect(gateway.invocations("worker")).toEqual([]);
});

const IN_PLACE = { method: "POST", body: "{}" };
const SIGNED = {
  authorization: `AWS4-HMAC-SHA256 Credential=AKIA/20260301/us-east-1/lambda/aws4_request, SignedHeaders=host, Signature=${"0".repeat(64)}`,
  "x-amz-date": "20260301T000000Z",
};

test("rejects an unsigned call with Lambda's own answer, header by header", async () => {
  const { gateway } = await start();
  const { origin } = new URL(gateway.managementUrl);

  const answer = await fetch(`${origin}/2015-03-31/functions/worker/invocations`, IN_PLACE);

  expect(answer.status).toBe(403);
  expect(await answer.text()).toBe('{"message":"Missing Authentication Token"}');
  expect(Object.fromEntries(answer.headers)).toEqual({
    connection: "keep-alive",
    "content-length": "42",
    "content-type": "application/json",
    date: expect.any(String),
    "x-amzn-errortype": "MissingAuthenticationTokenException",
    "x-amzn-requestid": expect.stringMatching(UUID),
  });
});

test("answers have Lambda's headers and no others", async () => {
  const { gateway } = await start();
  const { origin } = new URL(gateway.managementUrl);
  const invoke = async (type: string, headers: object = {}) => {
    const answer = await fetch(`${origin}/2015-03-31/functions/worker/invocations`, {
      ...IN_PLACE,
      headers: { ...SIGNED, "x-amz-invocation-type": type, ...headers },
    });
    return { status: answer.status, headers: Object.fromEntries(answer.headers) };
  };
  const always = { connection: "keep-alive", date: expect.any(String) };
  const named = { ...always, "x-amzn-requestid": expect.stringMatching(UUID) };

  expect(await invoke("RequestResponse", { "x-amz-log-type": "Tail" })).toEqual({
    status: 200,
    headers: {
      ...named,
      "content-length": expect.any(String),
      "content-type": "application/json",
      "x-amz-executed-version": "$LATEST",
      "x-amz-log-result": expect.any(String),
    },
  });
  expect(await invoke("Event")).toEqual({
    status: 202,
    headers: { ...named, "content-length": "0" },
  });
  expect(await invoke("DryRun")).toEqual({ status: 204, headers: named });
});

test("a page of another site cannot invoke a function", async () => {
  const { gateway } = await start();
  const { origin } = new URL(gateway.managementUrl);

  const answer = await fetch(`${origin}/2015-03-31/functions/worker/invocations`, {
    ...IN_PLACE,
    headers: { ...SIGNED, origin: "https://evil.example.com" },
  });

  expect(answer.status).toBe(403);
  expect(await answer.text()).toContain("The functions of wsgw are for programs on this machine");
  expect(gateway.invocations("worker")).toEqual([]);
});

test("other operations of Lambda are stopped", async () => {
  const functions = { ...definition.functions, lists: { handler: "app.lists", timeout: 20 } };
  const { gateway } = await start({}, { functions });

  const outcome = await gateway.invoke("lists", {});

  expect(outcome).toMatchObject({ kind: "failed", errorType: "CallStoppedByWsgw" });
  expect(gateway.facts("aws.stopped")).toMatchObject([
    { service: "lambda", host: "lambda.us-east-1.amazonaws.com", functionName: "lists" },
  ]);
});

test("endpoints.lambda answers instead of the project's functions", async () => {
  const { gateway, call } = await start({}, { endpoints: { lambda: "http://127.0.0.1:1" } });

  const answer = await call({ sdk: "v3", FunctionName: "worker", config: { maxAttempts: 1 } });

  expect(answer).toMatchObject({ statusCode: 502 });
  expect(gateway.invocations("worker")).toEqual([]);
});

const withoutPython = await lacksPython();
const withoutBoto3 = await promisify(execFile)("python3", ["-c", "import boto3"]).then(
  () => false,
  () => true,
);
const python = { runtime: "python3.11", timeout: 20 } as const;

test.skipIf(withoutPython || withoutBoto3)(
  "boto3 invokes functions of the project, and gets the errors of Python's as they are",
  { tags: ["journey"] },
  async () => {
    const functions = {
      ...definition.functions,
      python: { handler: "app.caller", ...python },
      raises: { handler: "app.raises", ...python },
    };
    const { gateway } = await start({ runtime: "child-process" }, { functions });
    const invoke = (input: object) => call(gateway, input, "python");

    const worker = await invoke({ FunctionName: ARN, Payload: '{"from":"Python"}' });
    const event = await invoke({ FunctionName: "worker", InvocationType: "Event" });
    const raised = await invoke({ FunctionName: "raises" });
    const unknown = await invoke({ FunctionName: "nobody" });
    await gateway.settled();

    expect(worker).toMatchObject({ StatusCode: 200, Payload: { event: { from: "Python" } } });
    expect(event).toMatchObject({ StatusCode: 202, Payload: null });
    expect(raised).toEqual({
      StatusCode: 200,
      FunctionError: "Unhandled",
      ExecutedVersion: "$LATEST",
      Payload: {
        errorMessage: "boom",
        errorType: "ValueError",
        requestId: gateway.invocations("raises")[0]?.awsRequestId,
        stackTrace: [expect.stringContaining("in raises\n    raise ValueError")],
      },
    });
    expect(unknown.error).toContain("Function not found: ");
    const [first] = gateway.facts("function.started", { functionName: "worker" });
    expect(wayBack(gateway, first!)[1]).toMatchObject({ functionName: "python" });
  },
);
