import { execFile } from "node:child_process";
import { createServer } from "node:http";
import { setImmediate as nextTurn } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import {
  type Entry,
  type GatewayOptions,
  type ProjectDefinition,
  startGateway,
  type TestGateway,
} from "../../src/testing/index.ts";
import { stopChecked } from "../checked-facts.ts";
import { buildLambdaChild, lacksPython } from "../contracts/lambda-setup.ts";
import { listen } from "../listen.ts";

const root = fileURLToPath(new URL("../../fixtures/function-calls", import.meta.url));
const ARN = "arn:aws:lambda:us-east-1:123456789012:function:worker";
const UUID = /[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[\da-f]{4}-[\da-f]{12}/;

beforeAll(buildLambdaChild);

type Answer = {
  readonly StatusCode?: number;
  readonly FunctionError?: string;
  readonly ExecutedVersion?: string;
  readonly Payload?: string;
  readonly log?: string;
  readonly error?: string;
  readonly message?: string;
  readonly statusCode?: number;
};

const definition: ProjectDefinition = {
  name: "calls",
  functions: {
    route: { handler: "app.route", timeout: 20 },
    caller: {
      handler: "app.caller",
      timeout: 20,
      environment: {
        WORKER: { ref: "function.worker.name" },
        WORKER_ARN: { ref: "function.worker.arn" },
      },
    },
    worker: { handler: "app.worker", timeout: 3, memory: 256 },
  },
  apis: {
    main: {
      routeSelectionExpression: "$request.body.action",
      stages: { dev: {} },
      routes: { $default: { function: "route", routeResponse: true } },
    },
  },
};

async function start(options: GatewayOptions = {}, more: Partial<ProjectDefinition> = {}) {
  const gateway = await startGateway(
    { ...definition, ...more },
    { root, waitMs: 30_000, startAt: Date.UTC(2026, 2, 1), ...options },
  );
  onTestFinished(() => stopChecked(gateway));
  return { gateway, call: (input: object) => call(gateway, input) };
}

/** Has `caller` invoke a function. */
async function call(gateway: TestGateway, input: object, functionName = "caller"): Promise<Answer> {
  const outcome = await gateway.invoke(functionName, input);
  if (outcome.kind === "failed") throw new Error(outcome.errorMessage);
  return JSON.parse(outcome.payload) as Answer;
}

const everywhere = (["child-process", "in-process"] as const).flatMap((runtime) =>
  (["v2", "v3"] as const).map((sdk) => ({ runtime, sdk })),
);

describe.each(everywhere)("with SDK $sdk, $runtime", ({ runtime, sdk }) => {
  let gateway: TestGateway;
  const invoke = (input: object) => call(gateway, { sdk, ...input });
  const lastRun = () => gateway.invocations("worker").at(-1)!;

  beforeAll(async () => {
    gateway = await startGateway(definition, { root, runtime, waitMs: 30_000 });
  });
  afterAll(() => stopChecked(gateway));

  test("a function gets the result of another one, by its name, ARNs and aliases", async () => {
    const names = ["worker", "worker:$LATEST", ARN, `${ARN}:live`, "123456789012:function:worker"];

    for (const FunctionName of [...names, "function:worker", "worker:live", "worker:7"]) {
      const Payload = JSON.stringify({ room: "ü" });
      const answer = await invoke({ FunctionName, Payload });

      const [qualifier = ""] = /(?<=worker):[^:]+$/.exec(FunctionName) ?? [];
      const { awsRequestId } = lastRun();
      const result = { event: { room: "ü" }, awsRequestId, functionName: "worker" };
      expect(answer).toEqual({
        StatusCode: 200,
        ExecutedVersion: "$LATEST",
        Payload: JSON.stringify({ ...result, invokedFunctionArn: `${ARN}${qualifier}` }),
      });
    }
    const warnings = gateway
      .facts("warning")
      .map(({ message }) => message.split(" was invoked")[0]);
    expect(warnings.filter((name) => name?.startsWith("worker"))).toEqual([
      "worker:live",
      "worker:7",
    ]);
  });

  test("Qualifier names an alias, and no payload is an empty object", async () => {
    const answer = await invoke({ FunctionName: "worker", Qualifier: "$LATEST" });
    const other = await invoke({ FunctionName: "worker:a", Qualifier: "b" });

    expect(JSON.parse(answer.Payload ?? "")).toMatchObject({ event: {} });
    expect(other).toMatchObject({
      statusCode: 400,
      error: "InvalidParameterValueException",
      message:
        "The derived qualifier from the function name does not match the specified qualifier.",
    });
  });

  test("a function that returns nothing answers null", async () => {
    const Payload = '{"nothing":true}';
    expect(await invoke({ FunctionName: "worker", Payload })).toEqual({
      StatusCode: 200,
      ExecutedVersion: "$LATEST",
      Payload: "null",
    });
  });

  test("errors of the function come with 200, FunctionError and Lambda's payload", async () => {
    const fail = async (payload: object) => {
      const answer = await invoke({ FunctionName: "worker", Payload: JSON.stringify(payload) });
      expect(answer).toMatchObject({ StatusCode: 200, FunctionError: "Unhandled" });
      return JSON.parse(answer.Payload ?? "");
    };

    const thrown = await fail({ fails: 99 });
    const large = await fail({ answers: 6_291_555 });
    const exited = await fail({ exits: true });

    expect(Object.keys(thrown)).toEqual(["errorType", "errorMessage", "trace"]);
    expect(thrown).toMatchObject({ errorType: "Error", errorMessage: "boom" });
    expect(thrown.trace[0]).toBe("Error: boom");
    expect(large).toEqual({
      errorType: "Function.ResponseSizeTooLarge",
      errorMessage: "Response payload size exceeded maximum allowed payload size (6291556 bytes).",
    });
    const { awsRequestId } = lastRun();
    expect(exited).toEqual({
      errorType: "Runtime.ExitError",
      errorMessage: `RequestId: ${awsRequestId} Error: Runtime exited without providing a reason`,
    });
  });

  test("Tail brings the log of the invocation, and nothing of others", async () => {
    const say = (LogType: string, says: string) =>
      invoke({ FunctionName: "worker", LogType, Payload: JSON.stringify({ says }) });

    await say("Tail", "first");
    const { log } = await say("Tail", "second");
    const { awsRequestId } = lastRun();
    const none = await say("None", "third");

    expect(log?.split("\n")).toEqual([
      `START RequestId: ${awsRequestId} Version: $LATEST`,
      expect.stringContaining("second"),
      `END RequestId: ${awsRequestId}`,
      expect.stringMatching(
        new RegExp(
          `^REPORT RequestId: ${awsRequestId}\tDuration: [\\d.]+ ms\tBilled Duration: \\d+ ms\tMemory Size: 256 MB\t`,
        ),
      ),
      "",
    ]);
    expect(none).not.toHaveProperty("log");
  });

  test("DryRun is answered with 204 and runs nothing", async () => {
    const before = gateway.invocations("worker").length;
    const answer = await invoke({ FunctionName: "worker", InvocationType: "DryRun" });
    const unknown = await invoke({ FunctionName: "nobody", InvocationType: "DryRun" });

    expect(answer).toEqual({ StatusCode: 204, Payload: "" });
    expect(unknown).toMatchObject({ statusCode: 404, error: "ResourceNotFoundException" });
    expect(gateway.invocations("worker")).toHaveLength(before);
  });

  test("a rejection by Lambda has its error, and a fact caused by the caller", async () => {
    const before = gateway.invocations("worker").length;
    const refusals = [
      [
        { FunctionName: "nobody" },
        404,
        "ResourceNotFoundException",
        "Function not found: arn:aws:lambda:us-east-1:123456789012:function:nobody:$LATEST",
      ],
      [
        { FunctionName: "nobody:live" },
        404,
        "ResourceNotFoundException",
        "Function not found: arn:aws:lambda:us-east-1:123456789012:function:nobody:live",
      ],
      [
        { FunctionName: ARN.replace("us-east-1", "eu-west-1") },
        404,
        "ResourceNotFoundException",
        "Functions from 'eu-west-1' are not reachable in this region ('us-east-1')",
      ],
      [
        { FunctionName: "worker", config: { region: "eu-west-1" } },
        404,
        "ResourceNotFoundException",
        "Function not found: arn:aws:lambda:eu-west-1:123456789012:function:worker:$LATEST",
      ],
      [
        { FunctionName: ARN.replace("123456789012", "999999999999") },
        403,
        "AccessDeniedException",
        "User: arn:aws:sts::123456789012:assumed-role/caller/caller is not authorized to perform: lambda:InvokeFunction on resource: arn:aws:lambda:us-east-1:999999999999:function:worker because no resource-based policy allows the lambda:InvokeFunction action",
      ],
      [
        { FunctionName: "worker", Payload: "no JSON" },
        400,
        "InvalidRequestContentException",
        /^Could not parse request body into json: Could not parse payload into json: /,
      ],
      [
        { FunctionName: "worker", repeat: 6 * 1024 * 1024 - 1 },
        413,
        "RequestTooLargeException",
        "Request must be smaller than 6291456 bytes for the InvokeFunction operation",
      ],
      [
        { FunctionName: "worker", InvocationType: "Event", repeat: 1024 * 1024 - 1 },
        413,
        "RequestTooLargeException",
        "Request must be smaller than 1048576 bytes for the InvokeFunction operation",
      ],
      [
        { FunctionName: "worker", InvocationType: "Later" },
        400,
        "InvalidParameterValueException",
        "1 validation error detected: Value 'Later' at 'invocationType' failed to satisfy constraint: Member must satisfy enum value set: [Event, RequestResponse, DryRun]",
      ],
    ] as const;

    for (const [input, statusCode, error, message] of refusals) {
      const answer = await invoke({ ...input });

      expect(answer).toMatchObject({ statusCode, error });
      if (typeof message === "string") expect(answer.message).toBe(message);
      else expect(answer.message).toMatch(message);
      const fact = gateway.facts("invoke.answered").at(-1)!;
      expect(fact).toMatchObject({ functionName: "caller", statusCode, errorType: error });
      expect(wayBack(gateway, fact).map(({ type }) => type)).toEqual([
        "invoke.answered",
        "function.started",
      ]);
    }
    expect(gateway.invocations("worker")).toHaveLength(before);
  });
});

/** What led to a fact, from itself back to where nothing caused it any more. */
function wayBack(gateway: TestGateway, of: Entry): readonly Entry[] {
  const cause = gateway.journal.entries().find(({ id }) => id === of.causedBy);
  return [of, ...(cause === undefined ? [] : wayBack(gateway, cause))];
}

test("payloads of exactly 6 MB, and of 1 MB for Event, are taken", async () => {
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

test("when the gateway stops, events under way run to their end and others are dropped", async () => {
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
