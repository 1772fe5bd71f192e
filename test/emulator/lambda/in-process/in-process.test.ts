import { expect, test } from "vitest";
import { createInProcess } from "../../../../src/emulator/lambda/in-process/in-process.ts";
import { makeProject } from "../../../bundle/project.ts";
import { describeLambdaEndings } from "../../../contracts/lambda-endings.ts";
import { describeLambdaRuntime } from "../../../contracts/lambda-runtime.ts";
import { manualClock, observed, runFunction } from "../../../contracts/lambda-setup.ts";

describeLambdaRuntime(() => observed(createInProcess({ clock: manualClock() })), true);
describeLambdaEndings(() => observed(createInProcess({ clock: manualClock() })), true);

test("the load of the code is measured for the first event", async () => {
  const runtime = observed(createInProcess({ clock: manualClock() }));
  const { invoke, facts } = await runFunction(runtime, {
    handler: "ordinary.handler",
    isInProcess: true,
  });
  const before = performance.now();

  await invoke("hello");

  const [{ initMs } = {}] = facts("function.ended");
  expect(initMs).toBeGreaterThan(0);
  expect(initMs).toBeLessThan(performance.now() - before);
});

test("reports an unfinished line when in-process code exits", async () => {
  const { root } = makeProject({
    "app.js": `exports.handler = async () => {
      process.stdout.write("without an end");
      process.exit(1);
    };`,
  });
  const { invoke, logged } = await runFunction(createInProcess({ clock: manualClock() }), {
    ...{ root, handler: "app.handler", isInProcess: true },
  });

  await invoke("hello");

  expect(logged()).toEqual([["stdout", "without an end"]]);
});
