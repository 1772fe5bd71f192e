import { expect, test } from "vitest";
import {
  type Json,
  type JsonObject,
  Origins,
} from "../../../../src/readers/cloudformation/rules/origins.ts";
import type { Finding } from "../../../../src/readers/cloudformation/rules/report.ts";
import { bundling } from "../../../../src/readers/serverless/rules/bundlers.ts";
import {
  merged,
  mergedFields,
  mergedList,
} from "../../../../src/readers/serverless/rules/merge.ts";
import { withPseudoParameters } from "../../../../src/readers/serverless/rules/pseudo-parameters.ts";
import { withSeeds } from "../../../../src/readers/serverless/rules/seeds.ts";
import {
  checkPlugins,
  checkWords,
  pluginsIn,
} from "../../../../src/readers/serverless/rules/vocabulary.ts";
import { writeOut } from "../../../../src/readers/serverless/rules/write-out.ts";
import type { Service } from "../../../../src/readers/serverless/rules/written.ts";
import { writtenBy } from "./written.ts";

const ORIGINS = new Origins();
const ESBUILD = {
  alias: { a: "b" },
  banner: { js: "// a" },
  conditions: ["worker"],
  define: { A: "1" },
  footer: { js: "// b" },
  format: "esm",
  inject: ["./shim.js"],
  loader: { ".txt": "text" },
  mainFields: ["module"],
  packages: "external",
};

test("settings of esbuild become those of SAM, from the plugin or from Serverless itself", () => {
  const esbuild = { ...ESBUILD, external: ["sharp", 7], minify: true };
  const expected = {
    BuildMethod: "esbuild",
    BuildProperties: {
      Alias: { a: "b" },
      Banner: { js: "// a" },
      Conditions: ["worker"],
      Define: { A: "1" },
      Footer: { js: "// b" },
      Format: "esm",
      Inject: ["./shim.js"],
      Loader: { ".txt": "text" },
      MainFields: ["module"],
      Packages: "external",
      External: ["sharp"],
    },
  };
  const none = { plugins: [], custom: {}, build: {} };

  expect(bundling({ ...none, build: { esbuild } })).toEqual(expected);
  expect(bundling({ plugins: ["serverless-esbuild"], custom: { esbuild }, build: {} })).toEqual(
    expected,
  );
  expect(bundling({ ...none, custom: { esbuild } })).toBeUndefined();
  expect(bundling({ ...none, build: { esbuild: { minify: true, external: [] } } })).toBeUndefined();
  expect(bundling({ ...none, build: { esbuild: true } })).toBeUndefined();
});

const checked = (plugins: readonly string[]) =>
  writtenBy((written) => checkPlugins(written, { node: written.service, key: "plugins" }), {
    plugins,
  }).reported;
const ADVICE =
  "If you need that, run serverless package and start with -t .serverless/cloudformation-template-update-stack.json.";

test("names plugins that wsgw does not run, and says when their configuration matters", () => {
  expect(checked(["serverless-step-functions", "serverless-offline", "own"])).toEqual([
    `warning plugins: wsgw does not run serverless-step-functions, own. Their additions to the stack are missing here. ${ADVICE}`,
  ]);
  expect(checked(["serverless-webpack"])).toEqual([
    `warning plugins: wsgw bundles functions with esbuild and does not read the configuration of serverless-webpack, such as aliases and loaders. ${ADVICE}`,
  ]);
  expect(checked(["serverless-rspack"])).toHaveLength(1);
  expect(checked(["serverless-esbuild", "osls-esbuild", "serverless-prune-plugin"])).toEqual([]);
  expect(checked(["my-serverless-esbuild"])).toHaveLength(1);
  expect(checked(["serverless-esbuild-more"])).toHaveLength(1);
  expect(checked(["serverless-localstack"])).toEqual([]);
  expect(checked(["local-server"])).toHaveLength(1);
});

