import { expect, test } from "vitest";
import { checkProject } from "../../../src/definition/checks.ts";
import { WsgwError } from "../../../src/errors.ts";
import { loadConfig } from "../../../src/readers/config/config-file.ts";
import { placesInJson, placesInScript } from "../../../src/readers/config/places.ts";
import { project } from "../projects.ts";

async function faultsOf(name: string, text: string): Promise<readonly string[]> {
  const { root } = project({ [name]: text });
  const { definition } = await loadConfig({ cwd: root, inProcess: true });
  try {
    checkProject(definition, name, { parseExpression: () => ({ kind: "ok" }) });
    return [];
  } catch (error) {
    if (error instanceof WsgwError && error.code === "CONFIG_INVALID")
      return error.message.split("\n");
    throw error;
  }
}

test("a fault in a JSON config begins with file, line and column", async () => {
  const faults = await faultsOf(
    "wsgw.config.json",
    `{
  "name": "chat", "routeSelectionExpression": "x",
  "stage": { "name": "my stage" },
  "functions": {
    "all": { "handler": "src/all.handler", "layers": ["a",
      "/b"] }
  },
  "routes": { "with \\"quotes\\" {": { "function": "al" } }
}`,
  );

  expect(faults).toEqual([
    'wsgw.config.json:3:14: stage.name: "my stage" is not a stage name of letters, digits, _ and -, 128 characters at most.',
    'wsgw.config.json:6:7: functions.all.layers[1]: "/b" is not a layer. Write a directory relative to the definition\'s, with /, such as "layers/common".',
    'wsgw.config.json:8:38: routes["with \\"quotes\\" {"].function: "al" is not the name of a function. Did you mean "all"?',
  ]);
});

test("what is missing has the place of what it is missing in, and the file alone at the top", async () => {
  const faults = await faultsOf(
    "wsgw.config.json",
    '{ "name": "chat", "stage": { "name": "v1" },\n"functions": { "all": {} },\n"routes": {} }',
  );

  expect(faults.map((fault) => fault.split(" is ")[0])).toEqual([
    "wsgw.config.json: routeSelectionExpression:",
    "wsgw.config.json:2:16: functions.all.handler:",
    "wsgw.config.json:3:1: routes:",
  ]);
});

test("a duplicate key in JSON is an error", async () => {
  const faults = await faultsOf(
    "wsgw.config.json",
    `{
  "name": "chat", "routeSelectionExpression": "x", "stage": { "name": "v1" },
  "functions": { "all": { "handler": "a.b" } },
  "routes": {
    "talk": { "function": "all" },
    "talk": { "function": "all" }
  },
  "name": "chat"
}`,
  );

  expect(faults).toEqual([
    "wsgw.config.json:6:5: routes.talk: appears twice. The first is on line 5. Remove one.",
    "wsgw.config.json:8:3: name: appears twice. The first is on line 2. Remove one.",
  ]);
});

const script = (
  before: string,
  after: string,
) => `import { defineApi, defineProject, ref } from "wsgw";
// defineApi({ name: "in a comment" })
const pattern = /[{]"/, text = "}{";
${before}{
  name: "chat", // { not this }
  routeSelectionExpression: \`\${"x"}{\`,
  stage: { name: "my stage" },
  functions: {
    ...more(), all: {
      handler: ["src", "all"].join("/") + ".handler",
      'memory': 64,
      environment: { URL: ref("api.chta.url"), OTHER: pattern.test("a") ? "b" : text },
    },
  },
  tables: { ...more() },
  routes: { $default: { function: "al" } },
}${after}
function more() { return {}; }
`;

const FOUND = [
  "{file}:7:12: stage.name:",
  "{file}:11:7: functions.all.memory:",
  "{file}:16:25: routes.$default.function:",
  "{file}:12:22: functions.all.environment.URL.ref:",
];

test.each([
  ["defineApi()", "wsgw.config.ts", "export default defineApi(", ");"],
  ["an object", "wsgw.config.mjs", "export default ", ";"],
  ["an object with a type", "wsgw.config.ts", "export default ", " satisfies object;"],
  ["a variable", "wsgw.config.ts", "const chat: object = ", ";\nexport default chat;"],
  ["a function", "wsgw.config.ts", "export default async () => defineApi(", ");"],
])(
  "a fault in a script that exports %s begins with file, line and column",
  async (_, file, before, after) => {
    const faults = await faultsOf(file, script(before, after));

    for (const place of FOUND) {
      expect(faults.join("\n")).toContain(place.replace("{file}", file));
    }
  },
);

