import { checkProject } from "../../src/definition/checks.ts";
import type { ApiDefinition, Project, ProjectDefinition } from "../../src/definition/project.ts";
import { type CodeLocation, synthesize, type Template } from "../../src/deploy/template.ts";
import { parseRouteExpression } from "../../src/emulator/apigateway/message/rules/route-expression.ts";
import sample from "../../wsgw.config.ts";

export { sample };

/** A definition with every default filled in. */
export function projectOf(definition: ApiDefinition | ProjectDefinition): Project {
  const { project } = checkProject(definition, "test", { parseExpression: parseRouteExpression });
  return project;
}

/** Code of every function, at keys that are easy to tell apart. */
export function codeFor({
  functions,
}: Pick<Project, "functions">): ReadonlyMap<string, CodeLocation> {
  return new Map(Object.keys(functions).map((name) => [name, { key: `chat/${name}.zip` }]));
}

export function templateOf(
  definition: ApiDefinition | ProjectDefinition,
  autoDeploy?: boolean,
): Template {
  const project = projectOf(definition);
  return synthesize(project, {
    code: codeFor(project),
    buildId: "0123456",
    ...(autoDeploy !== undefined && { autoDeploy }),
  });
}

/** Uses everything that a definition can say about a deployment. */
export const rich: ApiDefinition = {
  name: "rich-chat",
  description: "Everything at once",
  routeSelectionExpression: "${request.body.service}/${request.body.action}",
  stage: {
    name: "live-1",
    description: "For everybody",
    variables: { level: "debug", b: "c" },
    throttle: {
      rateLimit: 100.5,
      burstLimit: 50,
      routes: { "room/join me": { burstLimit: 5 }, $default: {} },
    },
  },
  functions: {
    connect: {
      handler: "src/connect.handler",
      runtime: "nodejs22.x",
      environment: { GREETING: "hello" },
    },
    "send-all": {
      handler: "app.handler",
      runtime: "python3.13",
      code: "py",
      description: "Sends",
      memory: 512,
      timeout: 10,
      roleStatements: [
        { Sid: "Read", Effect: "Allow", Action: "s3:GetObject", Resource: "arn:aws:s3:::b/*" },
      ],
    },
    send_all: { handler: "chat/list.handler", runtime: "provided.al2023", role: "chat-worker@x" },
    Other: {
      handler: "src/a.handler",
      role: "arn:aws:iam::123456789012:role/path/chat",
    },
  },
  apiKeySelectionExpression: "$context.authorizer.usageIdentifierKey",
  apiKeys: {
    web: { description: "Pages" },
    "partner-1": { value: "partner-0123456789-0123", enabled: false },
  },
  usagePlans: {
    free: {
      description: "For everybody",
      apiKeys: ["web", "partner-1"],
      throttle: { rateLimit: 10, burstLimit: 2 },
      quota: { limit: 1000, period: "MONTH" },
    },
    bare: {},
  },
  accountLimits: { newConnectionsPerSecond: 500 },
  authorizers: {
    who: {
      function: "connect",
      identitySource: ["route.request.header.Auth", "route.request.querystring.token"],
    },
  },
  models: {
    joining: {
      $schema: "http://json-schema.org/draft-04/schema#",
      type: "object",
      required: ["room"],
      properties: { room: { $ref: "room" }, since: { $ref: "#/definitions/time" } },
      definitions: { time: { type: "number", minimum: 0, exclusiveMinimum: true } },
    },
    room: { type: "string", enum: ["blue", "red"] },
  },
  routes: {
    $connect: {
      function: "connect",
      operationName: "ConnectRoute",
      authorizer: "who",
      apiKeyRequired: true,
    },
    $disconnect: { function: "connect" },
    $default: { function: "Other", routeResponse: true, integrationTimeout: 5000 },
    connect: { function: "Other" },
    "room/join me": {
      function: "send-all",
      routeResponse: true,
      modelSelectionExpression: "$request.body.kind",
      requestModels: { $default: "joining" },
    },
    "pay ${now}": { function: "send_all" },
  },
  tables: {
    messages: {
      partitionKey: { name: "room", type: "S" },
      sortKey: { name: "sentAt", type: "N" },
      indexes: {
        bySender: { partitionKey: { name: "sender", type: "S" } },
        byRoom: { partitionKey: { name: "room", type: "S" }, sortKey: { name: "x", type: "B" } },
      },
      capacity: { read: 5, write: 2 },
      timeToLive: "expiresAt",
      environmentVariable: "MESSAGES_TABLE",
      functions: ["send-all", "connect"],
    },
    audit: {
      partitionKey: { name: "id", type: "S" },
      indexes: { byTime: { partitionKey: { name: "at", type: "N" } } },
      deletionPolicy: "Delete",
      functions: ["Other"],
    },
  },
  connectionTable: {
    environmentVariable: "CONNECTIONS_TABLE",
    attribute: "connectionID",
    capacity: "on-demand",
  },
  customDomain: {
    name: "chat.example.com",
    mappingKey: "v2",
    certificateArn: "arn:aws:acm:eu-west-1:123456789012:certificate/abc-123",
  },
  deploy: {
    logRetention: 7,
    logging: { level: "INFO", dataTrace: true, accessLog: true },
    tags: { team: "chat" },
  },
};
