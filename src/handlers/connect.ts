import type {
  APIGatewayProxyStructuredResultV2,
  APIGatewayProxyWebsocketEventV2,
} from "aws-lambda";
import { addConnection } from "./connections-table.ts";

/** `$connect`: stores the connection. If that fails, the client is rejected. */
export async function handler(
  event: APIGatewayProxyWebsocketEventV2,
): Promise<APIGatewayProxyStructuredResultV2> {
  await addConnection(event.requestContext.connectionId);
  return { statusCode: 200, body: "Connected." };
}
