import { expect, test } from "vitest";
import type { Value } from "../../src/definition/references.ts";
import { WsgwError } from "../../src/errors.ts";
import { applyEnvFile, envFileWarnings, loadEnvFile } from "../../src/readers/env-file.ts";
import { onThisMachine, projectOf } from "../local-project.ts";
import { project } from "./projects.ts";

const chat = projectOf({
  name: "chat",
  routeSelectionExpression: "$request.body.action",
  stage: { name: "v1" },
  functions: {
    send: { handler: "send.handler", environment: { GREETING: "hi", MODE: "live" } },
    other: { handler: "other.handler", environment: { MODE: "live" } },
  },
  routes: { send: { function: "send" }, other: { function: "other" } },
  connectionTable: { environmentVariable: "TABLE", attribute: "id", functions: ["send"] },
});

/** As `applyEnvFile`, with the project as functions see it. */
function apply(variables: Readonly<Record<string, string>>, to = chat) {
  const applied = applyEnvFile(to, variables);
  const { functions } = onThisMachine(applied.project);
  return { functions, warnings: envFileWarnings("dev.env", applied) };
}

test("reads names and values, with quotes, comments, export and a byte order mark", () => {
  const { path } = project({
    ".env":
      "\uFEFFONE=1\n# a comment\nexport TWO=\"two words\" # and why\n\nTHREE='a=b'\r\nFOUR=\n",
  });

  expect(loadEnvFile(path(".env"))).toEqual({ ONE: "1", TWO: "two words", THREE: "a=b", FOUR: "" });
});

test("says in which line of a file a NUL character is", () => {
  const { path } = project({ ".env": "ONE=1\nTWO=a\0b\n" });

  expect(() => loadEnvFile(path(".env"))).toThrow(
    expect.objectContaining({
      code: "ENV_FILE_UNREADABLE",
      message: `${path(".env")}:2: a NUL character, which a variable cannot contain. Save the file as UTF-8.`,
    }),
  );
});

test.each([
  ["that does not exist", "nowhere.env"],
  ["that is a folder", "folder"],
])("rejects a file %s", (_, name) => {
  const { path } = project({ "folder/x": "" });

  expect(() => loadEnvFile(path(name))).toThrow(
    expect.objectContaining({
      code: "ENV_FILE_UNREADABLE",
      message: expect.stringContaining(`${path(name)} cannot be read: `),
    }),
  );
  expect(() => loadEnvFile(path(name))).toThrow(WsgwError);
});

test("takes the place of declared values, in every function that declares the variable", () => {
  const { functions, warnings } = apply({ MODE: "test" });

  expect(functions.send?.environment).toEqual({
    GREETING: "hi",
    MODE: "test",
    TABLE: "chat-connections",
  });
  expect(functions.other?.environment).toEqual({ MODE: "test" });
  expect(warnings).toEqual([]);
});

test("leaves the names of tables alone, and tells which variables no function declares", () => {
  const { functions, warnings } = apply({ TABLE: "live-table", SECRET: "x", MODE: "" });

  expect(warnings).toEqual([
    "dev.env sets SECRET, but no function declares it in its environment. Handlers do not see it.",
    "dev.env sets TABLE (table.connections.name), but the definition sets it by a reference. wsgw ignores the value in the file.",
  ]);
  expect(functions.send?.environment).toMatchObject({
    TABLE: "chat-connections",
    MODE: "",
  });
});

test.each([
  [{ ref: "table.connections.name" }, "chat-connections", "table.connections.name"],
  [{ ref: "api.chat.callbackUrl" }, "https://chat.example.com/v1", "api.chat.callbackUrl"],
  [
    { join: [{ ref: "region" }, ":", { ref: "function.send.name" }] },
    "us-east-1:send",
    "region, function.send.name",
  ],
])("a reference %j wins over the file, with a warning that names both", (value, here, names) => {
  const { send, other } = chat.functions;
  const functions = { send: { ...send!, environment: { TO: value as Value } }, other: other! };

  const applied = apply({ TO: "elsewhere", MODE: "test" }, { ...chat, functions });

  expect(applied.functions.send?.environment).toEqual({ TO: here });
  expect(applied.functions.other?.environment).toEqual({ MODE: "test" });
  expect(applied.warnings).toEqual([
    `dev.env sets TO (${names}), but the definition sets it by a reference. wsgw ignores the value in the file.`,
  ]);
});

test("strings in a row are a value like any other", () => {
  const { send } = chat.functions;
  const functions = { send: { ...send!, environment: { TO: { join: ["a", "b"] } } } };

  const applied = apply({ TO: "c" }, { ...chat, functions });

  expect(applied.functions.send?.environment).toEqual({ TO: "c" });
  expect(applied.warnings).toEqual([]);
});

test("does not change the project that it is given", () => {
  const before = structuredClone(chat);
  applyEnvFile(chat, { MODE: "test" });
  expect(chat).toEqual(before);
});
