import { expect, test } from "vitest";
import { rejectionOfBody } from "../../../../src/emulator/dynamodb/rules/call-size.ts";
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
