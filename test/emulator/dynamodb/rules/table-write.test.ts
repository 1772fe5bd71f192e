import { expect, test } from "vitest";
import { tableWrites } from "../../../../src/emulator/dynamodb/rules/table-write.ts";

const Item = { id: { S: "a" } };
const Key = { id: { S: "b" } };
const tableName = "chat";

test.each([
  ["PutItem", { Item }, Item],
  ["UpdateItem", { Key }, Key],
  ["DeleteItem", { Key }, Key],
])("%s writes one item", (operation, input, item) => {
  expect(tableWrites(operation, { TableName: tableName, ...input })).toEqual([
    { tableName, operation, item },
  ]);
});

test("BatchWriteItem writes many, of several tables", () => {
  const RequestItems = {
    chat: [{ PutRequest: { Item } }, { DeleteRequest: { Key } }],
    other: [{ PutRequest: { Item: Key } }],
  };

  expect(tableWrites("BatchWriteItem", { RequestItems })).toEqual([
    { tableName, operation: "PutItem", item: Item },
    { tableName, operation: "DeleteItem", item: Key },
    { tableName: "other", operation: "PutItem", item: Key },
  ]);
});

test.each([
  ["GetItem", { TableName: tableName, Key }],
  ["PutItem", { Item }],
  ["BatchWriteItem", {}],
  ["BatchWriteItem", { RequestItems: { chat: null } }],
])("%s of %j writes nothing", (operation, input) => {
  expect(tableWrites(operation, input)).toEqual([]);
});
