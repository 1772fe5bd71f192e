import { expect, test } from "vitest";
import type { FunctionSpec } from "../../../../src/emulator/lambda/environment.ts";
import { createSandboxGlobals } from "../../../../src/emulator/lambda/in-process/sandbox-globals.ts";

function started() {
  const ends: unknown[] = [];
  const own = createSandboxGlobals(
    {
      root: "/project",
      environment: { A: "1" },
      code: { file: "/x.js" },
    } as unknown as FunctionSpec,
    { write: () => {}, exit: (end) => ends.push(end), uncaught: () => {} },
  );
  return { ends, own: own.process };
}

test("the process of code in this process measures time and memory like any other", () => {
  const { own } = started();

  expect(own.hrtime.bigint()).toBeTypeOf("bigint");
  expect(own.hrtime()).toHaveLength(2);
  expect(own.memoryUsage.rss()).toBeGreaterThan(0);
  expect(own.memoryUsage().rss).toBeGreaterThan(0);
});

test("what code does to its process is done to nobody else's", () => {
  const { own } = started();
  const { platform, title } = process;

  Object.defineProperty(own, "platform", { value: "plan9" });
  own.title = "mine";
  Object.assign(own, { mine: 1 });
  Reflect.deleteProperty(own, "versions");

  expect([own.platform, own.title, Reflect.get(own, "mine")]).toEqual(["plan9", "mine", 1]);
  expect([process.platform, process.title, "mine" in process]).toEqual([platform, title, false]);
  expect(process.versions.node).toBeDefined();
  expect(Object.getOwnPropertyDescriptor(own, "env")?.value).toEqual({ A: "1" });
});

test("asking whether the process is there does not end it", () => {
  const { ends, own } = started();

  expect(own.kill(process.pid, 0)).toBe(true);
  expect(ends).toEqual([]);
});

test("a process that sends itself a signal ends by it", () => {
  const { ends, own } = started();

  expect(() => own.kill(process.pid, "SIGUSR2")).toThrow();
  expect(ends).toEqual([{ kind: "signalled", signal: "SIGUSR2" }]);
});
