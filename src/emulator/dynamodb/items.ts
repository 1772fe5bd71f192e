import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import type { ApiTable } from "../../definition/project.ts";
import { callDynamoDb, type DynamoDb, unavailable } from "./dynamodb-call.ts";
import type { ItemJson } from "./rules/item-json.ts";

type Keyed = Pick<ApiTable, "name" | "partitionKey" | "sortKey">;

/**
 * The items of one table, in DynamoDB JSON. Every call fails with TABLE_UNAVAILABLE if DynamoDB rejects it.
 */
export type TableItems = {
  /** All items, in no particular order. */
  all(): AsyncIterable<ItemJson>;
  get(key: ItemJson): Promise<ItemJson | undefined>;
  put(items: Iterable<ItemJson>): Promise<number>;
  /** False if the item did not exist. */
  remove(key: ItemJson): Promise<boolean>;
  /** Removes every item and returns their number. */
  clear(): Promise<number>;
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

/** Opens the items of an existing table. */
export function openItems(dynamoDb: DynamoDb, table: Keyed): TableItems {
  const { name } = table;
  const keys = [table.partitionKey, table.sortKey].flatMap((key) => key?.name ?? []);

  async function call<T>(operation: string, input: object): Promise<T> {
    const answer = await callDynamoDb(dynamoDb, operation, input);
    if (answer.kind === "done") return answer.body as T;
    const why = `table ${name} rejects it with ${answer.errorType} ${answer.message}`.trim();
    throw unavailable(dynamoDb.endpoint, why.replace(/\.$/, ""));
  }

  async function* pages(input: object): AsyncGenerator<Page> {
    let start: ItemJson | undefined;
    do {
      const page: Page = await call("Scan", {
        TableName: name,
        ConsistentRead: true,
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
        const RequestItems = { [name]: left };
        const { UnprocessedItems } = await call<Unprocessed>("BatchWriteItem", { RequestItems });
        left = UnprocessedItems?.[name] ?? [];
      }
    }
  }

  async function* all(): AsyncGenerator<ItemJson> {
    for await (const page of pages({})) yield* page.Items ?? [];
  }

  async function remove(key: ItemJson): Promise<boolean> {
    const input = { TableName: name, Key: key, ReturnValues: "ALL_OLD" };
    const { Attributes } = await call<{ readonly Attributes?: ItemJson }>("DeleteItem", input);
    return Attributes !== undefined;
  }

  return {
    all,
    async get(key) {
      const input = { TableName: name, Key: key, ConsistentRead: true };
      return (await call<{ readonly Item?: ItemJson }>("GetItem", input)).Item;
    },
    async put(items) {
      const requests = [...items].map((Item) => ({ PutRequest: { Item } }));
      await write(requests);
      return requests.length;
    },
    remove,
    async clear() {
      let removed = 0;
      for await (const item of all()) {
        const key = Object.entries(item).filter(([attribute]) => keys.includes(attribute));
        if (await remove(Object.fromEntries(key))) removed += 1;
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

/** An item in plain JavaScript: `{ id: "…", count: 1 }`. Sets are `Set`s, binary values `Uint8Array`s. */
export type Item = Record<string, unknown>;

/** A table of the gateway under test. */
export type TestTable = {
  /** Name in DynamoDB. */
  readonly name: string;
  /** Every item, in no particular order. */
  items(): Promise<Item[]>;
  put(item: Item): Promise<void>;
  /** Deletes every item. */
  clear(): Promise<void>;
};

/** Opens a table for a test, with items in plain JavaScript. */
export function openTestTable(dynamoDb: DynamoDb, table: Keyed): TestTable {
  const items = openItems(dynamoDb, table);
  return {
    name: table.name,
    async items() {
      const found: Item[] = [];
      for await (const item of items.all()) {
        const attributes: object = item;
        found.push(unmarshall(attributes as Record<string, AttributeValue>));
      }
      return found;
    },
    async put(item) {
      const attributes: object = marshall(item, { removeUndefinedValues: true });
      await items.put([attributes as ItemJson]);
    },
    async clear() {
      await items.clear();
    },
  };
}
