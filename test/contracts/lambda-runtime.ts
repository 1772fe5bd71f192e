import { expect, test } from "vitest";
import type { LambdaRuntime } from "../../src/emulator/lambda/environment-contract.ts";
import { type Failed, type Language, type RunFunction, runFunction } from "./lambda-setup.ts";

/** The suite of what handlers see and answer, for every way to run functions. What one kind cannot do, it must fail to do as declared. */
export function describeLambdaRuntime(
  makeRuntime: () => LambdaRuntime,
  isInProcess: boolean,
  language: Language = "javascript",
): void {
  const isJavaScript = language === "javascript";
  const start = (handler: string, more: Partial<RunFunction> = {}) =>
    runFunction(makeRuntime(), { handler, isInProcess, language, ...more });

  test("the handler's result comes back as JSON text", async () => {
    const { invoke } = await start("ordinary.handler");

    const outcome = await invoke("hello");

    expect(outcome).toMatchObject({ kind: "returned" });
    const { payload } = outcome as unknown as { payload: string };
    expect(JSON.parse(payload)).toEqual({ statusCode: 200, body: "hello" });
  });

  test.each([
    ["a handler without a result", "ordinary.nothing", "null"],
    ["a number", "ordinary.count", "1"],
    ...(isJavaScript ? javaScriptAnswers : pythonAnswers),
  ])("%s is answered", async (_, handler, payload) => {
    const { invoke } = await start(handler);

    expect(await invoke("hello")).toEqual({ kind: "returned", payload });
  });

  test.each(isJavaScript ? javaScriptFailures : pythonFailures)(
    "%s is a failure in Lambda's words",
    async (_, handler, errorType, errorMessage) => {
      const { invoke } = await start(handler);

      expect(await invoke("hello")).toMatchObject({ kind: "failed", errorType, errorMessage });
    },
  );

  test("a package that is not installed is an import error", async () => {
    const { invoke } = await start("missing-package.handler");

    const outcome = (await invoke("hello")) as unknown as Failed;

    expect(outcome.errorType).toBe("Runtime.ImportModuleError");
    expect(outcome.errorMessage).toMatch(
      isJavaScript
        ? /^Error: Cannot find module 'a-package-that-nobody-has'/
        : /^Unable to import module 'missing-package': No module named 'a_package_that_nobody_has'$/,
    );
  });

  test("a trace names the author's file and line", async () => {
    const { invoke, root } = await start("throws.synchronously");

    const outcome = (await invoke("hello")) as unknown as Failed;

    if (isJavaScript) {
      expect(outcome.trace[0]).toBe("Error: boom");
      expect(outcome.trace[1]).toContain(`${root}/throws.js:12:9`);
    } else {
      expect(outcome.trace.map((line) => line.trim())).toEqual([
        `File "${root}/throws.py", line 10, in synchronously`,
        'raise Exception("boom")',
      ]);
    }
  });

  test.runIf(isJavaScript)(
    "a trace through TypeScript names the author's file and line",
    async () => {
      const { invoke, root } = await start("typed/fails.handler");

      const outcome = (await invoke("fail")) as unknown as Failed;

      expect(outcome.trace[0]).toBe("Error: failed on fail");
      expect(outcome.trace[1]).toContain(`${root}/typed/fails.ts:14:9`);
    },
  );

  test("a failure of the handler leaves its environment in use", async () => {
    const { invoke } = await start("throws.once");

    await invoke("hello");

    expect(await invoke("hello")).toEqual({ kind: "returned", payload: "2" });
  });

  test("rejects a response over 6 MB, and accepts one of 6 MB", async () => {
    const { invoke } = await start("throws.large");
    const limit = 6_291_556;

    const carried = (await invoke(String(limit - 2))) as unknown as { payload: string };
    const rejected = await invoke(String(limit - 1));

    expect(carried.payload).toHaveLength(limit);
    expect(rejected).toMatchObject({
      errorType: "Function.ResponseSizeTooLarge",
      errorMessage: `Response payload size exceeded maximum allowed payload size (${limit} bytes).`,
    });
  });

  test("the context has Lambda's fields", async () => {
    const { invoke } = await start("ordinary.context", { memory: 256, timeout: 60 });

    const { payload } = (await invoke("hello")) as unknown as { payload: string };
    const context = JSON.parse(payload);

    const seen = isJavaScript ? context : withJavaScriptNames(context);
    expect(seen).toEqual({
      callbackWaitsForEmptyEventLoop: true,
      functionName: "probe",
      functionVersion: "$LATEST",
      memoryLimitInMB: "256",
      logGroupName: "/aws/lambda/probe",
      logStreamName: expect.stringMatching(/^\d{4}\/\d\d\/\d\d\/\[\$LATEST\][0-9a-f]{32}$/),
      invokedFunctionArn: "arn:aws:lambda:us-east-1:123456789012:function:probe",
      awsRequestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      remaining: expect.any(Number),
    });
    expect(context.remaining).toBeGreaterThan(30_000);
    expect(context.remaining).toBeLessThanOrEqual(60_000);
  });

  test("the environment has the function's variables and nothing of this process's", async () => {
    expect(process.env.VITEST).toBeDefined();
    const { invoke, spec } = await start("ordinary.variables");

    const { payload } = (await invoke("hello")) as unknown as { payload: string };
    const { AWS_LAMBDA_LOG_STREAM_NAME, _X_AMZN_TRACE_ID, ...variables } = JSON.parse(payload);

    // Those of a program are filled in, or set by its interpreter.
    const { AWS_LAMBDA_RUNTIME_API, LC_CTYPE, TMPDIR, ...others } = variables;
    const { AWS_LAMBDA_RUNTIME_API: placeholder, ...given } = spec.environment;
    expect(others).toEqual(given);
    if (spec.program === undefined) expect(AWS_LAMBDA_RUNTIME_API).toBe(placeholder);
    else expect(AWS_LAMBDA_RUNTIME_API).toMatch(/^127\.0\.0\.1:\d+$/);
    if (!isInProcess) expect(TMPDIR).toMatch(/wsgw-tmp-\d+-\w+-\w+$/);
    expect(AWS_LAMBDA_LOG_STREAM_NAME).toContain("[$LATEST]");
    expect(_X_AMZN_TRACE_ID).toMatch(
      /^Root=1-[0-9a-f]{8}-[0-9a-f]{24};Parent=[0-9a-f]{16};Sampled=0$/,
    );
  });

  test("the code finds itself where its author put it", async () => {
    const { invoke, root } = await start("ordinary.process");

    const { payload } = (await invoke("hello")) as unknown as { payload: string };
    const seen = JSON.parse(payload);

    expect(seen).toMatchObject({
      cwd: root,
      directory: root,
      file: isJavaScript ? `${root}/ordinary.js` : `${root}/ordinary.py`,
      ...(isJavaScript && { assigned: "5" }),
    });
    expect(seen.utc).toBe(isInProcess ? new Date(0).getHours() : 0);
  });

  test("module state lives on from event to event", async () => {
    const { invoke } = await start("ordinary.count");

    const outcomes = [await invoke("1"), await invoke("2"), await invoke("3")];

    expect(outcomes).toMatchObject([{ payload: "1" }, { payload: "2" }, { payload: "3" }]);
  });

  test("events that overlap get environments of their own", async () => {
    const { invoke } = await start("ordinary.count");

    const outcomes = await Promise.all([invoke("1"), invoke("2")]);

    expect(outcomes).toMatchObject([{ payload: "1" }, { payload: "1" }]);
  });

  test("reports the code's output line by line before its response", async () => {
    const { invoke, logged, facts } = await start("prints.handler");

    await invoke("hello");

    if (isJavaScript) expect(logged()).toEqual(printedByJavaScript);
    // Two pipes keep no order between them.
    else expect(logged().toSorted()).toEqual(printedByPython);
    const lines = facts("function.logged");
    expect(new Set(lines.map((line) => line.awsRequestId)).size).toBe(1);
    expect(lines[0]).toMatchObject({ requestId: "request", connectionId: "connection" });
    expect(facts("function.ended")[0]!.seq).toBeGreaterThan(lines.at(-1)!.seq);
  });
}

