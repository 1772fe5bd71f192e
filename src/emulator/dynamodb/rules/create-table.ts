import type {
  ApiTable,
  Capacity,
  IndexDefinition,
  KeyDefinition,
} from "../../../definition/project.ts";

/** A request to create a table, as DynamoDB's API takes it. */
export type CreateTableRequest = {
  readonly TableName: string;
  readonly AttributeDefinitions: readonly AttributeDefinition[];
  readonly KeySchema: readonly KeySchemaElement[];
  readonly GlobalSecondaryIndexes?: readonly (Index & {
    readonly ProvisionedThroughput?: Throughput;
  })[];
  readonly LocalSecondaryIndexes?: readonly Index[];
  readonly BillingMode: "PAY_PER_REQUEST" | "PROVISIONED";
  readonly ProvisionedThroughput?: Throughput;
};

export type Index = {
  readonly IndexName: string;
  readonly KeySchema: readonly KeySchemaElement[];
  readonly Projection: Projection;
};
type Projection =
  | { readonly ProjectionType: "ALL" | "KEYS_ONLY" }
  | { readonly ProjectionType: "INCLUDE"; readonly NonKeyAttributes: readonly string[] };
export type AttributeDefinition = {
  readonly AttributeName: string;
  readonly AttributeType: string;
};
export type KeySchemaElement = {
  readonly AttributeName: string;
  readonly KeyType: "HASH" | "RANGE";
};
type Throughput = { readonly ReadCapacityUnits: number; readonly WriteCapacityUnits: number };

/**
 * Builds the request that creates a table. It defines only key attributes; an index has its table's capacity.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_CreateTable.html
 */
export function createTableRequest(table: ApiTable): CreateTableRequest {
  const indexes = Object.entries(table.indexes);
  const local = indexes.filter(([, { scope }]) => scope === "local");
  const global = indexes.filter(([, { scope }]) => scope !== "local");
  return {
    TableName: table.name,
    AttributeDefinitions: attributeDefinitions([table, ...indexes.map(([, index]) => index)]),
    KeySchema: keySchema(table),
    ...(global.length > 0 && {
      GlobalSecondaryIndexes: global.map((index) => ({
        ...indexRequest(index),
        ...throughput(table.capacity),
      })),
    }),
    ...(local.length > 0 && { LocalSecondaryIndexes: local.map(indexRequest) }),
    BillingMode: table.capacity === "on-demand" ? "PAY_PER_REQUEST" : "PROVISIONED",
    ...throughput(table.capacity),
  };
}

function indexRequest([name, index]: readonly [string, IndexDefinition]): Index {
  return { IndexName: name, KeySchema: keySchema(index), Projection: projectionOf(index) };
}

function projectionOf({ projection = "ALL" }: IndexDefinition): Projection {
  return typeof projection === "string"
    ? { ProjectionType: projection }
    : { ProjectionType: "INCLUDE", NonKeyAttributes: projection };
}

type Keys = { readonly partitionKey: KeyDefinition; readonly sortKey?: KeyDefinition | undefined };

function keySchema(keys: Keys): KeySchemaElement[] {
  const schema: KeySchemaElement[] = [{ AttributeName: keys.partitionKey.name, KeyType: "HASH" }];
  if (keys.sortKey !== undefined) {
    schema.push({ AttributeName: keys.sortKey.name, KeyType: "RANGE" });
  }
  return schema;
}

function attributeDefinitions(all: readonly Keys[]): AttributeDefinition[] {
  const types = new Map<string, string>();
  for (const { partitionKey, sortKey } of all) {
    types.set(partitionKey.name, partitionKey.type);
    if (sortKey !== undefined) types.set(sortKey.name, sortKey.type);
  }
  return [...types].map(([AttributeName, AttributeType]) => ({ AttributeName, AttributeType }));
}

function throughput(capacity: Capacity): { ProvisionedThroughput?: Throughput } {
  if (capacity === "on-demand") return {};
  return {
    ProvisionedThroughput: {
      ReadCapacityUnits: capacity.read,
      WriteCapacityUnits: capacity.write,
    },
  };
}
