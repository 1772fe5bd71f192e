import { expect, test } from "vitest";
import { general, invalid } from "../../../../src/emulator/dynamodb/rules/rejections.ts";
import { unsupported } from "../../../../src/emulator/dynamodb/rules/supported.ts";

const wayOut = (what: string) =>
  `wsgw's built-in DynamoDB does not support ${what}. To use a DynamoDB that does, such as DynamoDB Local, start wsgw with --dynamodb-endpoint URL.`;

test.each([
  "BatchGetItem",
  "BatchWriteItem",
  "CreateTable",
  "DeleteItem",
  "DeleteTable",
  "DescribeTable",
  "GetItem",
  "ListTables",
  "ListTagsOfResource",
  "PutItem",
  "Query",
  "Scan",
  "TagResource",
  "UntagResource",
  "UpdateItem",
  "UpdateTable",
])("%s is there", (operation) => {
  expect(unsupported(operation, {})).toBeUndefined();
});

test("reports an unknown operation, with an alternative", () => {
  expect(unsupported("TransactWriteItems", {})).toEqual({
    parameter: undefined,
    rejection: general("UnknownOperationException", wayOut("TransactWriteItems")),
  });
});

test.each([
  ["ReturnValuesOnConditionCheckFailure", "ALL_OLD", true],
  ["ReturnValuesOnConditionCheckFailure", "NONE", false],
  ["ReturnValuesOnConditionCheckFailure", null, false],
  ["StreamSpecification", { StreamEnabled: true }, true],
  ["StreamSpecification", { StreamEnabled: false }, false],
  ["StreamSpecification", null, false],
  ["ReplicaUpdates", [], true],
  ["ReplicaUpdates", null, false],
  ["GlobalTableWitnessUpdates", [], true],
])("rejects the parameter %s of value %j: %s", (parameter, value, isRejected) => {
  const lacking = unsupported("UpdateTable", { [parameter]: value });

  expect(lacking).toEqual(
    isRejected
      ? { parameter, rejection: invalid(wayOut(`${parameter} of UpdateTable`)) }
      : undefined,
  );
});

const deep = (levels: number, inside = "a = b") =>
  `${"(".repeat(levels)}${inside}${")".repeat(levels)}`;

const MOST = [deep(6), deep(6), deep(6), "(a)"].join(",");

// Level by level 4 + 16 + 64 … steps: six levels are 5,460, seven are 21,844.
test.each(["ConditionExpression", "FilterExpression", "KeyConditionExpression"])(
  "rejects a %s with so many parentheses that the parser would take long",
  (name) => {
    expect(unsupported("Query", { [name]: deep(6) })).toBeUndefined();
    expect(unsupported("Query", { [name]: deep(7) })).toEqual({
      parameter: name,
      rejection: invalid(wayOut(`so many parentheses in ${name}`)),
    });
  },
);

test.each([
  ["parentheses side by side", `${deep(6)}`.padEnd(60), true],
  ["16,384 steps, as three times six levels and one", MOST, true],
  ["one step more", `${MOST} AND b`, false],
  ["and and or, which count at their level", deep(6, "a AND b or c AND d"), false],
  [
    "calls of functions, which are no levels",
    deep(1, "size(size(size(size(size(size(size(a)))))))"),
    true,
  ],
  [
    "ands in parentheses side by side, which end their level",
    Array(20).fill("(a AND b)").join(" OR "),
    true,
  ],
  ["many ands without any parenthesis", Array(20_000).fill("a").join(" AND "), true],
  [
    "begins_with, contains and attribute_exists",
    deep(3, "begins_with(contains(attribute_exists(a)))"),
    true,
  ],
])("%s", (_, expression, isSupported) => {
  const lacking = unsupported("Query", { FilterExpression: expression });

  expect(lacking === undefined).toBe(isSupported);
});
