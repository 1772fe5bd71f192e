import { DeleteItemCommand, DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";

const client = new DynamoDBClient();
const TableName = process.env.TABLE_NAME;

/** Keeps the connection id in the table. */
export async function connect(event) {
  const connectionId = { S: event.requestContext.connectionId };
  await client.send(new PutItemCommand({ TableName, Item: { connectionId } }));
  return { statusCode: 200 };
}

/** Deletes it from the table. */
export async function disconnect(event) {
  const connectionId = { S: event.requestContext.connectionId };
  await client.send(new DeleteItemCommand({ TableName, Key: { connectionId } }));
  return { statusCode: 200 };
}
