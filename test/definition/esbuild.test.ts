import { expect, test } from "vitest";
import { checkProject } from "../../src/definition/checks.ts";
import { esbuildIn } from "../../src/definition/schema.ts";
import { parseRouteExpression } from "../../src/emulator/apigateway/message/rules/route-expression.ts";

const check = (esbuild: unknown) =>
  checkProject(
    {
      name: "chat",
      routeSelectionExpression: "$request.body.action",
      stage: { name: "v1" },
      functions: { all: { handler: "app.handler" } },
      routes: { $default: { function: "all" } },
      esbuild,
    },
    "wsgw.config.ts",
    { parseExpression: parseRouteExpression },
  ).project;

const plugin = { name: "greetings", setup: () => {} };

test("keeps the loaders, names and plugins of esbuild", () => {
  const esbuild = {
    loader: { ".svg": "text", ".d.css": "empty" },
    define: { VERSION: '"1.2"', "process.env.STAGE": "globalThis.stage", LIMITS: '{ "a": 1 }' },
    plugins: [plugin],
  };

  expect(check(esbuild).esbuild).toEqual(esbuild);
  expect(esbuildIn({ esbuild })).toEqual(esbuild);
});

test.each([
  [
    { loader: { svg: "text" } },
    'esbuild.loader.svg: "svg" is not an extension. Write it with its dot, such as ".svg".',
  ],
  [{ loader: { ".svg": "txt" } }, 'esbuild.loader[".svg"]: "txt" is not a loader'],
  [{ loader: { ".svg": "file" } }, 'esbuild.loader[".svg"]: "file" is not a loader'],
  [
    { define: { VERSION: "1.2.3" } },
    String.raw`esbuild.define.VERSION: "1.2.3" is not an expression: JSON in a string, or a name. For that string, write "\"1.2.3\"".`,
  ],
  [
    { define: { VERSION: 1 } },
    'esbuild.define.VERSION: 1 is not an expression: JSON in a string, or a name. Write "1".',
  ],
  [
    { define: { "a-b": "1" } },
    'esbuild.define.a-b: "a-b" is not a name in code, such as VERSION or "process.env.VERSION".',
  ],
  [
    { plugins: ["esbuild-plugin-vue"] },
    'esbuild.plugins[0]: "esbuild-plugin-vue" is not a plugin of esbuild. Plugins are objects with name and setup, in a definition in TypeScript or JavaScript.',
  ],
  [
    { minify: true },
    'esbuild.minify: "minify" is not a field of the esbuild settings. Its fields are loader, define, plugins.',
  ],
])("says what is wrong with esbuild: %j", (esbuild, said) => {
  expect(() => check(esbuild)).toThrow(said);
  expect(esbuildIn({ esbuild })).toEqual({ loader: {}, define: {}, plugins: [] });
});
