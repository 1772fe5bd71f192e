import { callDynamoDb, type DynamoDb, unavailable } from "./dynamodb-call.ts";
import type { ItemJson } from "./rules/item-json.ts";

/** The items of one table. Every call fails with TABLE_UNAVAILABLE when DynamoDB refuses it. */
export type TableTool = {
  /** All items, in no particular order. */
  items(): AsyncIterable<ItemJson>;
  get(key: ItemJson): Promise<ItemJson | undefined>;
  put(items: Iterable<ItemJson>): Promise<number>;
  /** How many of them were there. */
  remove(keys: Iterable<ItemJson>): Promise<number>;
  count(): Promise<number>;
};

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html */
const BATCH_ITEMS = 25;

type Page = {
  readonly Items?: readonly ItemJson[];
  readonly Count?: number;
  readonly LastEvaluatedKey?: ItemJson;
};
type Unprocessed = { readonly UnprocessedItems?: Readonly<Record<string, readonly unknown[]>> };

export function openTableTool(dynamoDb: DynamoDb, tableName: string): TableTool {
  async function call<T>(operation: string, input: object): Promise<T> {
    const answer = await callDynamoDb(dynamoDb, operation, { TableName: tableName, ...input });
    if (answer.kind === "done") return answer.body as T;
    const why = `table ${tableName} refuses with ${answer.errorType} ${answer.message}`.trim();
    throw unavailable(dynamoDb.endpoint, why.replace(/\.$/, ""));
  }

  async function* pages(input: object): AsyncGenerator<Page> {
    let start: ItemJson | undefined;
    do {
      const page: Page = await call("Scan", {
        ...input,
        ...(start !== undefined && { ExclusiveStartKey: start }),
      });
      yield page;
      start = page.LastEvaluatedKey;
    } while (start !== undefined);
  }

  async function write(requests: readonly object[]): Promise<void> {
    for (let at = 0; at < requests.length; at += BATCH_ITEMS) {
      let left: readonly unknown[] = requests.slice(at, at + BATCH_ITEMS);
      while (left.length > 0) {
        const answer = await callDynamoDb(dynamoDb, "BatchWriteItem", {
          RequestItems: { [tableName]: left },
        });
        if (answer.kind === "refused") {
          const why = `table ${tableName} refuses with ${answer.errorType} ${answer.message}`;
          throw unavailable(dynamoDb.endpoint, why.trim().replace(/\.$/, ""));
        }
        left = (answer.body as Unprocessed).UnprocessedItems?.[tableName] ?? [];
      }
    }
  }

  return {
    async *items() {
      for await (const page of pages({})) yield* page.Items ?? [];
    },
    async get(key) {
      const { Item } = await call<{ readonly Item?: ItemJson }>("GetItem", { Key: key });
      return Item;
    },
    async put(items) {
      const all = [...items];
      await write(all.map((Item) => ({ PutRequest: { Item } })));
      return all.length;
    },
    async remove(keys) {
      let removed = 0;
      for (const Key of keys) {
        const { Attributes } = await call<{ readonly Attributes?: ItemJson }>("DeleteItem", {
          Key,
          ReturnValues: "ALL_OLD",
        });
        if (Attributes !== undefined) removed += 1;
      }
      return removed;
    },
    async count() {
      let items = 0;
      for await (const page of pages({ Select: "COUNT" })) items += page.Count ?? 0;
      return items;
    },
  };
}
