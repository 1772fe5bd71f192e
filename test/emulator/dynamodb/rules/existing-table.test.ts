import { expect, test } from "vitest";
import { createTableRequest } from "../../../../src/emulator/dynamodb/rules/create-table.ts";
import { missingKeys } from "../../../../src/emulator/dynamodb/rules/existing-table.ts";
import { chat } from "../tables.ts";

const table = {
  ...chat,
  partitionKey: { name: "room", type: "S" },
  sortKey: { name: "at", type: "N" },
  indexes: { byUser: { partitionKey: { name: "user", type: "S" } } },
  capacity: { read: 5, write: 6 },
} as const;
const existing = { ...createTableRequest(table), TableStatus: "ACTIVE" };

test.each([
  ["the same table", table, []],
  ["another capacity", { ...table, capacity: "on-demand" } as const, []],
  ["an index less", { ...table, indexes: {} }, []],
  [
    "another sort key",
    { ...table, sortKey: { name: "seq", type: "N" } } as const,
    ["the key room (S), seq (N)"],
  ],
  ["no sort key", { ...table, sortKey: undefined }, ["the key room (S)"]],
  [
    "an index more",
    {
      ...table,
      indexes: { ...table.indexes, byAt: { partitionKey: { name: "at", type: "N" } } },
    } as const,
    ["the index byAt on at (N)"],
  ],
])("finds what an existing table lacks for %s", (_, defined, missing) => {
  const found = missingKeys(defined, existing);

  expect(found).toEqual(missing);
});
