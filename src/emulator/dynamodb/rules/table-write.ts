import { listOf, objectOf } from "../../../values/json.ts";
import type { DynamoDbFact } from "../facts.ts";

/** An item that a call of DynamoDB puts, changes or deletes. */
export type TableWrite = Pick<
  Extract<DynamoDbFact, { readonly type: "table.written" }>,
  "tableName" | "operation" | "item"
>;

/**
 * The changes of a call, from its input.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Operations_Amazon_DynamoDB.html
 */
export function tableWrites(
  operation: string,
  input: Readonly<Record<string, unknown>>,
): readonly TableWrite[] {
  switch (operation) {
    case "PutItem":
    case "UpdateItem":
    case "DeleteItem":
      return writeOf(operation, input);
    case "BatchWriteItem":
      return Object.entries(objectOf(input.RequestItems)).flatMap(([tableName, requests]) =>
        listOf(requests).flatMap((request) => {
          const { PutRequest: put, DeleteRequest: remove } = objectOf(request);
          return put === undefined
            ? writeOf("DeleteItem", { ...objectOf(remove), TableName: tableName })
            : writeOf("PutItem", { ...objectOf(put), TableName: tableName });
        }),
      );
    default:
      return [];
  }
}

function writeOf(
  operation: TableWrite["operation"],
  { TableName: tableName, Item: item, Key: key }: Readonly<Record<string, unknown>>,
): readonly TableWrite[] {
  return typeof tableName === "string" ? [{ tableName, operation, item: item ?? key }] : [];
}
