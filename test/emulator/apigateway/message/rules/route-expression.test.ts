import { expect, test } from "vitest";
import {
  evaluateExpression,
  parseRouteExpression,
} from "../../../../../src/emulator/apigateway/message/rules/route-expression.ts";

function evaluate(source: string, body: unknown): string {
  const parsed = parseRouteExpression(source);
  if (parsed.kind === "invalid") throw new Error(parsed.problem);
  return evaluateExpression(parsed.expression, body).value;
}

const message = {
  service: "chat",
  action: "join",
  version: "v1",
  größe: "L",
  a: { b: [{ c: "deep" }, "second"] },
  list: ["x", 2, null, ["y"]],
  numbered: { 0: "x" },
  looksLikeOne: "$request.body.action",
};

test.each([
  ["$request.body.action", "join"],
  ["${request.body.action}", "join"],
  ["${request.body.service}/${request.body.action}", "chat/join"],
  ["${request.body.service}.${request.body.action}", "chat.join"],
  ["${request.body.action}-${request.body.invalidPath}", "join-"],
  ["${request.body.version}-beta", "v1-beta"],
  ["action", "action"],
  ["\\$default", "$default"],
  ["$request.body.a.b[0].c", "deep"],
  ["$request.body.a.b[1]", "second"],
  ["$request.body.a.b[9]", ""],
  ["$request.body.a[0]", ""],
  ["$request.body.list.0", ""],
  ["$request.body.numbered[0]", ""],
  ["$request.body.service.length", ""],
  ["$request.body.list", "[x, 2, , [y]]"],
  ["$request.body.größe/x", "L/x"],
  ["$request.body.looksLikeOne", "$request.body.action"],
  ["pre-$request.body.action", "pre-join"],
])("%s gives %s", (source, value) => {
  expect(evaluate(source, message)).toBe(value);
});

test.each([
  ["", "it is empty"],
  ["$", "a $ begins a variable. Write \\$ for a literal dollar"],
  ["${request.body.action", '"${request.body.action" has no closing brace'],
  ["a}/${request.body.action", '"${request.body.action" has no closing brace'],
  ["}${request.body.action}x$", "a $ begins a variable. Write \\$ for a literal dollar"],
  [
    "$request.header.x",
    '"$request.header.x" is not a variable that routes can use. Use $request.body.…',
  ],
  ["$request.body.", '"$request.body." has a malformed path'],
  [
    "$context.connectionId",
    '"$context.connectionId" is not a variable that routes can use. Use $request.body.…',
  ],
  [
    "${stageVariables.x}",
    '"$stageVariables.x" is not a variable that routes can use. Use $request.body.…',
  ],
  ["$request.body..action", '"$request.body..action" has a malformed path'],
  ["$request.body.a..b", '"$request.body.a..b" has a malformed path'],
  ["$request.body.a[x]", '"$request.body.a[x]" has a malformed path'],
])("rejects %j with its problem", (source, problem) => {
  expect(parseRouteExpression(source)).toEqual({ kind: "invalid", problem });
});

test("an array nested deeper than 500 levels is cut there", () => {
  const nested = (levels: number) => JSON.parse(`${"[".repeat(levels)}1${"]".repeat(levels)}`);
  const shown = (levels: number, inner: string) => "[".repeat(levels) + inner + "]".repeat(levels);

  expect(evaluate("$request.body.a", { a: nested(500) })).toBe(shown(500, "1"));
  expect(evaluate("$request.body.a", { a: nested(501) })).toBe(shown(500, "…"));
});

test("an object nested too deep for JSON is shortened", () => {
  const deep = JSON.parse(`${'{"a":'.repeat(20_000)}1${"}".repeat(20_000)}`);

  expect(evaluate("$request.body.a", deep)).toBe("{…}");
});
