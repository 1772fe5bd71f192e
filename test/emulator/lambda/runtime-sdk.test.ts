import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { createInProcess } from "../../../src/emulator/lambda/in-process/in-process.ts";
import { type ApiDefinition, startGateway } from "../../../src/testing/index.ts";
import { makeProject } from "../../bundle/project.ts";
import { realClock, runFunction } from "../../contracts/lambda-setup.ts";
import { ROWS, type Runtime, source, testRuntimeSdk } from "./runtime-sdk.ts";

type FunctionDefinition = ApiDefinition["functions"][string];
const RUNTIMES = ["child-process", "in-process"] as const;

/** Each format in one place. Both places are in runtime-sdk.journey.test.ts. */
const ONCE = new Set([
  "commonjs child-process",
  "ts-module child-process",
  "module in-process",
  "ts-commonjs in-process",
]);
testRuntimeSdk(ROWS.filter(([, runtime, directory]) => ONCE.has(`${directory} ${runtime}`)));

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

/** The project's own copies of all that Lambda brings, so that wsgw need not provide any. */
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
  runtime: Runtime,
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
  { tags: ["journey"] },
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
  { tags: ["journey"] },
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
  { tags: ["journey"] },
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
  { tags: ["journey"] },
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
