import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { createChildProcesses } from "../../../src/emulator/lambda/child-process/child-process.ts";
import type { FunctionSpec } from "../../../src/emulator/lambda/environment-contract.ts";
import { createInProcess } from "../../../src/emulator/lambda/in-process/in-process.ts";
import { writeFiles } from "../../bundle/project.ts";
import { buildLambdaChild, realClock, runFunction, specsOf } from "../../contracts/lambda-setup.ts";
import { sharedDirectory } from "../../temporary-directory.ts";

// Which packages handlers find that bring none, by `import` and `require`, bundled or not.

/** Each format has a directory of its own in the project that all of its functions share. */
const FORMATS = [
  ["CommonJS", "commonjs", "app.js"],
  ["an ES module", "module", "app.mjs"],
  ["TypeScript as CommonJS", "ts-commonjs", "app.ts"],
  ["TypeScript as an ES module", "ts-module", "app.ts"],
] as const;
export type Runtime = "child-process" | "in-process";
/** A format, where its code runs, and its directory. */
type Row = readonly [format: string, runtime: Runtime, directory: string];

/** Every format in both places. */
export const ROWS: readonly Row[] = FORMATS.flatMap(([format, directory]) => [
  [format, "child-process", directory] as const,
  [format, "in-process", directory] as const,
]);

/** A handler that answers with `expression`, in which `imports` stand for the packages of their order. */
export function source(file: string, packages: readonly string[], expression: string): string {
  const names = packages.map((_, at) => `$${at}`);
  const loads = packages.map((name, at) =>
    file.endsWith(".js")
      ? `const ${names[at]} = require("${name}");`
      : `import * as ${names[at]} from "${name}";`,
  );
  const exported = file.endsWith(".js") ? "exports.handler" : "export const handler";
  return `${loads.join("\n")}\n${exported} = async () => ${expression};\n`;
}

/** The functions of each format: what they import, and what they answer. */
const FUNCTIONS = {
  included: [
    [
      "@aws-sdk/client-apigatewaymanagementapi",
      "@aws-sdk/client-dynamodb",
      "@aws-sdk/lib-dynamodb",
      "@aws-sdk/util-dynamodb",
    ],
    "[$0.PostToConnectionCommand, $1.PutItemCommand, $2.PutCommand, $3.marshall].map((x) => typeof x)",
  ],
  own: [["@aws-sdk/client-dynamodb", "@aws-sdk/util-dynamodb"], "[$0.whose(), typeof $1.marshall]"],
  another: [["@aws-sdk/client-ssm"], "typeof $0"],
  notIncluded: [["dynalite"], "typeof $0"],
  counting: [["repository"], "typeof $0.marshall"],
} as const;
type FunctionName = keyof typeof FUNCTIONS;

const PACKAGES = {
  "own/node_modules/@aws-sdk/client-dynamodb/package.json":
    '{"name":"@aws-sdk/client-dynamodb","version":"3.0.0"}',
  "own/node_modules/@aws-sdk/client-dynamodb/index.js": 'exports.whose = () => "own";',
  "counting/node_modules/repository/package.json": '{"name":"repository"}',
  "counting/node_modules/repository/index.js":
    'exports.marshall = require("@aws-sdk/util-dynamodb").marshall;',
};

/** Has one project written and built for the tests of a file. Returns what runs one of its functions. */
function functionsOf(rows: readonly Row[]) {
  const root = sharedDirectory();
  const specs = new Map<Runtime, ReadonlyMap<string, FunctionSpec>>();

  beforeAll(async () => {
    await buildLambdaChild();
    writeFiles(root, { "ts-module/package.json": '{"type":"module"}' });
    for (const [, directory, file] of FORMATS) {
      writeFiles(join(root, directory), PACKAGES);
      for (const [name, [packages, expression]] of Object.entries(FUNCTIONS))
        writeFiles(join(root, directory, name), { [file]: source(file, packages, expression) });
    }
    for (const runtime of ["child-process", "in-process"] as const) {
      const handlers = rows
        .filter(([, where]) => where === runtime)
        .flatMap(([, , directory]) =>
          Object.keys(FUNCTIONS).map((name) => `${directory}/${name}/app.handler`),
        );
      const isInProcess = runtime === "in-process";
      specs.set(runtime, await specsOf(handlers, { root, timeout: 20, isInProcess }));
    }
  });

  return async (runtime: Runtime, directory: string, name: FunctionName) => {
    const handler = `${directory}/${name}/app.handler`;
    const { invoke, logged } = await runFunction(
      runtime === "in-process" ? createInProcess({ clock: realClock }) : createChildProcesses(),
      { handler, spec: specs.get(runtime)!.get(handler)!, realTime: true },
    );
    return { outcome: await invoke("hello"), logged };
  };
}

/** One test of each kind for each row. Call it at the top level. */
export function testRuntimeSdk(rows: readonly Row[]): void {
  const run = functionsOf(rows);

  test.each(rows)("%s finds what Lambda includes (%s)", async (_, runtime, directory) => {
    const { outcome } = await run(runtime, directory, "included");

    expect(outcome).toEqual({
      kind: "returned",
      payload: JSON.stringify(["function", "function", "function", "function"]),
    });
  });

  test.each(rows)(
    "%s has its own version when it brings one (%s)",
    async (_, runtime, directory) => {
      const { outcome } = await run(runtime, directory, "own");

      expect(outcome).toEqual({ kind: "returned", payload: '["own","function"]' });
    },
  );

  test.each(rows)(
    "in %s another client of Lambda's is Lambda's import error with advice (%s)",
    async (_, runtime, directory) => {
      const { outcome, logged } = await run(runtime, directory, "another");

      expect(outcome).toMatchObject({
        kind: "failed",
        errorMessage: expect.stringMatching(/Cannot find (module|package) '@aws-sdk\/client-ssm'/),
      });
      expect(logged()).toContainEqual([
        "stderr",
        "Lambda provides @aws-sdk/client-ssm. Here, install it: npm install --save-dev @aws-sdk/client-ssm",
      ]);
    },
  );

  test.each(rows)("%s finds nothing else of wsgw's (%s)", async (_, runtime, directory) => {
    const { outcome } = await run(runtime, directory, "notIncluded");

    expect(outcome).toMatchObject({
      kind: "failed",
      errorMessage: expect.stringMatching(/Cannot find (module|package) 'dynalite'/),
    });
  });

  test.each(rows)(
    "in %s a package that counts on Lambda's SDK finds it too (%s)",
    async (_, runtime, directory) => {
      const { outcome } = await run(runtime, directory, "counting");

      expect(outcome).toEqual({ kind: "returned", payload: '"function"' });
    },
  );
}
