import { expect, test } from "vitest";
import { checkProject } from "../../src/definition/checks.ts";
import {
  isProgram,
  placeOfProgram,
  type Runtime,
  successorOf,
} from "../../src/definition/runtimes.ts";

function definitionOf(fn: Record<string, unknown>) {
  return {
    name: "chat",
    routeSelectionExpression: "$request.body.action",
    stage: { name: "v1" },
    functions: { all: fn },
    routes: { $default: { function: "all" } },
  };
}

function check(fn: Record<string, unknown>) {
  return checkProject(definitionOf(fn), "here", { parseExpression: () => ({ kind: "ok" }) })
    .project;
}

test.each([
  [{ handler: "app.handler", runtime: "python3.14" }],
  [{ handler: "chat.app.handler", runtime: "python3.9" }],
  [{ handler: "chat/my-app.lambda_handler", runtime: "python3.12", code: "functions/chat" }],
  [{ handler: "bootstrap", runtime: "provided.al2" }],
  [{ handler: "chat/list.handler", runtime: "provided.al2023" }],
  [{ handler: "bin/main", runtime: "go1.x" }],
  [
    {
      handler: "chat.Handler::handle",
      runtime: "java21",
      command: ["java", "-jar", "chat.jar"],
      code: ".",
    },
  ],
  [{ handler: "app.handler", runtime: "nodejs22.x", command: ["./run.sh"], code: "chat" }],
])("%j is a function", (fn) => {
  expect(check(fn).functions.all).toMatchObject(fn);
});

const python = { runtime: "python3.12" };
const program = { runtime: "provided.al2023" };

test.each([
  [{ ...python, handler: "app" }, "Add the name of the function"],
  [{ ...python, handler: "app.py" }, 'Omit the extension: "app.handler"'],
  [{ ...python, handler: "src/app.py.run" }, 'Omit the extension: "src/app.run"'],
  [{ ...python, handler: "src//app.run" }, "Write module.function"],
  [{ ...python, handler: "app.my-run" }, "Write module.function"],
  [{ ...python, handler: "../app.run" }, '".." leads out of the code'],
  [{ ...python, handler: "a b.run" }, "It contains spaces"],
  [{ ...python }, "is missing. Add what Lambda gets as the handler."],
  [{ ...python, handler: 1 }, "1 is not a handler. A handler is a string."],
  [{ ...program, handler: "/bootstrap" }, "Write the path of the executable"],
  [{ ...program, handler: "chat/" }, "Write the path of the executable"],
  [
    { ...program, handler: "bootstrap", code: "../chat" },
    '"../chat" is not a directory below that of the definition, such as "functions/chat".',
  ],
  [
    { ...program, handler: "bootstrap", code: "/chat" },
    '"/chat" is not a directory below that of the definition, such as "functions/chat".',
  ],
  [{ ...program, handler: "bootstrap", command: "run me" }, '"run me" is not a program with its'],
  [{ ...program, handler: "bootstrap", command: [] }, "[] is not a program with its arguments"],
  [
    { handler: "chat.Handler", runtime: "java21" },
    'here: functions.all.command: is missing. wsgw itself runs only Node, Python and executables. For "java21", add the program that uses the Lambda Runtime API, such as ["java", "-jar", "chat.jar"].',
  ],
  [
    { handler: "app.handler", code: "chat" },
    "here: functions.all.code: cannot be combined with a Node runtime. Write the directory in the handler.",
  ],
  [{ handler: "app.handler", runtime: "pyton3.12" }, 'Did you mean "python3.12"?'],
])("%j is a fault", (fn, fault) => {
  expect(() => check(fn)).toThrow(fault);
});

test.each([
  ["the folder of the definition", {}, "list.all", ".", "list.all"],
  ["the folder before the handler", {}, "a/b/list.all", "a/b", "list.all"],
  ["what code says", { code: "a" }, "b/list.all", "a", "b/list.all"],
  ["Python's folder of the definition", { runtime: "python3.12" }, "a/b.all", ".", "a/b.all"],
  ["a command's folder of the definition", { command: ["x"] }, "a/b", ".", "a/b"],
])("the code is in %s", (_, more, handler, directory, located) => {
  const fn = { runtime: "provided.al2", code: undefined, command: undefined, handler, ...more };

  expect(placeOfProgram(fn)).toEqual({ directory, handler: located });
});

test.each([
  ["nodejs22.x", undefined, false],
  ["nodejs22.x", ["./run"], true],
  ["python3.12", undefined, true],
  ["go1.x", undefined, true],
])("whether %s with the command %s is a program: %s", (runtime, command, expected) => {
  expect(isProgram({ runtime, command })).toBe(expected);
});

test.each(["nodejs", "nodejs4.3-edge", "nodejs14.x", "nodejs26.x", "python2.7", "python3.15"])(
  "%s needs no command",
  (runtime) => {
    expect(check({ handler: "app.handler", runtime }).functions.all?.runtime).toBe(runtime);
  },
);

test.each(["java8", "java8.al2023", "java11.al2023", "java17.al2023", "ruby4.0", "dotnetcore1.0"])(
  "%s runs by a command",
  (runtime) => {
    expect(() => check({ handler: "a", runtime })).toThrow("functions.all.command: is missing");
    expect(check({ handler: "a", runtime, command: ["run"] }).functions.all?.runtime).toBe(runtime);
  },
);

test.each<[Runtime, string | undefined]>([
  ["nodejs14.x", "nodejs24.x"],
  ["nodejs26.x", undefined],
  ["python2.7", "python3.14"],
  ["go1.x", "provided.al2023"],
  ["provided", "provided.al2023"],
  ["dotnet6", "dotnet10"],
  ["java8", "java25"],
  ["java8.al2023", undefined],
  ["ruby2.7", "ruby3.4"],
])("Lambda makes new functions with %s, or with its successor: %s", (runtime, successor) => {
  expect(successorOf(runtime)).toBe(successor);
});

test("one line says on which Node all functions of a runtime of the past run", () => {
  const old = { handler: "a.b", runtime: "nodejs14.x" };
  const functions = { one: old, two: old, three: { ...old, runtime: "nodejs12.x" } };
  const definition = { ...definitionOf(old), functions, routes: routesTo(functions) };
  const { warnings } = checkProject(definition, "here", {
    parseExpression: () => ({ kind: "ok" }),
  });

  expect(warnings).toEqual([
    `here: functions.one.runtime: nodejs14.x is not available on this machine. Here, 2 functions run on Node ${process.versions.node}.`,
    `here: functions.three.runtime: nodejs12.x is not available on this machine. Here, the function runs on Node ${process.versions.node}.`,
  ]);
});

function routesTo(functions: object) {
  const names = Object.keys(functions);
  return Object.fromEntries(names.map((name) => [name, { function: name }]));
}

test("one line says on which Node a function runs whose Node is of the past", () => {
  const { warnings } = checkProject(
    definitionOf({ handler: "a.b", runtime: "nodejs14.x" }),
    "here",
    {
      parseExpression: () => ({ kind: "ok" }),
    },
  );

  expect(warnings).toEqual([
    `here: functions.all.runtime: nodejs14.x is not available on this machine. Here, the function runs on Node ${process.versions.node}.`,
  ]);
});
