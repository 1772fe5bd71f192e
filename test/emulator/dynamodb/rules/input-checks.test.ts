import { expect, test } from "vitest";
import {
  rejectionOfBody,
  rejectionOfInput,
  rejectionOfNull,
} from "../../../../src/emulator/dynamodb/rules/input-checks.ts";
import { invalid } from "../../../../src/emulator/dynamodb/rules/rejections.ts";

/** Objects in objects, so many. */
function nested(levels: number): Record<string, unknown> {
  let value: Record<string, unknown> = {};
  for (let at = 1; at < levels; at += 1) value = { M: value };
  return value;
}

test("rejects more than 100 levels", () => {
  const body = (levels: number) => Buffer.from(JSON.stringify(nested(levels)));

  expect(rejectionOfBody(body(100))).toBeUndefined();
  expect(rejectionOfBody(body(101))).toEqual(
    invalid("Nesting Levels have exceeded supported limits"),
  );
});

test.each([
  ["arrays", `${"[".repeat(101)}${"]".repeat(101)}`],
  ["objects after a string that ends with a backslash", JSON.stringify({ "\\": nested(100) })],
])("rejects 101 levels of %s", (_, body) => {
  expect(rejectionOfBody(Buffer.from(body))).toEqual(
    invalid("Nesting Levels have exceeded supported limits"),
  );
});

test.each([
  ["objects that stand beside each other", `[${'{"a":{}},'.repeat(200)}{}]`],
  ["arrays that stand beside each other", `[${"[[]],".repeat(200)}[]]`],
  ["a string that looks like it", JSON.stringify("[{".repeat(200))],
  ["a string with quotes in it that looks like it", JSON.stringify('"[{\\\\"'.repeat(200))],
])("does not take %s for levels", (_, body) => {
  expect(rejectionOfBody(Buffer.from(body))).toBeUndefined();
});

test.each([
  ["an array", `[${"1,".repeat(199_999)}1]`, "[1,"],
  ["an object", `{${'"a":1,'.repeat(99_999)}"a":"1,1:1"}`, "[{},"],
])("rejects more than 200,000 names and values, such as those of %s", (_, most, more) => {
  const body = (text: string) => rejectionOfBody(Buffer.from(text));

  expect(body(most)).toBeUndefined();
  expect(body(`${more}${most}]`)).toEqual(
    invalid(
      "wsgw's built-in DynamoDB does not support so many values in one call. To use a DynamoDB that does, such as DynamoDB Local, start wsgw with --dynamodb-endpoint URL.",
    ),
  );
});

test.each(["ConditionExpression", "FilterExpression", "KeyConditionExpression"])(
  "rejects an invalid %s inside three parentheses, which the store is slow to parse",
  (name) => {
    const rejection = (condition: string) => rejectionOfInput("Query", { [name]: condition });

    expect(rejection("((a = ))")).toBeUndefined(); // the store refuses it
    expect(rejection("(((a = :b)))")).toBeUndefined();
    expect(rejection("(((a = )))")).toEqual(invalid(`Invalid ${name}: Syntax error`));
    expect(rejectionOfInput("Query", { ProjectionExpression: "(((a = )))" })).toBeUndefined();
  },
);

test.each([
  "ConditionExpression",
  "FilterExpression",
  "KeyConditionExpression",
  "ProjectionExpression",
  "UpdateExpression",
])("rejects a %s of more than 4,096 bytes", (name) => {
  expect(rejectionOfInput("Query", { [name]: "ä".repeat(2048) })).toBeUndefined();
  expect(rejectionOfInput("Query", { [name]: `${"ä".repeat(2048)}x` })).toEqual(
    invalid(
      `Invalid ${name}: Expression size has exceeded the maximum allowed size; expression size: 4097`,
    ),
  );
});

test.each([
  ["TagResource", [{ Key: "a", Value: "b" }], undefined],
  ["TagResource", undefined, undefined],
  ["TagResource", [{ Key: "a", Value: "b" }, { Key: "a" }], 2],
  ["TagResource", [{ Value: "b" }], 1],
  ["TagResource", [null], 1],
  ["CreateTable", [null], undefined],
])("for %s with the tags %j rejects the first invalid one", (operation, Tags, at) => {
  expect(rejectionOfInput(operation, { Tags })).toEqual(
    at === undefined
      ? undefined
      : invalid(
          `1 validation error detected: Value null at 'tags.${at}.member' failed to satisfy constraint: Member must not be null`,
        ),
  );
});

test("rejects null where a value is required, at any depth", () => {
  const rejection = invalid(
    "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes",
  );

  expect(rejectionOfNull({ a: [{ b: "" }], c: 0, d: false })).toBeUndefined();
  for (const value of [null, { a: [{ b: null }] }, { a: undefined }]) {
    expect(rejectionOfNull(value)).toEqual(rejection);
  }
});
