import { type ProjectDefinition, startGateway } from "../../src/testing/index.ts";
import { makeProject } from "../bundle/project.ts";

/** What keeps facts from being run. */
export type Missing = {
  readonly because: string;
  /** Beginnings of the ids of facts. */
  readonly ids: readonly string[];
  /** False from the day on which the part exists; absent where there will be none. */
  readonly isMissing?: () => Promise<boolean>;
};

/** Facts that nothing runs, and why. A part that comes to exist leaves this list. */
export const NOT_COVERED: readonly Missing[] = [
  {
    because: "authorizers have neither credentials nor permissions",
    ids: ["authorizer-not-invocable", "authorizer-role-not-assumable"],
    isMissing: () =>
      isRefused({ authorizer: { credentialsArn: "arn:aws:iam::123456789012:role/none" } }),
  },
  {
    because: "nothing here deletes or asks for one authorizer",
    ids: ["control-authorizer-in-use", "control-authorizer-unknown"],
  },
  {
    because: "integrations have neither credentials nor permissions, and functions no aliases",
    ids: ["handshake-connect-not-invocable", "frame-internal-credentials-", "frame-internal-alias"],
    isMissing: () =>
      isRefused({ route: { credentialsArn: "arn:aws:iam::123456789012:role/none" } }),
  },
  {
    because: "what a function's role allows is not checked",
    ids: ["iam-grant-", "management-403-not-allowed-", "management-403-explicit-deny-"],
    isMissing: async () => (await statusOfDeniedPost()) === "200",
  },
  {
    because: "definitions have no field for it",
    ids: ["control-route-custom-", "control-integration-caller-credentials"],
    isMissing: () => isRefused({ route: { authorizationType: "CUSTOM" } }),
  },
  {
    because: "there are no logs of the gateway's own",
    ids: ["control-log-", "access-log-", "execution-log-"],
    isMissing: () => isRefused({ stage: { accessLog: { format: "$context.requestId" } } }),
  },
  {
    because: "there are no metrics",
    ids: ["metrics-"],
    isMissing: () => isRefused({ stage: { detailedMetrics: true } }),
  },
  { because: "a definition that is saved counts as deployed", ids: ["deploy-needed"] },
  { because: "stages are changed in the definition, not by calls", ids: ["stage-variables-merge"] },
  { because: "REST APIs are no WebSocket APIs", ids: ["rest-"] },
];

/** Whether a definition with such a field in its route or stage is refused. */
async function isRefused(field: {
  route?: object;
  stage?: object;
  authorizer?: object;
}): Promise<boolean> {
  const project: ProjectDefinition = {
    name: "missing",
    apis: {
      missing: {
        routeSelectionExpression: "$request.body.action",
        stages: { dev: { ...field.stage } },
        authorizers: { who: { function: "connect", ...field.authorizer } },
        routes: { $connect: { function: "connect", ...field.route } },
      },
    },
    functions: { connect: { handler: "unused.connect" } },
  };
  const handlers = { connect: async () => ({ statusCode: 200 }) };
  return startGateway(project, { handlers }).then(
    async (gateway) => {
      await gateway.stop();
      return false;
    },
    () => true,
  );
}

/** What a handler is answered that posts although its role denies it. */
async function statusOfDeniedPost(): Promise<string> {
  const { root } = makeProject({
    "posts.js": `
      const { ApiGatewayManagementApi } = require("@aws-sdk/client-apigatewaymanagementapi");
      exports.handler = async ({ requestContext: { domainName, stage, connectionId: ConnectionId } }) => {
        const api = new ApiGatewayManagementApi({ endpoint: "https://" + domainName + "/" + stage });
        const { $metadata } = await api.postToConnection({ ConnectionId, Data: "x" }).catch((e) => e);
        return { statusCode: 200, body: String($metadata.httpStatusCode) };
      };`,
  });
  const definition = {
    name: "denied",
    routeSelectionExpression: "$request.body.action",
    stage: { name: "dev" },
    functions: {
      posts: {
        handler: "posts.handler",
        roleStatements: [
          { Effect: "Deny" as const, Action: "execute-api:ManageConnections", Resource: "*" },
        ],
      },
    },
    routes: { $default: { function: "posts", routeResponse: true } },
  };
  await using gateway = await startGateway(definition, { root });
  const client = await gateway.connect();
  client.send("post");
  await gateway.settled();
  return client.received.find((text) => text !== "x") ?? "";
}
