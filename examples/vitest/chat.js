import {
  ApiGatewayManagementApiClient,
  GoneException,
  PostToConnectionCommand,
} from "@aws-sdk/client-apigatewaymanagementapi";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import {
  DeleteCommand,
  DynamoDBDocumentClient,
  PutCommand,
  ScanCommand,
} from "@aws-sdk/lib-dynamodb";

const TableName = process.env.TABLE_NAME;
const table = DynamoDBDocumentClient.from(new DynamoDBClient({}));

/** Lets in who brings the token. */
export async function connect({ queryStringParameters, requestContext: { connectionId } }) {
  if (queryStringParameters?.token !== "letmein") return { statusCode: 401 };
  await table.send(new PutCommand({ TableName, Item: { connectionId } }));
  return { statusCode: 200 };
}

export async function disconnect({ requestContext: { connectionId } }) {
  await forget(connectionId);
  return { statusCode: 200 };
}

/** Sends the message to everybody, and forgets those that are gone. */
export async function say({ body, requestContext }) {
  await Promise.all(await posts(requestContext, JSON.parse(body).text));
  return { statusCode: 200 };
}

/** The same with a mistake: nobody waits for the posts. */
export async function sayCarelessly({ body, requestContext }) {
  await posts(requestContext, JSON.parse(body).text);
  return { statusCode: 200 };
}

/** The same after a while. */
export async function sayLater({ body, requestContext }) {
  const { text, afterMs } = JSON.parse(body);
  await new Promise((resolve) => setTimeout(resolve, afterMs));
  await Promise.all(await posts(requestContext, text));
  return { statusCode: 200 };
}

/** The posts to all connections, under way. */
async function posts({ domainName, stage }, text) {
  const api = new ApiGatewayManagementApiClient({ endpoint: `https://${domainName}/${stage}` });
  const { Items = [] } = await table.send(new ScanCommand({ TableName }));
  return Items.map(async ({ connectionId }) => {
    try {
      const Data = JSON.stringify({ text });
      await api.send(new PostToConnectionCommand({ ConnectionId: connectionId, Data }));
    } catch (error) {
      if (!(error instanceof GoneException)) throw error;
      await forget(connectionId);
    }
  });
}

async function forget(connectionId) {
  await table.send(new DeleteCommand({ TableName, Key: { connectionId } }));
}
