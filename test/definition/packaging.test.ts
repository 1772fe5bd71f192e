import { expect, test } from "vitest";
import { checkProject } from "../../src/definition/checks.ts";
import { parseRouteExpression } from "../../src/emulator/apigateway/message/rules/route-expression.ts";

const check = (fn: object, more: object = {}) =>
  checkProject(
    {
      name: "chat",
      routeSelectionExpression: "$request.body.action",
      stage: { name: "v1" },
      functions: { all: { handler: "app.handler", ...fn } },
      routes: { $default: { function: "all" } },
      ...more,
    },
    "wsgw.config.ts",
    { parseExpression: parseRouteExpression },
  );

test("keeps what is said about a function's zip, and the hooks", () => {
  const hooks = { beforeBundle: () => {} };

  const { project } = check(
    { include: ["data/**", "a.txt"], nodeModules: ["@img/sharp"] },
    { hooks },
  );

  expect(project.functions.all).toMatchObject({
    include: ["data/**", "a.txt"],
    nodeModules: ["@img/sharp"],
  });
  expect(project.hooks).toEqual(hooks);
});

test.each([
  [
    { include: ["../secret"] },
    'functions.all.include[0]: "../secret" is not a pattern of files below that directory, such as "data/*.json".',
  ],
  [
    { nodeModules: ["./sharp"] },
    'functions.all.nodeModules[0]: "./sharp" is not the name of a package, such as "sharp".',
  ],
  [
    { exclude: ["a"] },
    "functions.all.exclude: cannot be combined with a Node runtime. Its zip contains only the handler's imports and the files of `include`.",
  ],
  [
    { runtime: "python3.13", include: ["a"] },
    "functions.all.include: works with Node runtimes only. Others deploy the whole directory of the code, except the files of `exclude`.",
  ],
])("rejects %j", (fn, message) => {
  expect(() => check(fn)).toThrow(`wsgw.config.ts: ${message}`);
});

test("rejects a hook that is not a function", () => {
  expect(() => check({}, { hooks: { template: "./change.ts" } })).toThrow(
    'wsgw.config.ts: hooks.template: "./change.ts" is not a function. Hooks are functions in a definition in TypeScript or JavaScript.',
  );
});