const javaScriptAnswers: readonly [string, string, string][] = [
  ["a nested export", "ordinary.api.nested.handler", '"nested"'],
  ["a callback", "callbacks.result", '{"body":"hello"}'],
  ["a second callback, which is ignored", "callbacks.twice", '"first"'],
  ["a callback that waits for nothing", "callbacks.doesNotWait", '"at once"'],
  ["context.succeed", "callbacks.succeed", '"succeeded"'],
  ["context.done", "callbacks.done", '"done"'],
];

const pythonAnswers: readonly [string, string, string][] = [
  [
    "a Decimal with all of its digits",
    "ordinary.decimals",
    `{"price": 1.10, "text": "price", "more": [${"9".repeat(30)}]}`,
  ],
  ["text beyond ASCII before Python 3.12", "ordinary.unicode", '"gr\\u00fc\\u00dfe"'],
];

const javaScriptFailures: readonly [string, string, string, string][] = [
  ["a thrown error", "throws.synchronously", "Error", "boom"],
  ["a rejection", "throws.rejecting", "NotFound", "no such thing"],
  ["a thrown text", "throws.text", "string", "a text"],
  ["a rejection with nothing", "throws.nothing", "string", "handled"],
  ["a thrown object", "throws.object", "object", "[object Object]"],
  ["a callback with an error", "callbacks.error", "TypeError", "by callback"],
  ["a callback with a text", "callbacks.text", "string", "only a text"],
  ["context.fail", "callbacks.fail", "Error", "failed"],
  ["a circular result", "throws.circular", "Error", "Unable to stringify response body"],
  ["a bigint", "throws.bigint", "Error", "Unable to stringify response body"],
  [
    "an export that is missing",
    "ordinary.handel",
    "Runtime.HandlerNotFound",
    "ordinary.handel is undefined or not exported",
  ],
  [
    "an export that is no function",
    "ordinary.value",
    "Runtime.HandlerNotFound",
    "ordinary.value is not a function",
  ],
  ["code that throws while it is loaded", "throws-at-load.handler", "Error", "not configured"],
];

