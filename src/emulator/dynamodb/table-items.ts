import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import type { ApiTable } from "../../definition/project.ts";
import { type Credentials, callDynamoDb, unavailable } from "./dynamodb-call.ts";

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

type Attributes = Record<string, AttributeValue>;
type Page = { readonly Items?: Attributes[]; readonly LastEvaluatedKey?: Attributes };

/** Opens a table at a DynamoDB endpoint. */
export function openTable(
  endpoint: string,
  table: Pick<ApiTable, "name" | "partitionKey" | "sortKey">,
  credentials: Credentials,
): TestTable {
  const { name } = table;
  const keys = [table.partitionKey.name, ...(table.sortKey ? [table.sortKey.name] : [])];

  async function call(operation: string, input: object): Promise<unknown> {
    const dynamoDb = { endpoint, region: "us-east-1", credentials };
    const answer = await callDynamoDb(dynamoDb, operation, { TableName: name, ...input });
    if (answer.kind === "done") return answer.body;
    throw unavailable(endpoint, `${operation} on ${name}: ${answer.errorType} ${answer.message}`);
  }

  async function items(): Promise<Item[]> {
    const found: Item[] = [];
    let from: Attributes | undefined;
    do {
      const page = (await call("Scan", {
        ConsistentRead: true,
        ...(from !== undefined && { ExclusiveStartKey: from }),
      })) as Page;
      found.push(...(page.Items ?? []).map((item) => unmarshall(item)));
      from = page.LastEvaluatedKey;
    } while (from !== undefined);
    return found;
  }

  return {
    name,
    items,
    async put(item) {
      await call("PutItem", { Item: marshall(item, { removeUndefinedValues: true }) });
    },
    async clear() {
      for (const item of await items()) {
        const key = Object.fromEntries(keys.map((each) => [each, item[each]]));
        await call("DeleteItem", { Key: marshall(key) });
      }
    },
  };
}
