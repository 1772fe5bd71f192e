import type { ApiDefinition, GatewayOptions, TestGateway } from "../../src/testing/index.ts";
import { api, startedFrom } from "./gateways.ts";

export const withTable: ApiDefinition = api({
  // An SDK waits up to seconds of real time before each further attempt.
  functions: {
    all: { handler: "app.handler", timeout: 20, environment: { AWS_MAX_ATTEMPTS: "2" } },
  },
  connectionTable: { environmentVariable: "TABLE", attribute: "id" },
});

/**
 * Does what the message's `ask` says, one step after the other, each told by its result or the name,
 * status and attempts of its error.
 */
export const STEPS = `
const { ApiGatewayManagementApiClient, PostToConnectionCommand } = require("@aws-sdk/client-apigatewaymanagementapi");
const { DynamoDBClient, PutItemCommand, DeleteItemCommand, ScanCommand } = require("@aws-sdk/client-dynamodb");
const dynamo = new DynamoDBClient({});
const TableName = process.env.TABLE;
exports.handler = async ({ requestContext: { domainName, stage, eventType, connectionId }, body }) => {
  console.log(eventType);
  if (eventType === "CONNECT" && TableName) await dynamo.send(new PutItemCommand({ TableName, Item: { id: { S: connectionId } } }));
  if (eventType === "DISCONNECT" && TableName) await dynamo.send(new DeleteItemCommand({ TableName, Key: { id: { S: connectionId } } }));
  if (eventType !== "MESSAGE") return { statusCode: 200 };
  const api = new ApiGatewayManagementApiClient({ endpoint: \`https://\${domainName}/\${stage}\` });
  const does = {
    post: ({ to, data = "hi" }) => api.send(new PostToConnectionCommand({ ConnectionId: to, Data: data })),
    put: ({ id, once }) => dynamo.send(new PutItemCommand({ TableName, Item: { id: { S: id } }, ...(once && { ConditionExpression: "attribute_not_exists(id)" }) })),
    scan: () => dynamo.send(new ScanCommand({ TableName })),
  };
  const told = [];
  for (const step of JSON.parse(body).steps ?? []) {
    told.push(await does[step.do](step).then(() => "ok", (error) => ({
      name: error.name, status: error.$metadata?.httpStatusCode, attempts: error.$metadata?.attempts, message: error.message,
    })));
  }
  return { statusCode: 200, body: JSON.stringify(told) };
};
`;

/** A gateway of such handlers, with a table of connections. */
export function startedWithSteps(options: GatewayOptions = {}): Promise<TestGateway> {
  return startedFrom(STEPS, withTable, options);
}

export function ask(...steps: readonly object[]): object {
  return { action: "ask", steps };
}
