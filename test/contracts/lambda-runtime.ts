import { expect, onTestFinished, test } from "vitest";
import type { LambdaRuntime } from "../../src/emulator/lambda/environment.ts";
import { type RunFunction, runFunction } from "./lambda-setup.ts";

type Failed = { errorType: string; errorMessage: string; trace: string[] };

/** The suite of every way to run functions. What one kind cannot do, it must fail to do as declared. */
export function describeLambdaRuntime(
  makeRuntime: () => LambdaRuntime,
  isInProcess: boolean,
): void {
  const { capabilities } = makeRuntime();
  const start = async (handler: string, more: Partial<RunFunction> = {}) => {
    const run = await runFunction(makeRuntime(), { handler, isInProcess, ...more });
    onTestFinished(() => run.lambda.stop());
    return run;
  };

  test("the handler's result comes back as JSON text", async () => {
    const { invoke } = await start("ordinary.handler");

    expect(await invoke("hello")).toEqual({
      kind: "returned",
      payload: '{"statusCode":200,"body":"hello"}',
    });
  });

  test.each([
    ["an async handler without a result", "ordinary.nothing", "null"],
    ["a nested export", "ordinary.api.nested.handler", '"nested"'],
    ["a callback", "callbacks.result", '{"body":"hello"}'],
    ["a second callback, which is ignored", "callbacks.twice", '"first"'],
    ["a callback that waits for nothing", "callbacks.doesNotWait", '"at once"'],
    ["context.succeed", "callbacks.succeed", '"succeeded"'],
    ["context.done", "callbacks.done", '"done"'],
  ])("%s is answered", async (_, handler, payload) => {
    const { invoke } = await start(handler);

    expect(await invoke("hello")).toEqual({ kind: "returned", payload });
  });

  test.each([
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
  ])("%s is a failure in Lambda's words", async (_, handler, errorType, errorMessage) => {
    const { invoke } = await start(handler);

    expect(await invoke("hello")).toMatchObject({ kind: "failed", errorType, errorMessage });
  });

  test("a package that is not installed is an import error", async () => {
    const { invoke } = await start("missing-package.handler");

    const outcome = (await invoke("hello")) as unknown as Failed;

    expect(outcome.errorType).toBe("Runtime.ImportModuleError");
    expect(outcome.errorMessage).toMatch(/^Error: Cannot find module 'a-package-that-nobody-has'/);
  });

  test("a trace names the author's file and line", async () => {
    const { invoke, root } = await start("throws.synchronously");

    const outcome = (await invoke("hello")) as unknown as Failed;

    expect(outcome.trace[0]).toBe("Error: boom");
    expect(outcome.trace[1]).toContain(`${root}/throws.js:12:9`);
  });

  test("a trace through TypeScript names the author's file and line", async () => {
    const { invoke, root } = await start("typed/fails.handler");

    const outcome = (await invoke("fail")) as unknown as Failed;

    expect(outcome.trace[0]).toBe("Error: failed on fail");
    expect(outcome.trace[1]).toContain(`${root}/typed/fails.ts:14:9`);
  });

  test("a failure of the handler leaves its environment in use", async () => {
    const { invoke } = await start("throws.once");

    await invoke("hello");

    expect(await invoke("hello")).toEqual({ kind: "returned", payload: "2" });
  });

  test("an answer of more than 6 MB is refused, one of 6 MB is carried", async () => {
    const { invoke } = await start("throws.large");
    const limit = 6_291_556;

    const carried = (await invoke(String(limit - 2))) as unknown as { payload: string };
    const refused = await invoke(String(limit - 1));

    expect(carried.payload).toHaveLength(limit);
    expect(refused).toMatchObject({
      errorType: "Function.ResponseSizeTooLarge",
      errorMessage: `Response payload size (${limit + 1} bytes) exceeded maximum allowed payload size (${limit} bytes).`,
    });
  });

  test("the context has Lambda's fields", async () => {
    const { invoke } = await start("ordinary.context", { memory: 256, timeout: 5 });

    const { payload } = (await invoke("hello")) as unknown as { payload: string };
    const context = JSON.parse(payload);

    expect(context).toEqual({
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
    expect(context.remaining).toBeGreaterThan(3000);
    expect(context.remaining).toBeLessThanOrEqual(5000);
  });

  test("the environment has the function's variables and nothing of this process's", async () => {
    process.env.WSGW_TEST_LEAK = "leaked";
    const { invoke, spec } = await start("ordinary.variables");

    const { payload } = (await invoke("hello")) as unknown as { payload: string };
    const { AWS_LAMBDA_LOG_STREAM_NAME, _X_AMZN_TRACE_ID, ...variables } = JSON.parse(payload);

    expect(variables).toEqual(spec.environment);
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
      folder: root,
      file: `${root}/ordinary.js`,
      assigned: "5",
    });
    if (capabilities.ownsProcess) expect(seen.utc).toBe(0);
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

  test("what the code prints is told line by line before its answer", async () => {
    const { invoke, logged, facts } = await start("prints.handler");

    await invoke("hello");

    expect(logged()).toEqual([
      ["stdout", "while loading"],
      ["stdout", "a text and { a: [ 1, { b: 2 } ] }"],
      ["stderr", "an error"],
      ["stderr", "two\nlines"],
      ["stdout", "half and half"],
      ["stderr", "to stderr"],
      ["stdout", "not ended"],
    ]);
    const lines = facts("function.logged");
    expect(new Set(lines.map((line) => line.awsRequestId)).size).toBe(1);
    expect(lines[0]).toMatchObject({ requestId: "request", connectionId: "connection" });
    expect(facts("function.ended")[0]!.seq).toBeGreaterThan(lines.at(-1)!.seq);
  });

  test.each([
    ["0", "Runtime exited without providing a reason"],
    ["1", "Runtime exited with error: exit status 1"],
    ["42", "Runtime exited with error: exit status 42"],
  ])(
    "process.exit(%s) fails the event, and the next one gets a fresh environment",
    async (code, how) => {
      const { invoke, logged, facts } = await start("exits.handler");

      const outcome = (await invoke(code)) as unknown as Failed;
      const again = await invoke(code);

      const { awsRequestId } = facts("function.started")[0]!;
      expect(outcome.errorType).toBe("Runtime.ExitError");
      expect(outcome.errorMessage).toBe(`RequestId: ${awsRequestId} Error: ${how}`);
      expect(again).toMatchObject({ errorType: "Runtime.ExitError" });
      expect(facts("function.started").map((fact) => fact.cold)).toEqual([true, true]);
      expect(logged()).toEqual([
        ["stdout", "last words"],
        ["stdout", "last words"],
      ]);
    },
  );

  test("process.exit() in a timer fails the event", async () => {
    const { invoke } = await start("exits.later");

    expect(await invoke("hello")).toMatchObject({
      errorType: "Runtime.ExitError",
      errorMessage: expect.stringContaining("exit status 3"),
    });
  });

  test("an error that a timer throws fails the event and ends the environment", async () => {
    const { invoke, facts } = await start("crashes.thrown");

    const outcome = await invoke("hello");
    await invoke("hello");

    expect(outcome).toMatchObject({ errorType: "RangeError", errorMessage: "nobody catches this" });
    expect(facts("function.started").map((fact) => fact.cold)).toEqual([true, true]);
  });

  test("a function that takes too long is ended at its time limit", async () => {
    const { invoke, clock, started, facts } = await start("hangs.wait", { timeout: 3 });

    const outcome = invoke("hello");
    await started();
    clock.advance(3000);

    const { awsRequestId } = facts("function.started")[0]!;
    expect(await outcome).toEqual({
      kind: "failed",
      errorType: "Sandbox.Timedout",
      errorMessage: `2026-03-01T00:00:03.000Z ${awsRequestId} Task timed out after 3.00 seconds`,
      trace: [],
    });
  });

  test("a handler that waits for nothing fails if the loop's end is seen, else at its time limit", async () => {
    const { invoke, clock, started } = await start("hangs.forget");

    const outcome = invoke("hello");
    if (!capabilities.seesEmptyLoop) {
      await started();
      clock.advance(3000);
    }

    const errorType = capabilities.seesEmptyLoop ? "Runtime.NodeJsExit" : "Sandbox.Timedout";
    expect(await outcome).toMatchObject({ errorType });
  });

  test("a handler that never calls back answers null if the loop's end is seen, else fails at its time limit", async () => {
    const { invoke, clock, started } = await start("callbacks.never");

    const outcome = invoke("hello");
    if (!capabilities.seesEmptyLoop) {
      await started();
      clock.advance(3000);
    }

    expect(await outcome).toMatchObject(
      capabilities.seesEmptyLoop
        ? { kind: "returned", payload: "null" }
        : { errorType: "Sandbox.Timedout" },
    );
  });

  test("a callback's answer waits for remaining work if the loop's end is seen, else it is given at once", async () => {
    const { invoke, logged } = await start("callbacks.waits");

    const outcome = await invoke("hello");

    expect(outcome).toEqual({ kind: "returned", payload: '"answered"' });
    expect(logged()).toEqual(capabilities.seesEmptyLoop ? [["stdout", "late work"]] : []);
  });

  test("a loop is ended at the time limit if code can be interrupted, else it goes on and answers", async () => {
    const { invoke } = await start("hangs.loop", { timeout: 0.02, realTime: true });

    const outcome = await invoke(capabilities.interruptsCode ? "Infinity" : "60");
    const next = await invoke("0");

    expect(outcome).toMatchObject(
      capabilities.interruptsCode ? { errorType: "Sandbox.Timedout" } : { payload: "1" },
    );
    expect(next).toMatchObject({ payload: capabilities.interruptsCode ? "1" : "2" });
  });

  test("work left behind stands still between events if environments freeze, else it goes on", async () => {
    const leaking = await start("leaks.handler");
    const other = await start("callbacks.waits");

    await leaking.invoke("hello");
    let beats = 0;
    do {
      await other.invoke("hello"); // takes 20 ms where the loop's end is seen
      const { payload } = (await leaking.invoke("hello")) as unknown as { payload: string };
      beats = Number(payload);
    } while (!capabilities.freezes && beats < 20);

    if (capabilities.freezes) expect(beats).toBeLessThan(5);
  });

  test("a rejection that nobody handles is the function's failure if it can be told apart, else the host's", async () => {
    const { invoke, facts } = await start("crashes.rejected");
    const hosts = hostRejections();

    const outcome = invoke("hello");

    if (capabilities.catchesRejections) {
      expect(await outcome).toMatchObject({
        errorType: "Runtime.UnhandledPromiseRejection",
        errorMessage: "Error: nobody handles this",
        trace: expect.arrayContaining(["Error: nobody handles this"]),
      });
      await invoke("hello");
      expect(facts("function.started").map((fact) => fact.cold)).toEqual([true, true]);
    } else {
      expect(await hosts.first).toMatchObject({ message: "nobody handles this" });
    }
  });

  test("process.abort() fails the event", async () => {
    const { invoke } = await start("crashes.abort");

    expect(await invoke("hello")).toMatchObject({
      errorType: "Runtime.ExitError",
      errorMessage: expect.stringContaining("Runtime exited with error: signal: aborted"),
    });
  });

  test("stop ends what runs, and what comes after it fails", async () => {
    const { invoke, lambda, started } = await start("hangs.wait");

    const outcome = invoke("hello");
    await started();
    await lambda.stop();
    await lambda.stop();

    const killed = {
      errorType: "Runtime.ExitError",
      errorMessage: expect.stringContaining("signal: killed"),
    };
    expect(await outcome).toMatchObject(killed);
    expect(await invoke("hello")).toMatchObject(killed);
  });
}

/** Listens in place of the test runner, which would fail the run. */
function hostRejections(): { readonly first: Promise<unknown> } {
  const others = process.listeners("unhandledRejection");
  process.removeAllListeners("unhandledRejection");
  const first = new Promise((resolve) => process.once("unhandledRejection", resolve));
  onTestFinished(() => {
    process.removeAllListeners("unhandledRejection");
    for (const listener of others) process.on("unhandledRejection", listener);
  });
  return { first };
}