test("a circle of functions and a tag's reference have places too", async () => {
  const faults = await faultsOf(
    "wsgw.config.ts",
    `import { defineApi, ref } from "wsgw";
export default defineApi({
  name: "chat", routeSelectionExpression: "x", stage: { name: "v1" },
  functions: {
    all: { handler: "a.b", environment: {
      OTHER: ref("function.other.arn"),
    } },
    other: { handler: "a.b", environment: { ALL: ref("function.all.arn") } },
  },
  routes: { $default: { function: "all" } },
  deploy: { tags: { account: ref("accountId") } },
});`,
  );

  expect(faults.map((fault) => fault.split(": ").slice(0, 2))).toEqual([
    ["wsgw.config.ts:11:21", "deploy.tags.account.ref"],
    ["wsgw.config.ts:6:7", "functions.all.environment.OTHER.ref"],
  ]);
});

test("of several definitions in a script the exported one counts, and none where that is not plain", () => {
  const place = (text: string) => placesInScript(text).locate(["name"]);
  const other = 'const base = defineApi({ name: "a" });\n';

  expect(place(`${other}export default defineApi({ name: "b" });`)).toEqual({
    line: 2,
    column: 28,
  });
  expect(place(`${other}const b = defineApi({ name: "b" });\nexport default b;`)).toEqual({
    line: 2,
    column: 23,
  });
  expect(place(`${other}export default () => defineApi({ name: "b" });`)).toBeUndefined();
});

test("a project of a script has places too, and values from elsewhere that of where they are taken in", async () => {
  const faults = await faultsOf(
    "wsgw.config.ts",
    `import { defineProject } from "wsgw";
const stages = { "a b": {} };
const rest = { functions: { all: { handler: "all" } } };
export default defineProject({
  name: "chat", ...rest,
  apis: {
    chat: {
      routeSelectionExpression: "x", stages,
      routes: Object.fromEntries([["x", { function: "lal" }]]),
    },
  },
});`,
  );

  expect(faults.map((fault) => fault.replace(/: ".*/, ":"))).toEqual([
    'wsgw.config.ts:8:38: apis.chat.stages["a b"]:',
    "wsgw.config.ts: functions.all.handler:",
    "wsgw.config.ts:9:7: apis.chat.routes.x.function:",
  ]);
});

const CHAT = 'name: "chat", routeSelectionExpression: "x", stage: { name: "v1" }';

test.each([
  ["spread", "...common"],
  ["computed", "[name]: common.all"],
])(
  "a field before others that are %s may be one of theirs and has no place of its own",
  async (_, others) => {
    const faults = await faultsOf(
      "wsgw.config.ts",
      `import { defineApi } from "wsgw";
const name = "all", common = { all: { handler: "all" } };
export default defineApi({
  ${CHAT},
  functions: {
    all: { handler: "a.b" },
    ${others},
    more: { handler: "more" },
  },
  routes: { $default: { function: "all" } },
});`,
    );

    expect(faults.map((fault) => fault.split(": ")[0])).toEqual([
      "wsgw.config.ts:5:3",
      "wsgw.config.ts:8:13",
    ]);
  },
);

test("an item behind others that are spread has the place of its list", async () => {
  const faults = await faultsOf(
    "wsgw.config.ts",
    `import { defineApi } from "wsgw";
const common = ["/a", "b"];
export default defineApi({
  ${CHAT},
  functions: {
    all: { handler: "a.b", layers: [
      "/c",
      ...common,
      "d",
    ] },
  },
  routes: { $default: { function: "all" } },
});`,
  );

  expect(faults.map((fault) => fault.split(": ").slice(0, 2).join(" "))).toEqual([
    "wsgw.config.ts:7:7 functions.all.layers[0]",
    "wsgw.config.ts:6:28 functions.all.layers[1]",
  ]);
});

test.each(["(text) => /[{(]/.test(text)", "(text) => { return /[{(]/.test(text); }"])(
  "looks past the pattern in %s",
  async (isOdd) => {
    const faults = await faultsOf(
      "wsgw.config.ts",
      `import { defineApi } from "wsgw";
export default defineApi({
  ${CHAT},
  description: ["a"].find(${isOdd}) ?? "b",
  functions: { all: { handler: "b" } },
  routes: { $default: { function: "all" } },
});`,
    );

    expect(faults.map((fault) => fault.split(": ")[0])).toEqual(["wsgw.config.ts:5:23"]);
  },
);

test.each([
  "",
  "{",
  "[1,",
  '{"a":',
  "}",
  '{"a": {"b" "c"}}',
  "export default defineApi({ a: (",
  "export default {)",
])("looks for places in the unfinished text %j without an end", (text) => {
  expect(placesInScript(text).locate(["a", "b"])?.line ?? 1).toBe(1);
  expect(placesInJson(text).locate(["a", 0])?.line ?? 1).toBe(1);
});
