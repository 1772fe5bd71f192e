import { expect, test } from "vitest";
import { WsgwError } from "../../../src/errors.ts";
import { loadEnvVars } from "../../../src/readers/sam/env-vars.ts";
import { project } from "../projects.ts";

function load(text: string) {
  return loadEnvVars(project({ "env.json": text }).path("env.json"));
}

function messagesOf(text: string): readonly string[] {
  const { path } = project({ "env.json": text });
  try {
    loadEnvVars(path("env.json"));
  } catch (error) {
    expect(error).toBeInstanceOf(WsgwError);
    expect(error).toMatchObject({ code: "ENV_VARS_INVALID" });
    return (error as WsgwError).message.replaceAll(path("env.json"), "env.json").split("\n");
  }
  throw new Error("It was read.");
}

test("reads variables for all functions, and for functions by id, name and path", () => {
  const text = JSON.stringify({
    Parameters: { TABLE: "local" },
    Connect: { TABLE: "mine", LIMIT: 3, DEBUG: true },
    "chat-send": { EMPTY: "" },
    "Nested/Send": { A: "b" },
  });

  expect(load(text)).toEqual({
    Parameters: { TABLE: "local" },
    Connect: { TABLE: "mine", LIMIT: "3", DEBUG: "true" },
    "chat-send": { EMPTY: "" },
    "Nested/Send": { A: "b" },
  });
});

test("reads a file with a byte order mark", () => {
  expect(load("\uFEFF{}")).toEqual({});
});

test.each([
  ["a comma too many", '{\n  "A": { "B": "c", }\n}', /^env\.json:2:\d+: The file is not JSON\.$/],
  ["an end too early", '{\n "A": {', /^env\.json:2:\d+: The file is not JSON\.$/],
])("names the line and column of %s", (_, text, message) => {
  expect(messagesOf(text)).toEqual([expect.stringMatching(message)]);
});

test("lists everything that is not in SAM's format", () => {
  const text = '{ "TABLE": "local", "Connect": { "A": null, "B": ["x"] }, "Send": 3 }';

  expect(messagesOf(text)).toEqual([
    expect.stringContaining('env.json: "TABLE" must be an object of variables, not "local".'),
    expect.stringContaining('variable "A" of "Connect" must be a string'),
    expect.stringContaining('variable "B" of "Connect" must be a string'),
    expect.stringContaining('"Send" must be an object of variables, not 3.'),
  ]);
});

test("reports a file that holds no object", () => {
  expect(messagesOf("[1]")).toEqual([expect.stringContaining("env.json: [1] is not an object.")]);
});

test("says why a file cannot be read", () => {
  const { path } = project();

  expect(() => loadEnvVars(path("none.json"))).toThrow(
    /cannot be read: it does not exist \(ENOENT\)\.$/,
  );
});
