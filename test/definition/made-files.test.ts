import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { Ajv } from "ajv";
import type * as v from "valibot";
import { describe, expect, expectTypeOf, test } from "vitest";
import { checkProject } from "../../src/definition/checks.ts";
import type { ApiDefinition, ProjectDefinition } from "../../src/definition/project.ts";
import type { apiSchema, projectSchema } from "../../src/definition/schema.ts";
import { WsgwError } from "../../src/errors.ts";
import { chat, everything, twoApis } from "./definitions.ts";
import { hoverOver } from "./editor.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

type Pages = {
  madeFiles(): Promise<Readonly<Record<string, string>>>;
  jsonSchema(): Promise<object>;
};
const pages: Pages = await import(`${root}scripts/definition-pages.mjs`);
const accepts = new Ajv({ strictTypes: false }).compile(await pages.jsonSchema());

test("what is made from the description of a definition is up to date", async () => {
  for (const [file, text] of Object.entries(await pages.madeFiles())) {
    expect(text, `run node scripts/definition-pages.mjs for ${file}`).toBe(
      readFileSync(root + file, "utf8"),
    );
  }
});

test("the docs say of every field what it takes", async () => {
  const page = (await pages.madeFiles())["docs/definition.md"] ?? "";
  const types = [...page.matchAll(/^\| `\w+` \| ([^|]+) \|/gm)].map(([, type]) => type);

  expect(types).toContain("array of esbuild plugins");
  expect(types.filter((type) => /\bany|\bundefined\b/.test(type ?? ""))).toEqual([]);
});

type Readonlys<T> = T extends (...args: never) => unknown
  ? T
  : T extends object
    ? { readonly [K in keyof T]: Readonlys<T[K]> }
    : T;

test("the types that are written out are those of the description", () => {
  expectTypeOf<Readonlys<v.InferInput<typeof apiSchema>>>().toExtend<ApiDefinition>();
  expectTypeOf<ApiDefinition>().toExtend<Readonlys<v.InferInput<typeof apiSchema>>>();
  expectTypeOf<Readonlys<v.InferInput<typeof projectSchema>>>().toExtend<ProjectDefinition>();
  expectTypeOf<ProjectDefinition>().toExtend<Readonlys<v.InferInput<typeof projectSchema>>>();
});

test("an editor shows what a field is for when the pointer rests on it", {
  tags: ["journey"],
}, async () => {
  const shown = await hoverOver(
    `import { defineApi, defineProject } from ${JSON.stringify(resolve("src/definition/project.ts"))};
    export const one = defineApi({
      name: "chat", routeSelectionExpression: "$request.body.action", stage: { name: "v1" },
      functions: { a: { handler: "a.handler", memory: 128 } },
      routes: { $default: { function: "a", routeResponse: true } },
      tables: { t: { partitionKey: { name: "id", type: "S" }, timeToLive: "until" } },
    });
    export const several = defineProject({
      name: "chat", functions: {},
      apis: { a: { routeSelectionExpression: "", stages: { v1: { variables: {} } }, routes: {} } },
    });`,
    ["memory", "routeResponse", "timeToLive", "apis", "variables"],
  );

  expect(shown.get("memory")).toContain("MB, 128 to 10,240. Default `128`.");
  expect(shown.get("routeResponse")).toContain("the client gets the handler's `body`");
  expect(shown.get("timeToLive")).toContain("the epoch second");
  expect(shown.get("apis")).toContain("WebSocket APIs by name");
  expect(shown.get("variables")).toContain("Contained in every event");
});

const fixtures = { chat, everything, twoApis };

const isRejected = (definition: unknown): boolean => {
  try {
    checkProject(definition, "here", { parseExpression: () => ({ kind: "ok" }) });
    return false;
  } catch (error) {
    if (error instanceof WsgwError) return /is not a field of/.test(error.message);
    throw error;
  }
};

/** The definition once for each of its keys, with that key misspelt. */
function* misspelt(value: unknown): Generator<unknown> {
  if (Array.isArray(value)) {
    for (const [i, item] of value.entries()) {
      for (const other of misspelt(item)) yield value.with(i, other);
    }
  } else if (typeof value === "object" && value !== null) {
    for (const [key, field] of Object.entries(value)) {
      const { [key]: _, ...rest }: Record<string, unknown> = { ...value };
      yield { ...rest, [`${key}x`]: field };
      for (const other of misspelt(field)) yield { ...value, [key]: other };
    }
  }
}

describe.each(Object.entries(fixtures))(
  "the JSON Schema, for the definition “%s”",
  (_, fixture) => {
    test("accepts it as it is", () => {
      expect(accepts(fixture), JSON.stringify(accepts.errors)).toBe(true);
      expect(isRejected(fixture)).toBe(false);
    });

    test("rejects it with any field misspelt", () => {
      const rejected = [...misspelt(fixture)].filter(isRejected);

      expect(rejected.length).toBeGreaterThan(5);
      expect(rejected.filter((definition) => accepts(definition))).toEqual([]);
    });
  },
);

test("the JSON Schema rejects a misspelt runtime, a wrong route key and a value of the wrong type", () => {
  const { functions, ...rest } = chat;

  expect(
    accepts({ ...rest, functions: { ...functions, a: { handler: "a.b", runtime: "node" } } }),
  ).toBe(false);
  expect(accepts({ ...chat, routes: { $conect: { function: "connect" } } })).toBe(false);
  expect(accepts({ ...chat, stage: "v1" })).toBe(false);
});