test("names words that are close to a known one", () => {
  const words = (provider: JsonObject) =>
    writtenBy((written) => checkWords(written, "provider", provider, ["stage", "region"]), {
      provider,
    }).reported;

  expect(words({ stage: "dev", stgae: "dev", anything: 1 })).toEqual([
    'warning provider.stgae: provider has no property "stgae". Did you mean "stage"?',
  ]);
});

test("plugins are an array, or one in modules", () => {
  expect(pluginsIn(["a", 7, "b"])).toEqual(["a", "b"]);
  expect(pluginsIn({ modules: ["a"] })).toEqual(["a"]);
  expect(pluginsIn(undefined)).toEqual([]);
});

const TABLES: JsonObject = {
  Resources: {
    Rooms: { Type: "AWS::DynamoDB::Table", Properties: { TableName: "rooms" }, Metadata: { a: 1 } },
    Other: { Type: "AWS::DynamoDB::Table", Properties: { TableName: "other" } },
    Text: "none",
  },
};
const SEED = {
  all: {
    sources: [{ table: "rooms", sources: ["./a.json", "././b.json", 7] }, { table: 7 }, "no"],
  },
  more: { sources: { table: "rooms", sources: "c.json" } },
};
const seedsOf = (custom: JsonObject) => {
  const { Resources } = withSeeds(TABLES, custom, ORIGINS);
  return Object.values((Resources as JsonObject).Rooms as JsonObject).at(-1);
};

test.each<[Json, readonly string[]]>([
  [true, ["a.json", "b.json", "c.json"]],
  ["all", ["a.json", "b.json"]],
  ["other, more", ["c.json"]],
])("start.seed: %j adds the files %j to a table", (seed, files) => {
  const settings = { seed: SEED, start: { seed } };

  expect(seedsOf({ "serverless-dynamodb": settings })).toMatchObject({ a: 1 });
  expect(Object.values(seedsOf({ "serverless-dynamodb": settings }) as JsonObject)).toEqual([
    1,
    files,
  ]);
  expect(Object.values(seedsOf({ dynamodb: settings }) as JsonObject)).toEqual([1, files]);
});

test("tables without seeds stay as they are", () => {
  const settings = { seed: SEED, start: { seed: true } };
  const { Resources } = withSeeds(TABLES, { dynamodb: settings }, ORIGINS);
  const { Other, Text } = TABLES.Resources as JsonObject;

  expect(Resources).toMatchObject({ Other, Text });
  expect(withSeeds(TABLES, { dynamodb: { seed: SEED } }, ORIGINS)).toBe(TABLES);
  expect(withSeeds(TABLES, {}, ORIGINS)).toBe(TABLES);
});

test("merges objects and arrays deeply, and replaces everything else", () => {
  const under = { a: { b: 1, c: [1, { d: 1 }, 3] }, e: "x", f: 1 };
  const over = { a: { c: [2, { g: 2 }] }, e: { h: 1 }, constructor: 1 };

  expect(merged(under, over, ORIGINS)).toEqual({
    a: { b: 1, c: [2, { d: 1, g: 2 }, 3] },
    e: { h: 1 },
    f: 1,
    constructor: 1,
  });
  expect(merged({}, JSON.parse('{"__proto__":{"a":1}}'), ORIGINS)).toEqual({});
  expect(mergedFields(under, over, ORIGINS)).toEqual({ ...under, ...over });
  expect(mergedList([{ a: { b: 1 } }, "x", { a: { c: 2 } }], ORIGINS)).toEqual({
    a: { b: 1, c: 2 },
  });
  expect(mergedList([], ORIGINS)).toEqual({});
  expect(mergedList({ a: 1 }, ORIGINS)).toEqual({ a: 1 });
  expect(mergedList("x", ORIGINS)).toEqual({});
});

