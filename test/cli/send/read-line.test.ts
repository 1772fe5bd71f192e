import { expect, test } from "vitest";
import type { Action } from "../../../cli/send/action-types.ts";
import { readLine } from "../../../cli/send/read-line.ts";

const send = (text: string): Action => ({ kind: "send", text });

test.each<[string, string, Action]>([
  ["sends a line as it is, blanks and all", "  hi ", send("  hi ")],
  ["sends JSON that is complete", '{"a":[1,"}"]}', send('{"a":[1,"}"]}')],
  ["sends a text that begins with a slash", "//usr/bin", send("/usr/bin")],
  ["does nothing for an empty line", "  ", { kind: "nothing" }],
  ["pings", "/ping", { kind: "ping", count: 1 }],
  ["helps", " /help".trim(), { kind: "help" }],
  ["quits", "/quit ", { kind: "quit" }],
  ["closes without a code", "/close", { kind: "close", code: undefined, reason: "" }],
  ["closes with a code", "/close 1000", { kind: "close", code: 1000, reason: "" }],
  [
    "closes with code and reason",
    "/close 4001 see you",
    { kind: "close", code: 4001, reason: "see you" },
  ],
  ["sends JSON with a string that is not closed", '{"a": "b', send('{"a": "b')],
  ["sends JSON with one bracket too many", "[1]]", send("[1]]")],
  ["sends text with braces inside", "say {", send("say {")],
])("%s", (_, line, action) => {
  expect(readLine(line)).toEqual(action);
});

test.each([
  ["/close 1001", "A client can close with 1000 or 3000 to 4999, not with 1001."],
  ["/close soon", "A client can close with 1000 or 3000 to 4999, not with soon."],
  [`/close 4000 ${"é".repeat(62)}`, "A reason can have at most 123 bytes."],
  ["/ping now", "/ping needs a number of pings from 1 to 100, not now."],
  ["/frob", 'The command /frob does not exist. /help lists them, and //frob sends "/frob".'],
])("says what is wrong with %s", (line, message) => {
  expect(readLine(line)).toEqual({ kind: "mistake", message });
});

test("gathers pasted JSON into one message", () => {
  const lines = ["{", '  "action": "join",', '  "rooms": ["a\\"{",', '    "b"]', "}"];
  let action: Action = { kind: "nothing" };
  for (const line of lines) {
    action = readLine(line, action.kind === "continue" ? action.pending : "");
  }

  expect(action).toEqual(send(lines.join("\n")));
});

test("an empty line sends JSON that was never closed", () => {
  const first = readLine('{"a":');

  expect(first).toEqual({ kind: "continue", pending: '{"a":' });
  expect(readLine("", '{"a":')).toEqual(send('{"a":'));
});

test("a slash inside JSON that continues is not a command", () => {
  expect(readLine("/ping", "[")).toEqual({ kind: "continue", pending: "[\n/ping" });
});
