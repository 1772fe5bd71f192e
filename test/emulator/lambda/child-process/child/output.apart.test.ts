import { expect, onTestFinished, test } from "vitest";
import { captureOutput } from "../../../../../src/emulator/lambda/child-process/child/output.ts";

const METHODS = ["log", "info", "debug", "trace", "warn", "error"] as const;

/** What this process prints until the test ends. */
function capture() {
  const streams = (["stdout", "stderr"] as const).map(
    (name) => [name, Object.getOwnPropertyDescriptor(process, name)!] as const,
  );
  const methods = METHODS.map((name) => [name, console[name]] as const);
  const writes = [process.stdout, process.stderr].map((stream) => [stream, stream.write] as const);
  onTestFinished(() => {
    for (const [name, descriptor] of streams) Object.defineProperty(process, name, descriptor);
    for (const [name, method] of methods) console[name] = method;
    for (const [stream, write] of writes) stream.write = write;
  });
  const written: [stream: string, text: string][] = [];
  const flush = captureOutput((...line) => written.push(line));
  return { written, flush };
}

test("each call of the console is one string, on its stream", () => {
  const { written } = capture();

  for (const name of METHODS) console[name]("%s of\ntwo lines", name);

  expect(written).toEqual(
    METHODS.map((name, at) => [at < 4 ? "stdout" : "stderr", `${name} of\ntwo lines`]),
  );
});

test("a line that has not ended comes before the next call, on its own stream, or when it is flushed", () => {
  const { written, flush } = capture();

  process.stdout.write("out");
  process.stderr.write("err");
  console.error("called");
  expect(written).toEqual([
    ["stderr", "err"],
    ["stderr", "called"],
  ]);
  process.stderr.write("late");
  flush();

  expect(written.slice(2)).toEqual([
    ["stdout", "out"],
    ["stderr", "late"],
  ]);
});

test("output in any encoding is decoded, and its callback runs in the next turn", async () => {
  const { written } = capture();
  const heard: string[] = [];

  expect(process.stdout.write("68690a", "hex", () => heard.push("hex"))).toBe(true);
  expect(process.stdout.write("plain\n", () => heard.push("plain"))).toBe(true);
  expect(process.stderr.write(Buffer.from("bytes\n"), "hex" as never)).toBe(true);
  expect(heard).toEqual([]);
  await Promise.resolve();
  await new Promise<void>((resolve) => process.nextTick(resolve));

  expect(heard).toEqual(["hex", "plain"]);
  expect(written).toEqual([
    ["stdout", "hi"],
    ["stdout", "plain"],
    ["stderr", "bytes"],
  ]);
});

test("the streams stay those of the process, once made, and can be replaced", () => {
  const { stdout } = process;
  capture();

  expect(process.stdout).toBe(stdout);
  expect(process.stdout).toBe(process.stdout);
  expect(Object.getOwnPropertyDescriptor(process, "stdout")).toMatchObject({
    configurable: true,
    enumerable: true,
  });
});