test("serverless-pseudo-parameters has AWS's names in strings", () => {
  const sub = "#{AWS::Region} and #{A.Arn} and ${B}";

  expect(
    withPseudoParameters(
      {
        text: sub,
        plain: "a",
        list: [sub, 1, null],
        once: { "Fn::Sub": sub },
        twice: { "Fn::Sub": [sub, { B: "#{C}" }] },
        none: { "Fn::Sub": [] },
      },
      ORIGINS,
    ),
  ).toEqual({
    text: { "Fn::Sub": "${AWS::Region} and ${A.Arn} and ${B}" },
    plain: "a",
    list: [{ "Fn::Sub": "${AWS::Region} and ${A.Arn} and ${B}" }, 1, null],
    once: { "Fn::Sub": "${AWS::Region} and ${A.Arn} and ${B}" },
    twice: {
      "Fn::Sub": ["${AWS::Region} and ${A.Arn} and ${B}", { B: { "Fn::Sub": "${C}" } }],
    },
    none: { "Fn::Sub": [] },
  });
});

function templateOf(more: Partial<Service>, root: JsonObject = {}) {
  let template: JsonObject = {};
  const problems: string[] = [];
  writtenBy(({ service, origins }) => {
    const report = ({ problem }: Finding) => problems.push(problem);
    template = writeOut(service, root, { origins, report });
  }, more);
  return { template, problems };
}

const DOOR = { handler: "a.handler", events: [{ websocket: { route: "$connect", rout: 1 } }] };

test("a service's own resources are merged over those that Serverless creates", () => {
  const { template, problems } = templateOf({
    functions: { door: { handler: "a.handler" } },
    layers: { shared: { path: "layer" } },
    resources: {
      Resources: { DoorLambdaFunction: { Properties: { Timeout: 29 } }, Own: { Type: "X" } },
      Outputs: { A: { Value: "b" } },
      extensions: {
        IamRoleLambdaExecution: { Properties: { Path: "/own/" }, DependsOn: "Own" },
        DoorLogGroup: { Properties: {} },
        Gone: {},
        Own: "text",
      },
    },
  });
  const resources = template.Resources as JsonObject;

  expect(Object.keys(resources)).toEqual([
    "SharedLambdaLayer",
    "DoorLambdaFunction",
    "IamRoleLambdaExecution",
    "Own",
  ]);
  expect(resources.DoorLambdaFunction).toMatchObject({
    Properties: { Timeout: 29, MemorySize: 1024 },
  });
  expect(resources.IamRoleLambdaExecution).toMatchObject({
    Type: "AWS::IAM::Role",
    DependsOn: "Own",
    Properties: { Path: "/own/", Policies: [{ PolicyName: "IamRoleLambdaExecution" }] },
  });
  expect(template.Outputs).toEqual({ A: { Value: "b" } });
  expect(problems).toEqual([
    'extensions contains "Gone", which Serverless does not create. Correct its logical id.',
    'extensions contains "Own", which Serverless does not create. Correct its logical id.',
  ]);
});

test("every part of a service is checked for words that are close to known ones", () => {
  const provider = { rolle: "a" };
  const { problems } = templateOf(
    { functions: { door: { ...DOOR, timout: 3 } }, provider, plugins: ["own"] },
    { servce: "a", functions: {} },
  );

  expect(problems).toEqual([
    'the service has no property "servce". Did you mean "service"?',
    'provider has no property "rolle". Did you mean "role"?',
    'the function door has no property "timout". Did you mean "timeout"?',
    'a websocket event has no property "rout". Did you mean "route"?',
    expect.stringMatching(/^wsgw does not run own\./),
  ]);
});

test("strings are substituted only with the plugin for them", () => {
  const resources = { Outputs: { A: "#{AWS::Region}" } };
  const outputsWith = (plugins: readonly string[]) =>
    templateOf({ functions: {}, resources, plugins }).template.Outputs;

  expect(outputsWith(["serverless-pseudo-parameters"])).toEqual({
    A: { "Fn::Sub": "${AWS::Region}" },
  });
  expect(outputsWith([])).toEqual({ A: "#{AWS::Region}" });
});
