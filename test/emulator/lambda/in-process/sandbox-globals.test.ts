import { EventEmitter } from "node:events";
import { expect, test } from "vitest";
import { type Clock, createManualClock } from "../../../../src/clock.ts";
import type { FunctionSpec } from "../../../../src/emulator/lambda/environment-contract.ts";
import {
  createSandboxGlobals,
  isExit,
} from "../../../../src/emulator/lambda/in-process/sandbox-globals.ts";

function started(clock?: Clock) {
  const uncaught: unknown[] = [];
  const ends: unknown[] = [];
  const written: unknown[] = [];
  const globals = createSandboxGlobals(
    {
      root: "/project",
      environment: { A: "1" },
      code: { file: "/x.js" },
    } as unknown as FunctionSpec,
    {
      write: (stream, text) => written.push([stream, text]),
      exit: (end) => ends.push(end),
      uncaught: (error) => uncaught.push(error),
    },
    clock,
  );
  return { ends, written, uncaught, globals, own: globals.process };
}

test("the process of in-process code was started with its file, in its directory", () => {
  const { own } = started();

  expect(own.argv).toEqual([process.execPath, "/x.js"]);
  expect(own.execArgv).toEqual([]);
  expect(own.exitCode).toBeUndefined();
  expect(own.cwd()).toBe("/project");
});

test("environment variables are strings, whatever is assigned", () => {
  const { own } = started();

  Object.assign(own.env, { NUMBER: 5 });

  expect(own.env).toEqual({ A: "1", NUMBER: "5" });
  expect("NUMBER" in process.env).toBe(false);
});

test.each([
  ["a code", 3, undefined, 3],
  ["a code, whatever it has set before", 3, 4, 3],
  ["the code that it has set before", undefined, 4, 4],
  ["no code", undefined, undefined, 0],
])("a process that exits with %s ends", (_, given, set, code) => {
  const { ends, own } = started();
  own.exitCode = set;
  let thrown: unknown;

  try {
    own.exit(given);
  } catch (error) {
    thrown = error;
  }

  expect(isExit(thrown)).toBe(true);
  expect(isExit(new Error())).toBe(false);
  expect(ends).toEqual([{ kind: "exited", code }]);
});

test("a process that aborts, or ends itself without saying how, ends by a signal", () => {
  const { ends, own } = started();

  expect(() => own.abort()).toThrow();
  expect(() => own.kill(process.pid)).toThrow();

  expect(ends).toEqual([
    { kind: "signalled", signal: "SIGABRT" },
    { kind: "signalled", signal: "SIGTERM" },
  ]);
});

test("what the code prints is written a call or a line at a time, to its stream", () => {
  const { written, globals, own } = started();
  const { console } = globals;

  for (const print of [console.log, console.info, console.debug, console.trace]) print("%d", 1);
  for (const print of [console.warn, console.error]) print("two\nlines");
  console.dir({ a: 1 });
  own.stdout.write("a\nb");
  own.stderr.write("c");
  own.emitWarning("old");
  own.emitWarning(new TypeError("bad"));
  globals.flush();

  expect(written).toEqual([
    ...Array(4).fill(["stdout", "1"]),
    ...Array(2).fill(["stderr", "two\nlines"]),
    ["stdout", "{ a: 1 }"],
    ["stdout", "a"],
    ["stderr", "Warning: old"],
    ["stderr", "TypeError: bad"],
    ["stdout", "b"],
    ["stderr", "c"],
  ]);
});

test("listeners of the code hear only its own process, and no others hear it", () => {
  const own: NodeJS.EventEmitter = started().own;
  const heard: string[] = [];
  const before = process.eventNames();
  const listen = (name: string) => () => void heard.push(name);
  const taken = listen("taken");

  own.on("probe", listen("on"));
  own.addListener("probe", taken);
  own.prependListener("probe", listen("before"));
  own.prependOnceListener("probe", listen("once before"));
  own.once("probe", listen("once"));
  own.off("probe", taken);
  own.setMaxListeners(20);
  (process as NodeJS.EventEmitter).emit("probe");
  own.emit("probe");
  own.emit("probe");

  expect(heard).toEqual(["once before", "before", "on", "once", "before", "on"]);
  expect(own.listenerCount("probe")).toBe(2);
  expect([own.listeners("probe"), own.rawListeners("probe")].map(({ length }) => length)).toEqual([
    2, 2,
  ]);
  expect(own.eventNames()).toEqual(["probe"]);
  expect([own.getMaxListeners(), process.getMaxListeners()]).toEqual([20, expect.not.closeTo(20)]);
  own.on("probe", taken).removeListener("probe", taken);
  own.removeAllListeners("probe");
  expect(own.listenerCount("probe")).toBe(0);
  expect(process.eventNames()).toEqual(before);
});

test("the process of code in this process measures time and memory like any other", () => {
  const { own } = started();

  expect(own.hrtime.bigint()).toBeTypeOf("bigint");
  expect(own.hrtime()).toHaveLength(2);
  expect(own.memoryUsage.rss()).toBeGreaterThan(0);
  expect(own.memoryUsage().rss).toBeGreaterThan(0);
});

test("changes of the code to its process affect no other", () => {
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

test("what the code sets on its process is a property like any other, and can be set again", () => {
  const { own } = started();

  own.title = "mine";
  own.title = "again";

  expect(Object.getOwnPropertyDescriptor(own, "title")).toEqual({
    ...{ value: "again", writable: true, enumerable: true, configurable: true },
  });
});

test("the process of in-process code is an event emitter with the properties of a process", () => {
  const { own } = started();

  expect(own).toBeInstanceOf(EventEmitter);
  expect("platform" in own).toBe(true);
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

test("what a timer of the code throws is the function's error, but for the end of its process", async () => {
  const { globals, own, uncaught, ends } = started();
  const boom = new Error("boom");
  const fired = new Promise<void>((resolve) => globals.setTimeout(resolve, 1));
  globals.setTimeout(() => {
    throw boom;
  }, 1);
  globals.setTimeout(() => own.exit(2), 1);

  await fired;
  await new Promise<void>((resolve) => globals.setTimeout(resolve, 2));

  expect(uncaught).toEqual([boom]);
  expect(ends).toEqual([{ kind: "exited", code: 2 }]);
});

test("at its end the timers of both clocks are cleared", () => {
  const clock = createManualClock(0);
  const { globals } = started(clock);
  const cleared: unknown[] = [];
  const immediate = globals.setImmediate(() => cleared.push("not cleared"));
  const virtual = globals.time?.globals as unknown as typeof globalThis;
  virtual.setTimeout(() => cleared.push("not cleared"), 1);

  globals.stop();
  clock.advance(1);

  expect(immediate).toHaveProperty("_destroyed", true);
  expect(cleared).toEqual([]);
});
