import { join } from "node:path";
import { beforeAll, expect, onTestFinished, test } from "vitest";
import { createChildProcesses } from "../../../src/emulator/lambda/child-process/child-process.ts";
import { createInProcess } from "../../../src/emulator/lambda/in-process/in-process.ts";
import { type ApiDefinition, startGateway } from "../../../src/testing/index.ts";
import { makeProject } from "../../bundle/project.ts";
import { buildLambdaChild, realClock, runFunction } from "../../contracts/lambda-setup.ts";

// Which packages handlers find that bring none, by `import` and `require`, bundled or not.

const MODULES = { "package.json": '{"type":"module"}' };
const FORMATS = [
  ["CommonJS", "app.js", {}],
  ["an ES module", "app.mjs", {}],
  ["TypeScript as CommonJS", "app.ts", {}],
  ["TypeScript as an ES module", "app.ts", MODULES],
] as const;
type FunctionDefinition = ApiDefinition["functions"][string];

const RUNTIMES = ["child-process", "in-process"] as const;

const rows = RUNTIMES.flatMap((runtime) =>
  FORMATS.map(([format, file, more]) => [format, runtime, file, more] as const),
);

beforeAll(buildLambdaChild);

/** A handler that answers with `expression`, in which `imports` stand for the packages of their order. */
function source(file: string, packages: readonly string[], expression: string): string {
  const names = packages.map((_, at) => `$${at}`);
  const loads = packages.map((name, at) =>
    file.endsWith(".js")
      ? `const ${names[at]} = require("${name}");`
      : `import * as ${names[at]} from "${name}";`,
  );
  const exported = file.endsWith(".js") ? "exports.handler" : "export const handler";
  return `${loads.join("\n")}\n${exported} = async () => ${expression};\n`;
}

async function run(
  runtime: (typeof RUNTIMES)[number],
  file: string,
  packages: readonly string[],
  expression: string,
  more: Readonly<Record<string, string>> = {},
) {
  const { root } = makeProject({ [file]: source(file, packages, expression), ...more });
  const isInProcess = runtime === "in-process";
  const { invoke, logged } = await runFunction(
    isInProcess ? createInProcess({ clock: realClock }) : createChildProcesses(),
    { handler: "app.handler", root, isInProcess, realTime: true, timeout: 20 },
  );
  return { outcome: await invoke("hello"), logged };
}

test.each(rows)("%s finds what Lambda includes (%s)", async (_, runtime, file, more) => {
  const { outcome } = await run(
    runtime,
    file,
    [
      "@aws-sdk/client-apigatewaymanagementapi",
      "@aws-sdk/client-dynamodb",
      "@aws-sdk/lib-dynamodb",
      "@aws-sdk/util-dynamodb",
    ],
    "[$0.PostToConnectionCommand, $1.PutItemCommand, $2.PutCommand, $3.marshall].map((x) => typeof x)",
    more,
  );

  expect(outcome).toEqual({
    kind: "returned",
    payload: JSON.stringify(["function", "function", "function", "function"]),
  });
});

test.each(rows)(
  "%s has its own version when it brings one (%s)",
  async (_, runtime, file, more) => {
    const folder = "node_modules/@aws-sdk/client-dynamodb";
    const { outcome } = await run(
      runtime,
      file,
      ["@aws-sdk/client-dynamodb", "@aws-sdk/util-dynamodb"],
      "[$0.whose(), typeof $1.marshall]",
      {
        ...more,
        [`${folder}/package.json`]: '{"name":"@aws-sdk/client-dynamodb","version":"3.0.0"}',
        [`${folder}/index.js`]: 'exports.whose = () => "own";',
      },
    );

    expect(outcome).toEqual({ kind: "returned", payload: '["own","function"]' });
  },
);

