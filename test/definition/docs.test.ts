import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { beforeAll, expect, test } from "vitest";
import { checkProject } from "../../src/definition/checks.ts";
import { parseRouteExpression } from "../../src/emulator/apigateway/message/rules/route-expression.ts";
import { loadConfig } from "../../src/readers/config/config-file.ts";
import { writeFiles } from "../bundle/project.ts";
import { project } from "../readers/projects.ts";
import { sharedDirectory } from "../temporary-directory.ts";

const sharedRoot = sharedDirectory();
const root = fileURLToPath(new URL("../..", import.meta.url));
const page = readFileSync(`${root}docs/definition.md`, "utf8");
const snippets = [...page.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].map(
  ([, language = "", text = ""]) => ({
    language,
    text,
    first: text.split("\n")[0],
  }),
);

const check = (definition: unknown, where: string) =>
  checkProject(definition, where, { parseExpression: parseRouteExpression });

/** A snippet that is no whole file shows some fields; here are the rest. */
const withTheRest = (fields: string) => `
import { defineApi, ref } from "wsgw";
const rest = {
  name: "chat",
  routeSelectionExpression: "$request.body.action",
  stage: { name: "v1" },
  functions: { all: { handler: "src/all.handler" } },
  routes: { $default: { function: "all" } },
};
export default defineApi({ ...rest, ${fields} });`;

const inTypeScript = snippets.filter(({ language }) => language === "ts");
/** The definitions of the TypeScript snippets. One config imports them all: each that is loaded takes a process. */
let definitions: readonly unknown[];

beforeAll(async () => {
  const file = (at: number) => `snippet${at}.ts`;
  writeFiles(sharedRoot, {
    "package.json": '{"name":"chat"}',
    ...Object.fromEntries(
      inTypeScript.map(({ text }, at) => [
        file(at),
        text.includes("export default") ? text : withTheRest(text),
      ]),
    ),
    "wsgw.config.ts": [
      ...inTypeScript.map((_, at) => `import d${at} from "./${file(at)}";`),
      `const all = [${inTypeScript.map((_, at) => `d${at}`).join(", ")}];`,
      "const valueOf = (d, given) => (typeof d === 'function' ? d(...given) : d);",
      "export default async (...given) => ({",
      "  all: await Promise.all(all.map((d) => valueOf(d, given))),",
      "});",
    ].join("\n"),
  });
  const { definition } = await loadConfig({ cwd: sharedRoot });
  definitions = (definition as { all: unknown[] }).all;
});

test.each(inTypeScript.map(({ first }, at) => [first, at] as const))(
  "the page's ts snippet “%s” is a sound definition",
  (_, at) => {
    expect(check(definitions[at], "docs/definition.md").warnings).toEqual([]);
  },
);

test.each(snippets.filter(({ language }) => language !== "ts"))(
  "the page's $language snippet “$first” is a sound definition",
  async ({ language, text }) => {
    const extension = { js: "cjs", json: "json" }[language];
    const { root: directory } = project({
      "package.json": '{"name":"chat"}',
      [`wsgw.config.${extension}`]: text,
    });

    const { definition } = await loadConfig({ cwd: directory });

    expect(check(definition, "docs/definition.md").warnings).toEqual([]);
  },
);

test("the page has a snippet for each part of a definition", () => {
  expect(snippets.map(({ first }) => first?.split(/[:{ ]/)[0])).toEqual(
    expect.arrayContaining([
      "routeSelectionExpression",
      "stage",
      "functions",
      "routes",
      "connectionTable",
      "tables",
    ]),
  );
});

test("the sample is sound, and each of its handlers is there", async () => {
  const { definition, root: directory } = await loadConfig({ cwd: root });

  const { project, warnings } = check(definition, "wsgw.config.ts");

  expect(warnings).toEqual([]);
  expect(directory).toBe(root.replace(/\/$/, ""));
  for (const { handler } of Object.values(project.functions)) {
    expect(existsSync(`${root}${handler.replace(/\.handler$/, ".ts")}`)).toBe(true);
  }
  expect(
    Object.values(project.apis.chat!.routes).map((route) => [route.routeKey, route.operationName]),
  ).toEqual([
    ["$connect", "ConnectRoute"],
    ["$disconnect", "DisconnectRoute"],
    ["sendmessage", "SendRoute"],
  ]);
  expect(project.functions.sendmessage?.environment).toEqual({
    CONNECTIONS_TABLE: { ref: "table.connections.name" },
  });
  expect(project.tables.connections?.capacity).toEqual({ read: 5, write: 5 });
});