const pythonFailures: readonly [string, string, string, string][] = [
  ["a raised exception", "throws.synchronously", "Exception", "boom"],
  ["an exception of the author's", "throws.rejecting", "NotFound", "no such thing"],
  [
    "a circular result",
    "throws.circular",
    "Runtime.MarshalError",
    "Unable to marshal response: Circular reference detected",
  ],
  [
    "a set",
    "throws.unserializable",
    "Runtime.MarshalError",
    "Unable to marshal response: Object of type set is not JSON serializable",
  ],
  [
    "a function that is missing",
    "ordinary.handel",
    "Runtime.HandlerNotFound",
    "Handler 'handel' missing on module 'ordinary'",
  ],
  ["what is no function", "ordinary.value", "TypeError", "'int' object is not callable"],
  ["code that raises while it is loaded", "throws-at-load.handler", "Exception", "not configured"],
];

const printedByJavaScript = [
  ["stdout", "while loading"],
  ["stdout", "a text and { a: [ 1, { b: 2 } ] }"],
  ["stderr", "an error"],
  ["stderr", "two\nlines"],
  ["stdout", "half and half"],
  ["stderr", "to stderr"],
  ["stdout", "not ended"],
];

const printedByPython = [
  ["stderr", "to stderr"],
  ["stdout", "a 1 {'b': 2}"],
  ["stdout", "half and half"],
  ["stdout", "not ended"],
  ["stdout", "while loading"],
];

/** Python's context under the names that JavaScript's has. */
function withJavaScriptNames(context: Record<string, unknown>): Record<string, unknown> {
  expect(context).toMatchObject({ client_context: null, tenant_id: null });
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionName: context.function_name,
    functionVersion: context.function_version,
    memoryLimitInMB: context.memory_limit_in_mb,
    logGroupName: context.log_group_name,
    logStreamName: context.log_stream_name,
    invokedFunctionArn: context.invoked_function_arn,
    awsRequestId: context.aws_request_id,
    remaining: context.remaining,
  };
}