test.each(rows)(
  "in %s another client of Lambda's is Lambda's import error with advice (%s)",
  async (_, runtime, file, more) => {
    const { outcome, logged } = await run(
      runtime,
      file,
      ["@aws-sdk/client-ssm"],
      "typeof $0",
      more,
    );

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

test.each(rows)("%s finds nothing else of wsgw's (%s)", async (_, runtime, file, more) => {
  const { outcome } = await run(runtime, file, ["dynalite"], "typeof $0", more);

  expect(outcome).toMatchObject({
    kind: "failed",
    errorMessage: expect.stringMatching(/Cannot find (module|package) 'dynalite'/),
  });
});

test.each(rows)(
  "in %s a package that counts on Lambda's SDK finds it too (%s)",
  async (_, runtime, file, more) => {
    const { outcome } = await run(runtime, file, ["repository"], "typeof $0.marshall", {
      ...more,
      "node_modules/repository/package.json": '{"name":"repository"}',
      "node_modules/repository/index.js":
        'exports.marshall = require("@aws-sdk/util-dynamodb").marshall;',
    });

    expect(outcome).toEqual({ kind: "returned", payload: '"function"' });
  },
);

test("in process a package that is installed later is found then", async () => {
  const { root, write } = makeProject({ "app.js": source("app.js", ["later"], "$0.word") });
  const invokeIt = async () => {
    const { invoke } = await runFunction(createInProcess({ clock: realClock }), {
      handler: "app.handler",
      root,
      isInProcess: true,
    });
    return invoke("hello");
  };

  const before = await invokeIt();
  // Only what is in the bundle has the function's own variables.
  write("node_modules/later/index.js", "exports.word = process.env.AWS_LAMBDA_FUNCTION_NAME;");

  expect(before).toMatchObject({ errorType: "Runtime.ImportModuleError" });
  expect(await invokeIt()).toEqual({ kind: "returned", payload: '"probe"' });
});

const SDK_V2 = {
  "project/node_modules/aws-sdk/package.json": '{"name":"aws-sdk"}',
  "project/node_modules/aws-sdk/index.js": 'exports.VERSION = "2 of the project";',
};

/** The project's own copies of all that Lambda brings, so that none has to be lent to its function. */
const SDK_V3 = Object.fromEntries(
  ["client-apigatewaymanagementapi", "client-dynamodb", "lib-dynamodb", "util-dynamodb"].flatMap(
    (name) => [
      [`project/node_modules/@aws-sdk/${name}/package.json`, `{"name":"@aws-sdk/${name}"}`],
      [`project/node_modules/@aws-sdk/${name}/index.js`, "exports.PutItemCommand = class {};"],
    ],
  ),
);

/** Runs a function of the folder `project`, whose layer is beside that. */
async function runLayered(
  files: Readonly<Record<string, string>>,
  fn: Pick<FunctionDefinition, "root" | "runtime">,
  runtime: (typeof RUNTIMES)[number],
) {
  const { root } = makeProject({ "layer/nodejs/README": "", ...files });
  const gateway = await startGateway(
    {
      name: "layered",
      routeSelectionExpression: "$request.body.action",
      stage: { name: "dev" },
      functions: { probe: { handler: "app.handler", layers: ["../layer"], ...fn } },
      routes: { $default: { function: "probe" } },
    },
    { root: join(root, "project"), runtime, waitMs: 30_000 },
  );
  onTestFinished(() => gateway.stop());
  return gateway.invoke("probe", {});
}

const LAYERED = [
  ["a file", "/opt/nodejs/shared", "layer/nodejs/shared.js"],
  ["a package", "shared", "layer/nodejs/node_modules/shared/index.js"],
] as const;
const IN_LAYERS = RUNTIMES.flatMap((runtime) =>
  LAYERED.map(([what, imported, file]) => [what, runtime, imported, file] as const),
);
const OLD = ["nodejs12.x", "nodejs14.x", "nodejs16.x"] as const;

function answerWith(imported: string): string {
  return `exports.handler = async () => require("${imported}");`;
}

test.each(IN_LAYERS)(
  "%s of a layer finds the project's aws-sdk where Lambda brings it (%s)",
  async (_, runtime, imported, file) => {
    const files = {
      ...SDK_V2,
      "project/app.js": answerWith(imported),
      [file]: 'module.exports = require("aws-sdk").VERSION;',
    };

    for (const nodejs of OLD) {
      expect(await runLayered(files, { runtime: nodejs }, runtime)).toMatchObject({
        kind: "returned",
        payload: '"2 of the project"',
      });
    }
  },
);

test.each(RUNTIMES)(
  "code outside the project's directory finds its aws-sdk if Lambda includes it (%s)",
  async (runtime) => {
    const files = {
      ...SDK_V2,
      "unpacked/app.js": 'exports.handler = async () => require("aws-sdk").VERSION;',
    };
    const answer = (nodejs: FunctionDefinition["runtime"]) =>
      runLayered(files, { root: "../unpacked", ...(nodejs && { runtime: nodejs }) }, runtime);

    for (const nodejs of OLD)
      expect(await answer(nodejs)).toMatchObject({ payload: '"2 of the project"' });
    for (const nodejs of ["nodejs18.x", undefined] as const) {
      expect(await answer(nodejs)).toMatchObject({
        kind: "failed",
        errorMessage: expect.stringContaining("Cannot find module 'aws-sdk'"),
      });
    }
  },
);

test.each(IN_LAYERS)(
  "%s of a layer finds what Lambda includes if the project has its own (%s)",
  async (_, runtime, imported, file) => {
    const files = {
      ...SDK_V3,
      "project/app.js": answerWith(imported),
      [file]: 'module.exports = typeof require("@aws-sdk/client-dynamodb").PutItemCommand;',
    };

    expect(await runLayered(files, {}, runtime)).toMatchObject({
      kind: "returned",
      payload: '"function"',
    });
  },
);

test.each(LAYERED)(
  "%s of a layer finds nothing else of the project's",
  async (_, imported, file) => {
    const files = {
      ...SDK_V2,
      "project/node_modules/other/index.js": "",
      "project/app.js": answerWith(imported),
      [file]: 'require("other");',
    };

    expect(await runLayered(files, { runtime: "nodejs16.x" }, "child-process")).toMatchObject({
      kind: "failed",
      errorMessage: expect.stringContaining("Cannot find module 'other'"),
    });
  },
);
