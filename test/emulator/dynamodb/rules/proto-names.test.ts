import { expect, test } from "vitest";
import {
  mayNameProto,
  withoutProto,
  withProto,
} from "../../../../src/emulator/dynamodb/rules/proto-names.ts";

test.each([
  ['{"__proto__":1}', true],
  ['{"\\u005f_proto__":1}', true],
  ['{"_proto_":1}', false],
])("JSON that may name __proto__, escaped as well: %s", (json, expected) => {
  expect(mayNameProto(json)).toBe(expected);
});

const parse = (json: string) => JSON.parse(json) as object;

test.each([
  ["a key", '{"Key":{"__proto__":{"S":"a"}}}', '{"Key":{"ALIAS":{"S":"a"}}}'],
  [
    "a member of a map in a list",
    '{"L":[{"M":{"__proto__":{"N":"1"}}}]}',
    '{"L":[{"M":{"ALIAS":{"N":"1"}}}]}',
  ],
  [
    "a name of an expression",
    '{"ExpressionAttributeNames":{"#p":"__proto__"}}',
    '{"ExpressionAttributeNames":{"#p":"ALIAS"}}',
  ],
  ["a list of names", '{"AttributesToGet":["__proto__","a"]}', '{"AttributesToGet":["ALIAS","a"]}'],
  [
    "an expression, wherever it is a whole name",
    '{"UpdateExpression":"SET __proto__ = :__proto__, a.__proto__=#__proto__, __proto__x = x__proto__"}',
    '{"UpdateExpression":"SET ALIAS = :__proto__, a.ALIAS=#__proto__, __proto__x = x__proto__"}',
  ],
  [
    "no longer name, and nothing else",
    '{"TableName":"my__proto__","Limit":1,"A":null}',
    '{"TableName":"my__proto__","Limit":1,"A":null}',
  ],
])("in %s the name is replaced, since the store cannot hold it", (_, call, expected) => {
  const changed = JSON.stringify(withoutProto(parse(call)));
  expect(withProto(changed)).toBe(JSON.stringify(parse(call)).replaceAll("ALIAS", "__proto__"));
  const alias = /proto_[0-9a-f]+/.exec(changed)?.[0] ?? "ALIAS";
  expect(changed.replaceAll(alias, "ALIAS")).toBe(expected);
});

test.each(["S", "B"])("a value of type %s is data", (type) => {
  const call = { Item: { a: { [type]: "__proto__" }, b: { [`${type}S`]: ["__proto__"] } } };
  expect(withoutProto(call)).toEqual(call);
});
