import {
  ApiGatewayManagementApiClient,
  PostToConnectionCommand,
} from "@aws-sdk/client-apigatewaymanagementapi";
import type {
  APIGatewayProxyStructuredResultV2,
  APIGatewayProxyWebsocketEventV2,
} from "aws-lambda";
import { connectionPages, removeConnection } from "./connections-table.ts";
import { rawValue } from "./raw-json.ts";

/** `sendmessage`: posts the raw JSON of the message's `data` to every connection, including the sender's. */
export async function handler(
  event: APIGatewayProxyWebsocketEventV2,
): Promise<APIGatewayProxyStructuredResultV2> {
  let data: string;
  try {
    data = readData(event.body ?? "");
  } catch (error) {
    return { statusCode: 500, body: `Failed to unmarshal request: ${messageOf(error)}` };
  }

  const { domainName, stage } = event.requestContext;
  const management = managementClient(`https://${domainName}/${stage}`);
  for await (const connectionIds of connectionPages()) {
    await Promise.all(connectionIds.map((id) => post(management, id, data)));
  }
  return { statusCode: 200, body: "Data sent." };
}

function readData(body: string): string {
  const data = rawValue(body, "data");
  if (data === undefined || data === "null") throw new Error('it has no "data"');
  return data;
}

const clients = new Map<string, ApiGatewayManagementApiClient>();

/** One client per endpoint, so that the next message reuses its connections. */
function managementClient(endpoint: string): ApiGatewayManagementApiClient {
  const client = clients.get(endpoint) ?? new ApiGatewayManagementApiClient({ endpoint });
  clients.set(endpoint, client);
  return client;
}

/** Never rejects: an unreachable connection must not prevent posts to the others. */
async function post(
  management: ApiGatewayManagementApiClient,
  ConnectionId: string,
  Data: string,
): Promise<void> {
  try {
    await management.send(new PostToConnectionCommand({ ConnectionId, Data }));
  } catch (error) {
    if (!isGone(error)) return console.warn(`Failed to post to ${ConnectionId}: ${error}`);
    // It disconnected without a `$disconnect`, so its row still exists.
    await removeConnection(ConnectionId).catch((reason: unknown) => {
      console.warn(`Failed to remove ${ConnectionId}: ${reason}`);
    });
  }
}

function isGone(error: unknown): boolean {
  return error instanceof Error && error.name === "GoneException";
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
