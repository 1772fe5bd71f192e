import type { ApiTable } from "../../../definition/project.ts";
import {
  type AttributeDefinition,
  createTableRequest,
  type Index,
  type KeySchemaElement,
} from "./create-table.ts";

/** The used fields of DescribeTable's result. */
export type TableDescription = {
  readonly TableStatus: string;
  readonly KeySchema: readonly KeySchemaElement[];
  readonly AttributeDefinitions: readonly AttributeDefinition[];
  readonly GlobalSecondaryIndexes?: readonly Pick<Index, "IndexName" | "KeySchema">[];
  readonly LocalSecondaryIndexes?: readonly Pick<Index, "IndexName" | "KeySchema">[];
};

/**
 * Describes the keys and indexes that an existing table lacks; empty if handlers can use it as defined.
 * Capacity and additional indexes do not matter to them.
 */
export function missingKeys(table: ApiTable, existing: TableDescription): string[] {
  const found = new Set(describeKeys(existing));
  return describeKeys(createTableRequest(table)).filter((key) => !found.has(key));
}

/** For example `the key room (S), at (N)` or `the index byUser on user (S)`. */
export function describeKeys(table: Omit<TableDescription, "TableStatus">): string[] {
  const types = new Map(
    table.AttributeDefinitions.map((entry) => [entry.AttributeName, entry.AttributeType]),
  );
  const words = (schema: readonly KeySchemaElement[]): string =>
    [...schema]
      .sort((left, right) => left.KeyType.localeCompare(right.KeyType)) // HASH before RANGE
      .map((key) => `${key.AttributeName} (${types.get(key.AttributeName) ?? "?"})`)
      .join(", ");
  return [
    `the key ${words(table.KeySchema)}`,
    ...[...(table.GlobalSecondaryIndexes ?? []), ...(table.LocalSecondaryIndexes ?? [])].map(
      (index) => `the index ${index.IndexName} on ${words(index.KeySchema)}`,
    ),
  ];
}
