import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  type GatewayOptions,
  type ProjectDefinition,
  startGateway,
  type TestGateway,
} from "../../src/testing/index.ts";
import { stopChecked } from "../checked-facts.ts";
import { buildLambdaChild } from "../contracts/lambda-setup.ts";
import { wayBack } from "./way-back.ts";

/** A project whose function `caller` invokes others by both AWS SDKs. */
export const root = fileURLToPath(new URL("../../fixtures/function-calls", import.meta.url));
export const ARN = "arn:aws:lambda:us-east-1:123456789012:function:worker";
export const UUID = /[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[\da-f]{4}-[\da-f]{12}/;

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

export const definition: ProjectDefinition = {
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

/** Has `caller` invoke a function. */
export async function call(
  gateway: TestGateway,
  input: object,
  functionName = "caller",
): Promise<Answer> {
  const outcome = await gateway.invoke(functionName, input);
  if (outcome.kind === "failed") throw new Error(outcome.errorMessage);
  return JSON.parse(outcome.payload) as Answer;
}

/** A gateway, and calls of its function `caller` by one SDK. */
type Calls = { gateway(): TestGateway; invoke(input: object): Promise<Answer> };

/** How calls are answered, by an SDK and in a runtime. Call it at the top level. */
export function describeCalls(
  runtime: NonNullable<GatewayOptions["runtime"]>,
  sdk: "v2" | "v3",
): void {
  describe(`with SDK ${sdk}, ${runtime}`, () => {
    let gateway: TestGateway;
    beforeAll(async () => {
      await buildLambdaChild();
      gateway = await startGateway(definition, { root, runtime, waitMs: 30_000 });
    });
    afterAll(() => stopChecked(gateway));

    const calls: Calls = {
      gateway: () => gateway,
      invoke: (input) => call(gateway, { sdk, ...input }),
    };
    testResults(calls);
    testFailures(calls);
  });
}

const lastRun = (gateway: TestGateway) => gateway.invocations("worker").at(-1)!;

function testResults({ gateway, invoke }: Calls): void {
  test("a function gets the result of another one, by its name, ARNs and aliases", async () => {
    const names = ["worker", "worker:$LATEST", ARN, `${ARN}:live`, "123456789012:function:worker"];

    for (const FunctionName of [...names, "function:worker", "worker:live", "worker:7"]) {
      const Payload = JSON.stringify({ room: "ü" });
      const answer = await invoke({ FunctionName, Payload });

      const [qualifier = ""] = /(?<=worker):[^:]+$/.exec(FunctionName) ?? [];
      const { awsRequestId } = lastRun(gateway());
      const result = { event: { room: "ü" }, awsRequestId, functionName: "worker" };
      expect(answer).toEqual({
        StatusCode: 200,
        ExecutedVersion: "$LATEST",
        Payload: JSON.stringify({ ...result, invokedFunctionArn: `${ARN}${qualifier}` }),
      });
    }
    const warnings = gateway()
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

  test("Tail brings the log of the invocation, and nothing of others", async () => {
    const say = (LogType: string, says: string) =>
      invoke({ FunctionName: "worker", LogType, Payload: JSON.stringify({ says }) });

    await say("Tail", "first");
    const { log } = await say("Tail", "second");
    const { awsRequestId } = lastRun(gateway());
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
    const before = gateway().invocations("worker").length;
    const answer = await invoke({ FunctionName: "worker", InvocationType: "DryRun" });
    const unknown = await invoke({ FunctionName: "missing", InvocationType: "DryRun" });

    expect(answer).toEqual({ StatusCode: 204, Payload: "" });
    expect(unknown).toMatchObject({ statusCode: 404, error: "ResourceNotFoundException" });
    expect(gateway().invocations("worker")).toHaveLength(before);
  });
}

/** Calls that Lambda rejects, with the status, the type and the message of the error. */
const REJECTED = [
  [
    { FunctionName: "missing" },
    404,
    "ResourceNotFoundException",
    "Function not found: arn:aws:lambda:us-east-1:123456789012:function:missing:$LATEST",
  ],
  [
    { FunctionName: "missing:live" },
    404,
    "ResourceNotFoundException",
    "Function not found: arn:aws:lambda:us-east-1:123456789012:function:missing:live",
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

function testFailures({ gateway, invoke }: Calls): void {
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
    const { awsRequestId } = lastRun(gateway());
    expect(exited).toEqual({
      errorType: "Runtime.ExitError",
      errorMessage: `RequestId: ${awsRequestId} Error: Runtime exited without providing a reason`,
    });
  });

  test("a rejection by Lambda has its error, and a fact caused by the caller", async () => {
    const before = gateway().invocations("worker").length;

    for (const [input, statusCode, error, message] of REJECTED) {
      const answer = await invoke({ ...input });

      expect(answer).toMatchObject({ statusCode, error });
      if (typeof message === "string") expect(answer.message).toBe(message);
      else expect(answer.message).toMatch(message);
      const fact = gateway().facts("invoke.answered").at(-1)!;
      expect(fact).toMatchObject({ functionName: "caller", statusCode, errorType: error });
      expect(wayBack(gateway(), fact).map(({ type }) => type)).toEqual([
        "invoke.answered",
        "function.started",
      ]);
    }
    expect(gateway().invocations("worker")).toHaveLength(before);
  });
}
