import { expect, test } from "vitest";
import { neededPermissions } from "../../../../src/emulator/dynamodb/rules/permissions.ts";

test.each([
  ["an item", "GetItem", { TableName: "t" }, ["GetItem t"]],
  ["a table", "Query", { TableName: "t" }, ["Query t"]],
  ["an index", "Scan", { TableName: "t", IndexName: "i" }, ["Scan t/index/i"]],
  [
    "a batch",
    "BatchGetItem",
    { RequestItems: { a: {}, b: {} } },
    ["BatchGetItem a", "BatchGetItem b"],
  ],
  [
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
    "a transaction that reads",
    "TransactGetItems",
    { TransactItems: [{ Get: { TableName: "a" } }] },
    ["GetItem a"],
  ],
  ["no table", "ListTables", {}, []],
  ["nonsense", "BatchWriteItem", { RequestItems: 1 }, []],
])("7.3: a call about %s needs to be allowed", (_, operation, input, needed) => {
  expect(
    neededPermissions(operation, input).map(({ action, resource }) =>
      `${action} ${resource}`.replace("dynamodb:", "").replace("table/", ""),
    ),
  ).toEqual(needed);
});
