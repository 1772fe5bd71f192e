import { expect, test } from "vitest";
import {
  endedEarly,
  errorPayload,
  loadError,
  notRunnable,
  RESULT_BYTES,
  reportedError,
  tooLarge,
  type Unrunnable,
  unhandledRejection,
} from "../../../../src/emulator/lambda/rules/function-errors.ts";
import type { ProcessEnd } from "../../../../src/processes/process-group.ts";

test.each<[ProcessEnd, string, string]>([
  [{ kind: "exited", code: 0 }, "Runtime.ExitError", "Runtime exited without providing a reason"],
  [{ kind: "exited", code: 2 }, "Runtime.ExitError", "Runtime exited with error: exit status 2"],
  [
    { kind: "signalled", signal: "SIGKILL" },
    "Runtime.ExitError",
    "Runtime exited with error: signal: killed",
  ],
  [
    { kind: "signalled", signal: "SIGABRT" },
    "Runtime.ExitError",
    "Runtime exited with error: signal: aborted",
  ],
  [
    { kind: "signalled", signal: "SIGSEGV" },
    "Runtime.ExitError",
    "Runtime exited with error: signal: segmentation fault",
  ],
  ...[
    ["SIGBUS", "bus error"],
    ["SIGFPE", "floating point exception"],
    ["SIGILL", "illegal instruction"],
    ["SIGINT", "interrupt"],
    ["SIGTERM", "terminated"],
    ["SIGTRAP", "trace/breakpoint trap"],
  ].map(([signal = "", name]): [ProcessEnd, string, string] => [
    { kind: "signalled", signal },
    "Runtime.ExitError",
    `Runtime exited with error: signal: ${name}`,
  ]),
  [
    { kind: "signalled", signal: "SIGUSR2" },
    "Runtime.ExitError",
    "Runtime exited with error: signal: SIGUSR2",
  ],
  [{ kind: "never-started", reason: "spawn ENOENT" }, "Runtime.InvalidEntrypoint", "spawn ENOENT"],
])("tells that a process %j in Lambda's words", (end, errorType, words) => {
  expect(endedEarly("id", end)).toEqual({
    errorType,
    errorMessage: `RequestId: id Error: ${words}`,
    trace: [],
  });
});

test("rejects an answer that is one byte too long", () => {
  expect(tooLarge(6_291_556)).toBeUndefined();
  expect(tooLarge(6_291_557)).toEqual({
    errorType: "Function.ResponseSizeTooLarge",
    errorMessage: "Response payload size exceeded maximum allowed payload size (6291556 bytes).",
    trace: [],
  });
});

const unreadable = {
  get name(): string {
    throw new Error("no name for you");
  },
};

test.each([
  [
    "an error",
    Object.assign(new Error("boom"), { name: "Mine", stack: "a\nb" }),
    "Mine",
    "boom",
    ["a", "b"],
  ],
  ["what looks like an error", { name: "N", message: "m", stack: "s" }, "N", "m", ["s"]],
  ["a text", "boom", "string", "boom", []],
  ["nothing", undefined, "undefined", "undefined", []],
  ["an object", { a: 1 }, "object", "[object Object]", []],
  ["null", null, "object", "null", []],
  [
    "an object with an empty name",
    { name: "", message: "m", stack: "s" },
    "object",
    "[object Object]",
    [],
  ],
  [
    "an object with an empty message",
    { name: "N", message: "", stack: "s" },
    "object",
    "[object Object]",
    [],
  ],
  ["an object without a stack", { name: "N", message: "m" }, "object", "[object Object]", []],
  [
    "an error without a stack",
    Object.assign(new Error("m"), { stack: undefined }),
    "Error",
    "m",
    [""],
  ],
])("reports %s", (_, thrown, errorType, errorMessage, trace) => {
  expect(reportedError(thrown)).toEqual({ errorType, errorMessage, trace });
});

test("reports what cannot be read", () => {
  expect(reportedError(unreadable)).toEqual({
    errorType: "handled",
    errorMessage:
      "callback called with Error argument, but there was a problem while retrieving one or more of its message, name, and stack",
    trace: [],
  });
  expect(unhandledRejection(Object.create(null))).toMatchObject({ errorMessage: "object" });
});

test("an unhandled rejection names its reason and where that came from", () => {
  const reason = Object.assign(new Error("boom"), { stack: "Error: boom\n    at a" });

  expect(unhandledRejection(reason)).toEqual({
    errorType: "Runtime.UnhandledPromiseRejection",
    errorMessage: "Error: boom",
    trace: ["Runtime.UnhandledPromiseRejection: Error: boom", "Error: boom", "    at a"],
  });
});

test.each([
  [
    "code that cannot be parsed",
    new SyntaxError("Unexpected token"),
    "Runtime.UserCodeSyntaxError",
    "SyntaxError: Unexpected token",
  ],
  [
    "a module that is missing",
    Object.assign(new Error("Cannot find module 'x'"), { code: "MODULE_NOT_FOUND" }),
    "Runtime.ImportModuleError",
    "Error: Cannot find module 'x'",
  ],
  ["anything else", new TypeError("boom"), "TypeError", "boom"],
  ["what throws nothing", undefined, "undefined", "undefined"],
])("the load of %s fails in Lambda's words", (_, error, errorType, errorMessage) => {
  expect(loadError(error)).toMatchObject({ errorType, errorMessage });
});

test.each<[Unrunnable, string, string]>([
  [{ kind: "bad-handler" }, "Runtime.MalformedHandlerName", "Bad handler"],
  [
    { kind: "no-module", module: "app" },
    "Runtime.ImportModuleError",
    "Error: Cannot find module 'app'",
  ],
  [
    { kind: "syntax", text: "Unexpected token" },
    "Runtime.UserCodeSyntaxError",
    "SyntaxError: Unexpected token",
  ],
  [
    { kind: "no-export", handler: "app.handler" },
    "Runtime.HandlerNotFound",
    "app.handler is undefined or not exported",
  ],
  [{ kind: "no-entrypoint" }, "Runtime.InvalidEntrypoint", "one two"],
])(
  "reports code that cannot run for %j in Lambda's words, with the reasons",
  (why, type, message) => {
    expect(notRunnable(why, ["one", "two"])).toEqual({
      errorType: type,
      errorMessage: message,
      trace: [`${type}: ${message}`, "one", "two"],
    });
  },
);

test("a result may have 6 MB and 100 bytes", () => {
  expect(RESULT_BYTES).toBe(6_291_556);
});

test.each([
  ["TypeError", true],
  ["Runtime.ImportModuleError", true],
  ["Function.ResponseSizeTooLarge", false],
  ["Runtime.ExitError", false],
  ["Runtime.InvalidEntrypoint", false],
  ["Sandbox.Timedout", false],
])("callers receive an error %s as JSON, its trace: %s", (errorType, hasTrace) => {
  const error = { errorType, errorMessage: "boom", trace: ["at a"] };

  expect(JSON.parse(errorPayload(error))).toEqual(
    hasTrace ? error : { errorType, errorMessage: "boom" },
  );
});

test("callers receive an error in its runtime's own format, if it has one", () => {
  const payload = '{"errorType":"E"}';

  expect(errorPayload({ errorType: "E", errorMessage: "", trace: ["a"], payload })).toBe(payload);
});
