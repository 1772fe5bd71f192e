import { expect, test } from "vitest";
import type { ApiTable } from "../../../../src/definition/project.ts";
import { createTableRequest } from "../../../../src/emulator/dynamodb/rules/create-table.ts";

const table: ApiTable = {
  logicalName: "messages",
  name: "chat-messages",
  partitionKey: { name: "room", type: "S" },
  sortKey: { name: "at", type: "N" },
  indexes: {
    byUser: { partitionKey: { name: "user", type: "S" }, sortKey: { name: "at", type: "N" } },
  },
  capacity: { read: 5, write: 6 },
  timeToLive: "expires",
  environmentVariable: "MESSAGES",
  functions: [],
  deletionPolicy: "Delete",
};
const throughput = { ReadCapacityUnits: 5, WriteCapacityUnits: 6 };

test("defines key attributes only, each once, and gives indexes the table's capacity", () => {
  expect(createTableRequest(table)).toEqual({
    TableName: "chat-messages",
    AttributeDefinitions: [
      { AttributeName: "room", AttributeType: "S" },
      { AttributeName: "at", AttributeType: "N" },
      { AttributeName: "user", AttributeType: "S" },
    ],
    KeySchema: [
      { AttributeName: "room", KeyType: "HASH" },
      { AttributeName: "at", KeyType: "RANGE" },
    ],
    GlobalSecondaryIndexes: [
      {
        IndexName: "byUser",
        KeySchema: [
          { AttributeName: "user", KeyType: "HASH" },
          { AttributeName: "at", KeyType: "RANGE" },
        ],
        Projection: { ProjectionType: "ALL" },
        ProvisionedThroughput: throughput,
      },
    ],
    BillingMode: "PROVISIONED",
    ProvisionedThroughput: throughput,
  });
});

test("writes a simple table on demand without what it does not have", () => {
  const simple: ApiTable = {
    ...table,
    sortKey: undefined,
    indexes: {},
    capacity: "on-demand",
  };

  expect(createTableRequest(simple)).toEqual({
    TableName: "chat-messages",
    AttributeDefinitions: [{ AttributeName: "room", AttributeType: "S" }],
    KeySchema: [{ AttributeName: "room", KeyType: "HASH" }],
    BillingMode: "PAY_PER_REQUEST",
  });
});
