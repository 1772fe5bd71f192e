import {
  DeleteItemCommand,
  DynamoDBClient,
  PutItemCommand,
  paginateScan,
} from "@aws-sdk/client-dynamodb";

/** The table's key attribute, as in the API's definition. */
const ATTRIBUTE = "connectionID";

// Created once per execution environment, so that its connections are reused.
const client = new DynamoDBClient();

export async function addConnection(connectionId: string): Promise<void> {
  const Item = { [ATTRIBUTE]: { S: connectionId } };
  await client.send(new PutItemCommand({ TableName: tableName(), Item }));
}

export async function removeConnection(connectionId: string): Promise<void> {
  const Key = { [ATTRIBUTE]: { S: connectionId } };
  await client.send(new DeleteItemCommand({ TableName: tableName(), Key }));
}

/** The ids of all connections, one page of the table at a time. */
export async function* connectionPages(): AsyncGenerator<readonly string[]> {
  for await (const { Items = [] } of paginateScan({ client }, { TableName: tableName() })) {
    yield Items.flatMap((item) => item[ATTRIBUTE]?.S ?? []);
  }
}

function tableName(): string | undefined {
  return process.env.CONNECTIONS_TABLE;
}
