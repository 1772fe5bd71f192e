import type { DynamoDbFact } from "../facts.ts";

/** One item that a call of DynamoDB puts, changes or deletes. */
export type TableWrite = Pick<
  Extract<DynamoDbFact, { readonly type: "table.written" }>,
  "tableName" | "operation" | "item"
>;

const OPERATIONS: ReadonlySet<string> = new Set([
  "PutItem",
  "UpdateItem",
  "DeleteItem",
  "BatchWriteItem",
  "TransactWriteItems",
]);

/** The operation of a call that changes items, by its `X-Amz-Target`; undefined for every other call. */
export function writeOperation(target: string | undefined): string | undefined {
  const operation = target?.slice(target.indexOf(".") + 1);
  return operation !== undefined && OPERATIONS.has(operation) ? operation : undefined;
}

/**
 * What a call changes, by the text of its body.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Operations_Amazon_DynamoDB.html
 */
export function tableWrites(operation: string, body: string): readonly TableWrite[] {
  const input = objectOf(parse(body));
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
    case "TransactWriteItems":
      return listOf(input.TransactItems).flatMap((each) => {
        const { Put: put, Update: update, Delete: remove } = objectOf(each);
        return [
          ...(put === undefined ? [] : writeOf("PutItem", objectOf(put))),
          ...(update === undefined ? [] : writeOf("UpdateItem", objectOf(update))),
          ...(remove === undefined ? [] : writeOf("DeleteItem", objectOf(remove))),
        ];
      });
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

function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
