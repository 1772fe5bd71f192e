import { expect, test } from "vitest";
import type { LambdaRuntime } from "../../src/emulator/lambda/environment-contract.ts";
import { type Failed, type Language, type RunFunction, runFunction } from "./lambda-setup.ts";

/**
 * The suite of how events end that do not end well, and of what goes on after them, for every way to
 * run functions. What one kind cannot do, it must fail to do as declared.
 */
export function describeLambdaEndings(
  makeRuntime: () => LambdaRuntime,
  isInProcess: boolean,
  language: Language = "javascript",
): void {
  const isJavaScript = language === "javascript";
  /** Nothing of the code runs between two events. */
  const freezes = !isInProcess && (isJavaScript || process.platform !== "win32");
  /** Sees that nothing is left to wait for, so that an answer that can never come is noticed. */
  const seesEmptyLoop = !isInProcess && isJavaScript;
  const start = (handler: string, more: Partial<RunFunction> = {}) =>
    runFunction(makeRuntime(), { handler, isInProcess, language, ...more });

  test.each([
    ["0", "Runtime exited without providing a reason"],
    ["1", "Runtime exited with error: exit status 1"],
    ["42", "Runtime exited with error: exit status 42"],
  ])(
    "exiting with %s fails the event, and the next one gets a fresh environment",
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

  test("exiting in a timer fails the event", async () => {
    const { invoke } = await start("exits.later");

    expect(await invoke("hello")).toMatchObject({
      errorType: "Runtime.ExitError",
      errorMessage: expect.stringContaining("exit status 3"),
    });
  });

  test.runIf(isJavaScript)(
    "an error that a timer throws fails the event and ends the environment",
    async () => {
      const { invoke, facts } = await start("crashes.thrown");

      const outcome = await invoke("hello");
      await invoke("hello");

      expect(outcome).toMatchObject({
        errorType: "RangeError",
        errorMessage: "nobody catches this",
      });
      expect(facts("function.started").map((fact) => fact.cold)).toEqual([true, true]);
    },
  );

  test("a function that takes too long is ended at its time limit", async () => {
    const { invoke, clock, started, facts } = await start("hangs.wait", { timeout: 3 });

    const outcome = invoke("hello");
    await started();
    clock.advance(3000);

    const { awsRequestId } = facts("function.started")[0]!;
    expect(await outcome).toEqual({
      kind: "failed",
      errorType: "Sandbox.Timedout",
      errorMessage: `RequestId: ${awsRequestId} Error: Task timed out after 3.00 seconds`,
      trace: [],
    });
  });

  test.runIf(isJavaScript)(
    "a handler that waits for nothing fails if the loop's end is seen, else at its time limit",
    async () => {
      const { invoke, clock, started } = await start("hangs.forget");

      const outcome = invoke("hello");
      if (!seesEmptyLoop) {
        await started();
        clock.advance(3000);
      }

      const errorType = seesEmptyLoop ? "Runtime.NodeJsExit" : "Sandbox.Timedout";
      expect(await outcome).toMatchObject({ errorType });
    },
  );

  test.runIf(isJavaScript)(
    "a handler that never calls back answers null if the loop's end is seen, else fails at its time limit",
    async () => {
      const { invoke, clock, started } = await start("callbacks.never");

      const outcome = invoke("hello");
      if (!seesEmptyLoop) {
        await started();
        clock.advance(3000);
      }

      expect(await outcome).toMatchObject(
        seesEmptyLoop ? { kind: "returned", payload: "null" } : { errorType: "Sandbox.Timedout" },
      );
    },
  );

  test.runIf(isJavaScript)(
    "a callback's answer waits for remaining work if the loop's end is seen, else it is given at once",
    async () => {
      const { invoke, logged } = await start("callbacks.waits");

      const outcome = await invoke("hello");

      expect(outcome).toEqual({ kind: "returned", payload: '"answered"' });
      expect(logged()).toEqual(seesEmptyLoop ? [["stdout", "late work"]] : []);
    },
  );

  test.runIf(!isInProcess)("a loop is ended at the time limit", async () => {
    const { invoke, clock, journal } = await start("hangs.loop", { timeout: 3 });
    const told = new Promise<void>((resolve) => {
      journal.subscribe((fact) => fact.type === "function.logged" && resolve());
    });

    const outcome = invoke("Infinity");
    await told;
    clock.advance(3000);

    expect(await outcome).toMatchObject({ errorType: "Sandbox.Timedout" });
    expect(await invoke("0")).toMatchObject({ payload: "1" });
  });

  test.runIf(isInProcess)(
    "a loop that cannot be interrupted goes on beyond the time limit and answers",
    async () => {
      const { invoke } = await start("hangs.loop", { timeout: 0.02, realTime: true });

      const outcome = await invoke("60");

      expect(outcome).toMatchObject({ payload: "1" });
      expect(await invoke("0")).toMatchObject({ payload: "2" });
    },
  );

  test("pending work stops between events if environments freeze, else it continues", async () => {
    const leaking = await start("leaks.handler");
    const other = await start(isJavaScript ? "callbacks.waits" : "hangs.loop");

    const beats = async () => {
      const { payload } = (await leaking.invoke("hello")) as unknown as { payload: string };
      return Number(payload);
    };
    // It beats every millisecond. A program is frozen only once it asks for its next event, which may
    // be late on a busy machine: so one look that finds it standing still is enough.
    const still = isJavaScript ? 5 : 100;
    const growths: number[] = [];
    let before = await beats();
    do {
      await other.invoke(isJavaScript ? "100" : "300"); // ms, and 20 where the loop's end is seen
      const after = await beats();
      growths.push(after - before);
      before = after;
    } while (freezes ? Math.min(...growths) >= still && growths.length < 20 : before < 20);

    if (freezes) expect(Math.min(...growths)).toBeLessThan(still);
  });

  test.runIf(isJavaScript && !isInProcess)(
    "an unhandled rejection is the function's failure",
    async () => {
      const { invoke, facts } = await start("crashes.rejected");

      expect(await invoke("hello")).toMatchObject({
        errorType: "Runtime.UnhandledPromiseRejection",
        errorMessage: "Error: nobody handles this",
        trace: expect.arrayContaining(["Error: nobody handles this"]),
      });
      await invoke("hello");
      expect(facts("function.started").map((fact) => fact.cold)).toEqual([true, true]);
    },
  );

  test("aborting fails the event", async () => {
    const { invoke } = await start("crashes.abort");

    expect(await invoke("hello")).toMatchObject({
      errorType: "Runtime.ExitError",
      errorMessage: expect.stringContaining("Runtime exited with error: signal: aborted"),
    });
  });

  test.runIf(!isInProcess)(
    "a killed process fails the event, and the next one gets a fresh environment",
    async () => {
      const { invoke, facts } = await start(isJavaScript ? "crashes.signal" : "crashes.killed");

      const outcomes = [await invoke("hello"), await invoke("hello")];

      for (const outcome of outcomes) {
        expect(outcome).toMatchObject({
          errorType: "Runtime.ExitError",
          errorMessage: expect.stringContaining("Runtime exited with error: signal: killed"),
        });
      }
      expect(facts("function.started").map((fact) => fact.cold)).toEqual([true, true]);
    },
  );

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
