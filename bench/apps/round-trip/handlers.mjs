import {
  ApiGatewayManagementApiClient,
  PostToConnectionCommand,
} from "@aws-sdk/client-apigatewaymanagementapi";

let client;

/** Posts the message back to the connection that it came from. */
export async function echo(event) {
  await post(event, event.requestContext.connectionId, event.body);
  return { statusCode: 200 };
}

/** Answers with the route response; `id` returns the client's own connection id. */
export async function reply(event) {
  const { routeKey, connectionId } = event.requestContext;
  return { statusCode: 200, body: routeKey === "id" ? connectionId : event.body };
}

/** Posts `text` to every connection that the message names. */
export async function broadcast(event) {
  const { ids, text } = JSON.parse(event.body);
  await Promise.all(ids.map((id) => post(event, id, text)));
  return { statusCode: 200 };
}

function post(event, connectionId, data) {
  const { domainName, stage } = event.requestContext;
  client ??= new ApiGatewayManagementApiClient({ endpoint: `https://${domainName}/${stage}` });
  return client.send(new PostToConnectionCommand({ ConnectionId: connectionId, Data: data }));
}
