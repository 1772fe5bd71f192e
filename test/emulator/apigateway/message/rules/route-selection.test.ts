import { expect, test } from "vitest";
import { parseRouteExpression } from "../../../../../src/emulator/apigateway/message/rules/route-expression.ts";
import { selectRoute } from "../../../../../src/emulator/apigateway/message/rules/route-selection.ts";

const keys = new Set([
  "$connect",
  "$disconnect",
  "$default",
  "join",
  "5",
  "true",
  "[a, b]",
  "[1, 2]",
  "größe",
]);

function select(
  text: string,
  source = "$request.body.action",
  routeKeys: ReadonlySet<string> = keys,
) {
  const parsed = parseRouteExpression(source);
  if (parsed.kind === "invalid") throw new Error(parsed.problem);
  return selectRoute(routeKeys, parsed.expression, text);
}

test.each([
  ["a key of its own", '{"action":"join"}', "join"],
  ["a number", '{"action":5}', "5"],
  ["a boolean", '{"action":true}', "true"],
  ["an array of texts", '{"action":["a","b"]}', "[a, b]"],
  ["an array of numbers", '{"action":[1,2]}', "[1, 2]"],
  ["letters outside ASCII", '{"action":"größe"}', "größe"],
  ["an escape that means the same text", '{"action":"jo\\u0069n"}', "join"],
  ["the word $default", '{"action":"$default"}', "$default"],
  ["the key last, when it names two", '{"action":"leave","action":"join"}', "join"],
  ["the key with blanks around the message", ' {"action":"join"}\n', "join"],
])("a message that names %s goes to the route with that key", (_, text, routeKey) => {
  expect(select(text)).toMatchObject({ kind: "route", routeKey, because: "matched" });
});

test.each([
  ["another case", '{"action":"JOIN"}', "unknown-key"],
  ["a blank behind the key", '{"action":"join "}', "unknown-key"],
  ["plain text", "hello", "not-json"],
  ["broken JSON", "{bad json", "not-json"],
  ["an empty frame", "", "not-json"],
  ["a missing path", '{"x":1}', "no-value"],
  ["null", '{"action":null}', "no-value"],
  ["an object", '{"action":{"k":1}}', "unknown-key"],
  ["a JSON array as message", "[1,2]", "no-value"],
  ["a JSON text as message", '"text"', "no-value"],
  ["a JSON number as message", "5", "no-value"],
  ["JSON null as message", "null", "no-value"],
  ["the word $connect", '{"action":"$connect"}', "unknown-key"],
  ["the word $disconnect", '{"action":"$disconnect"}', "unknown-key"],
  ["a name that every object inherits", '{"action":"toString"}', "unknown-key"],
  ["the name of a prototype", '{"action":"__proto__"}', "unknown-key"],
  ["a key in a prototype", '{"__proto__":{"action":"join"}}', "no-value"],
  ["another case of the path", '{"Action":"join"}', "no-value"],
  ["a key in a list", '{"action":["join"]}', "unknown-key"],
  ["an empty text", '{"action":""}', "unknown-key"],
  ["a byte order mark", '\ufeff{"action":"join"}', "not-json"],
  ["something behind the JSON", '{"action":"join"}x', "not-json"],
])("falls back to $default for %s", (_, text, because) => {
  expect(select(text)).toMatchObject({ kind: "route", routeKey: "$default", because });
});

test("an inherited property does not count as a value", () => {
  expect(select("{}", "$request.body.constructor")).toMatchObject({ because: "no-value" });
});

test.each([
  ["hello", "not-json"],
  ['{"x":1}', "no-value"],
  ['{"action":"leave"}', "unknown-key"],
  ['{"action":"$connect"}', "unknown-key"],
])("without $default no route takes %s", (text, because) => {
  expect(select(text, undefined, new Set(["$connect", "join"]))).toMatchObject({
    kind: "none",
    because,
  });
});

test("the value that found no route is kept with the reason", () => {
  expect(select('{"action":"leave"}')).toEqual({
    kind: "route",
    routeKey: "$default",
    because: "unknown-key",
    value: "leave",
  });
});

test.each([
  ["lists", "[".repeat(60_000) + "]".repeat(60_000)],
  ["objects", `${'{"a":'.repeat(20_000)}1${"}".repeat(20_000)}`],
])("a message with %s nested in one another has no key, however many there are", (_, value) => {
  expect(select(`{"action":${value}}`)).toMatchObject({
    routeKey: "$default",
    because: "unknown-key",
  });
});

test("an object becomes JSON", () => {
  expect(select('{"action":{"k":"v","n":[1,{"m":null}]}}').value).toBe(
    '{"k":"v","n":[1,{"m":null}]}',
  );
});
