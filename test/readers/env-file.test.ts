import { expect, test } from "vitest";
import { WsgwError } from "../../src/errors.ts";
import { applyEnvFile, loadEnvFile } from "../../src/readers/env-file.ts";
import { localProjectOf } from "../local-project.ts";
import { project } from "./projects.ts";

const chat = localProjectOf({
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

test("reads names and values, with quotes, comments, export and a byte order mark", () => {
  const { path } = project({
    ".env":
      "\uFEFFONE=1\n# a comment\nexport TWO=\"two words\" # and why\n\nTHREE='a=b'\r\nFOUR=\n",
  });

  expect(loadEnvFile(path(".env"))).toEqual({ ONE: "1", TWO: "two words", THREE: "a=b", FOUR: "" });
});

test.each([
  ["that does not exist", "nowhere.env"],
  ["that is a folder", "folder"],
])("refuses a file %s", (_, name) => {
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
  const { project: changed, unused } = applyEnvFile(chat, { MODE: "test" });

  expect(changed.functions.send?.environment).toEqual({
    GREETING: "hi",
    MODE: "test",
    TABLE: "chat-connections",
  });
  expect(changed.functions.other?.environment).toEqual({ MODE: "test" });
  expect(unused).toEqual([]);
});

test("leaves the names of tables alone, and tells which variables no function declares", () => {
  const { project: changed, unused } = applyEnvFile(chat, {
    TABLE: "live-table",
    SECRET: "x",
    MODE: "",
  });

  expect(unused).toEqual(["TABLE", "SECRET"]);
  expect(changed.functions.send?.environment).toMatchObject({
    TABLE: "chat-connections",
    MODE: "",
  });
});

test("does not change the project that it is given", () => {
  const before = structuredClone(chat);
  applyEnvFile(chat, { MODE: "test" });
  expect(chat).toEqual(before);
});
