import { join } from "node:path";
import { beforeAll, expect, onTestFinished, test } from "vitest";
import { createChildProcesses } from "../../../src/emulator/lambda/child-process/child-process.ts";
import type { FunctionSpec } from "../../../src/emulator/lambda/environment.ts";
import { createInProcess } from "../../../src/emulator/lambda/in-process/in-process.ts";
import { type ApiDefinition, startGateway } from "../../../src/testing/index.ts";
import { makeProject, writeFiles } from "../../bundle/project.ts";
import { buildLambdaChild, realClock, runFunction, specsOf } from "../../contracts/lambda-setup.ts";
import { sharedFolder } from "../../temporary-folder.ts";

// Which packages handlers find that bring none, by `import` and `require`, bundled or not.

/** Each format has a directory of its own in the project that all of its functions share. */
const FORMATS = [
  ["CommonJS", "commonjs", "app.js"],
  ["an ES module", "module", "app.mjs"],
  ["TypeScript as CommonJS", "ts-commonjs", "app.ts"],
  ["TypeScript as an ES module", "ts-module", "app.ts"],
] as const;
type FunctionDefinition = ApiDefinition["functions"][string];

const RUNTIMES = ["child-process", "in-process"] as const;

const rows = RUNTIMES.flatMap((runtime) =>
  FORMATS.map(([format, folder]) => [format, runtime, folder] as const),
);

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
  notLent: [["dynalite"], "typeof $0"],
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

const root = sharedFolder();
let specs: Readonly<Record<(typeof RUNTIMES)[number], ReadonlyMap<string, FunctionSpec>>>;

beforeAll(async () => {
  await buildLambdaChild();
  writeFiles(root, { "ts-module/package.json": '{"type":"module"}' });
  for (const [, folder, file] of FORMATS) {
    writeFiles(join(root, folder), PACKAGES);
    for (const [name, [packages, expression]] of Object.entries(FUNCTIONS))
      writeFiles(join(root, folder, name), { [file]: source(file, packages, expression) });
  }
  const handlers = FORMATS.flatMap(([, folder]) =>
    Object.keys(FUNCTIONS).map((name) => `${folder}/${name}/app.handler`),
  );
  specs = {
    "child-process": await specsOf(handlers, { root, timeout: 20 }),
    "in-process": await specsOf(handlers, { root, timeout: 20, isInProcess: true }),
  };
});

async function run(runtime: (typeof RUNTIMES)[number], folder: string, name: FunctionName) {
  const handler = `${folder}/${name}/app.handler`;
  const { invoke, logged } = await runFunction(
    runtime === "in-process" ? createInProcess({ clock: realClock }) : createChildProcesses(),
    { handler, spec: specs[runtime].get(handler)!, realTime: true },
  );
  return { outcome: await invoke("hello"), logged };
}

test.each(rows)("%s finds what Lambda includes (%s)", async (_, runtime, folder) => {
  const { outcome } = await run(runtime, folder, "included");

  expect(outcome).toEqual({
    kind: "returned",
    payload: JSON.stringify(["function", "function", "function", "function"]),
  });
});

test.each(rows)("%s has its own version when it brings one (%s)", async (_, runtime, folder) => {
  const { outcome } = await run(runtime, folder, "own");

  expect(outcome).toEqual({ kind: "returned", payload: '["own","function"]' });
});

test.each(rows)(
  "in %s another client of Lambda's is Lambda's import error with advice (%s)",
  async (_, runtime, folder) => {
    const { outcome, logged } = await run(runtime, folder, "another");

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

test.each(rows)("%s finds nothing else of wsgw's (%s)", async (_, runtime, folder) => {
  const { outcome } = await run(runtime, folder, "notLent");

  expect(outcome).toMatchObject({
    kind: "failed",
    errorMessage: expect.stringMatching(/Cannot find (module|package) 'dynalite'/),
  });
});

test.each(rows)(
  "in %s a package that counts on Lambda's SDK finds it too (%s)",
  async (_, runtime, folder) => {
    const { outcome } = await run(runtime, folder, "counting");

    expect(outcome).toEqual({ kind: "returned", payload: '"function"' });
  },
);

test("in process a package that is installed later is found then", async () => {
  const { root: own, write } = makeProject({ "app.js": source("app.js", ["later"], "$0.word") });
  const invokeIt = async () => {
    const { invoke } = await runFunction(createInProcess({ clock: realClock }), {
      handler: "app.handler",
      root: own,
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

/**
 * Runs a function of the directory `project`, whose layer is next to that, once for each version of Node.
 * Returns the outcomes.
 */
async function runLayered(
  files: Readonly<Record<string, string>>,
  versions: readonly FunctionDefinition["runtime"][],
  runtime: (typeof RUNTIMES)[number],
  more: Pick<FunctionDefinition, "root"> = {},
) {
  const made = makeProject({ "layer/nodejs/README": "", ...files });
  const names = versions.map((_, at) => `probe${at}`);
  const functions = versions.map((nodejs, at) => [
    names[at],
    { handler: "app.handler", layers: ["../layer"], ...more, ...(nodejs && { runtime: nodejs }) },
  ]);
  const gateway = await startGateway(
    {
      name: "layered",
      routeSelectionExpression: "$request.body.action",
      stage: { name: "dev" },
      functions: Object.fromEntries(functions),
      routes: { $default: { function: "probe0" } },
    },
    { root: join(made.root, "project"), runtime, waitMs: 30_000 },
  );
  onTestFinished(() => gateway.stop());
  return Promise.all(names.map((name) => gateway.invoke(name, {})));
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

    const answer = { kind: "returned", payload: '"2 of the project"' };
    expect(await runLayered(files, OLD, runtime)).toMatchObject([answer, answer, answer]);
  },
);

test.each(RUNTIMES)(
  "code outside the project's directory finds its aws-sdk if Lambda includes it (%s)",
  async (runtime) => {
    const files = {
      ...SDK_V2,
      "unpacked/app.js": 'exports.handler = async () => require("aws-sdk").VERSION;',
    };

    const answers = (versions: readonly FunctionDefinition["runtime"][]) =>
      runLayered(files, versions, runtime, { root: "../unpacked" });

    const found = { payload: '"2 of the project"' };
    expect(await answers(OLD)).toMatchObject([found, found, found]);
    const failed = {
      kind: "failed",
      errorMessage: expect.stringContaining("Cannot find module 'aws-sdk'"),
    };
    expect(await answers(["nodejs18.x", undefined])).toMatchObject([failed, failed]);
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

    expect(await runLayered(files, [undefined], runtime)).toMatchObject([
      { kind: "returned", payload: '"function"' },
    ]);
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

    expect(await runLayered(files, ["nodejs16.x"], "child-process")).toMatchObject([
      { kind: "failed", errorMessage: expect.stringContaining("Cannot find module 'other'") },
    ]);
  },
);
