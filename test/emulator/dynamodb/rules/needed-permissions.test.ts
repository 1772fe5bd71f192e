import { expect, test } from "vitest";
import { neededPermissions } from "../../../../src/emulator/dynamodb/rules/needed-permissions.ts";

test.each([
  ["7.3 (1)", "an item", "GetItem", { TableName: "t" }, ["GetItem t"]],
  ["7.3 (1)", "a table", "Query", { TableName: "t" }, ["Query t"]],
  ["7.3 (3)", "an index", "Scan", { TableName: "t", IndexName: "i" }, ["Scan t/index/i"]],
  [
    "7.3 (4)",
    "a batch",
    "BatchGetItem",
    { RequestItems: { a: {}, b: {} } },
    ["BatchGetItem a", "BatchGetItem b"],
  ],
  [
    "7.3 (4)",
    "a batch of writes",
    "BatchWriteItem",
    { RequestItems: { a: [], b: [] } },
    ["BatchWriteItem a", "BatchWriteItem b"],
  ],
  ["7.3 (5)", "nonsense", "TransactWriteItems", { TransactItems: [null, "Put"] }, []],
  [
    "7.3 (5)",
    "a transaction's parts",
    "TransactWriteItems",
    {
      TransactItems: [
        { Put: { TableName: "a" } },
        { Put: { TableName: "a" } },
        { Update: { TableName: "a" } },
        { Delete: { TableName: "b" } },
        { ConditionCheck: { TableName: "b" } },
      ],
    },
    ["PutItem a", "UpdateItem a", "DeleteItem b", "ConditionCheckItem b"],
  ],
  [
    "7.3 (5)",
    "a transaction that reads",
    "TransactGetItems",
    { TransactItems: [{ Get: { TableName: "a" } }] },
    ["GetItem a"],
  ],
  ...["TagResource", "UntagResource", "ListTagsOfResource"].map(
    (operation): [string, string, string, { ResourceArn: string }, string[]] => [
      "7.3 (1)",
      `tags by ${operation}`,
      operation,
      { ResourceArn: "arn:aws:dynamodb:us-east-1:123456789012:table/t" },
      [`${operation} t`],
    ],
  ),
  ["7.3", "tags of nothing", "TagResource", { ResourceArn: "t" }, []],
  ["7.3", "no table", "ListTables", {}, []],
  ["7.3 (4)", "nonsense", "BatchWriteItem", { RequestItems: 1 }, []],
])("%s: a call about %s needs to be allowed", (_, __, operation, input, needed) => {
  expect(
    neededPermissions(operation, input).map(({ action, resource }) =>
      `${action} ${resource}`.replace("dynamodb:", "").replace("table/", ""),
    ),
  ).toEqual(needed);
});
