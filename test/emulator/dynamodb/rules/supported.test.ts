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

test("rejects conditions that are too deep for the store's parser, with an alternative", () => {
  const FilterExpression = `${"(".repeat(7)}a = b${")".repeat(7)}`;

  expect(unsupported("Query", { FilterExpression })).toEqual({
    parameter: "FilterExpression",
    rejection: invalid(wayOut("so many parentheses in FilterExpression")),
  });
});
