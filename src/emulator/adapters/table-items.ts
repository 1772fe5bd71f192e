import type { AttributeValue } from "@aws-sdk/client-dynamodb";

/** An item in DynamoDB's own form: `{ id: { S: "…" } }`. */
export type Item = Record<string, AttributeValue>;

/** A table of the gateway under test. */
export type TestTable = {
  /** Name in DynamoDB. */
  readonly name: string;
  /** Every item, in no particular order. */
  items(): Promise<Item[]>;
  put(item: Item): Promise<void>;
};

/** Opens a table at a DynamoDB endpoint. The SDK is loaded when it is first used. */
export function openTable(
  endpoint: string,
  name: string,
  credentials: { readonly accessKeyId: string; readonly secretAccessKey: string },
): TestTable {
  const sdk = async () => {
    const module = await import("@aws-sdk/client-dynamodb");
    const client = new module.DynamoDBClient({ endpoint, credentials, region: "us-east-1" });
    return { ...module, client };
  };

  return {
    name,
    async items() {
      const { client, paginateScan } = await sdk();
      const items: Item[] = [];
      for await (const page of paginateScan({ client }, { TableName: name })) {
        items.push(...(page.Items ?? []));
      }
      client.destroy();
      return items;
    },
    async put(item) {
      const { client, PutItemCommand } = await sdk();
      await client.send(new PutItemCommand({ TableName: name, Item: item }));
      client.destroy();
    },
  };
}
