import type {
  APIGatewayProxyStructuredResultV2,
  APIGatewayProxyWebsocketEventV2,
} from "aws-lambda";
import { removeConnection } from "./connections-table.ts";

/** `$disconnect`: deletes the connection, whichever side closed it. */
export async function handler(
  event: APIGatewayProxyWebsocketEventV2,
): Promise<APIGatewayProxyStructuredResultV2> {
  await removeConnection(event.requestContext.connectionId);
  return { statusCode: 200, body: "Disconnected." };
}
