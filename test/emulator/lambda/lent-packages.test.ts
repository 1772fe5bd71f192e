import { beforeAll, expect, test } from "vitest";
import { createChildProcesses } from "../../../src/emulator/lambda/child-process/child-process.ts";
import { createInProcess } from "../../../src/emulator/lambda/in-process/in-process.ts";
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

test.each(rows)("%s finds what Lambda brings along (%s)", async (_, runtime, file, more) => {
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
      "Lambda brings @aws-sdk/client-ssm along; here it has to be installed: npm install --save-dev @aws-sdk/client-ssm",
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
