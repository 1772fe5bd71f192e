import type { ApiDefinition, ProjectDefinition } from "../../src/definition/project.ts";

/** One small API. */
export const chat = {
  name: "chat",
  routeSelectionExpression: "$request.body.action",
  stage: { name: "v1" },
  functions: { connect: { handler: "src/connect.handler" }, send: { handler: "src/send.handler" } },
  routes: { $connect: { function: "connect" }, send: { function: "send" } },
} as const satisfies ApiDefinition;

/** One API with every field that JSON can hold. */
export const everything = {
  $schema: "./node_modules/wsgw/dist/definition.schema.json",
  name: "chat",
  description: "A chat",
  routeSelectionExpression: "$request.body.action",
  stage: { name: "v1", description: "For everybody", variables: { level: "debug" } },
  functions: {
    all: {
      handler: "src/all.handler",
      description: "Does everything",
      runtime: "nodejs22.x",
      root: "services/chat",
      include: ["data/*.json"],
      nodeModules: ["sharp"],
      memory: 512,
      timeout: 10,
      environment: {
        PLAIN: "${as it is}",
        REGION: { ref: "region" },
        URL: { join: [{ ref: "api.chat.callbackUrl" }, "/", { ref: "accountId" }] },
      },
      layers: ["layers/common"],
      roleStatements: [
        {
          Sid: "a",
          Effect: "Allow",
          Action: ["s3:GetObject"],
          Resource: "*",
          Condition: { a: "b" },
        },
      ],
    },
    python: {
      handler: "app.handler",
      runtime: "python3.15",
      code: "functions/python",
      exclude: ["*.md"],
      role: "chat",
    },
    java: { handler: "chat.Handler", runtime: "java17.al2023", command: ["java", "-jar", "a.jar"] },
  },
  routes: {
    $connect: { function: "all", operationName: "ConnectRoute" },
    talk: { function: "all", routeResponse: true, integrationTimeout: 5000 },
    python: { function: "python" },
    java: { function: "java" },
  },
  tables: {
    messages: {
      name: "messages",
      partitionKey: { name: "room", type: "S" },
      sortKey: { name: "at", type: "N" },
      indexes: { bySender: { partitionKey: { name: "sender", type: "S" } } },
      capacity: { read: 5, write: 5 },
      timeToLive: "until",
      environmentVariable: "MESSAGES",
      functions: ["all"],
      seed: ["seed.json"],
      deletionPolicy: "Delete",
    },
  },
  connectionTable: {
    environmentVariable: "CONNECTIONS",
    attribute: "id",
    capacity: "on-demand",
    functions: ["all"],
    deletionPolicy: "Retain",
  },
  customDomain: {
    name: "chat.example.com",
    mappingKey: "v1",
    certificateArn: "arn:aws:acm:eu-west-1:123456789012:certificate/a",
  },
  domainName: "execute-api",
  endpoints: { s3: "http://localhost:4566" },
  esbuild: { loader: { ".svg": "text" }, define: { VERSION: '"1.2"' } },
  deploy: {
    autoDeploy: true,
    logRetention: 14,
    logging: { level: "ERROR", dataTrace: true, accessLog: true },
    tags: { team: "chat", region: { ref: "region" } },
  },
} as const satisfies ApiDefinition;

/** Two APIs that share a function and a table. */
export const twoApis = {
  name: "shop",
  region: "eu-west-1",
  accountId: "210987654321",
  apis: {
    chat: {
      routeSelectionExpression: "$request.body.action",
      stages: { v1: { variables: { level: "debug" } }, v2: { description: "Next" } },
      routes: { $connect: { function: "open" }, talk: { function: "talk", routeResponse: true } },
    },
    orders: {
      name: "shop-order-feed",
      description: "Orders as they come",
      routeSelectionExpression: "$request.body.type",
      stages: { live: { variables: { chat: { ref: "api.chat.id" } } } },
      routes: {
        $connect: {
          integration: { type: "lambda-proxy", function: "open" },
          operationName: "Open",
        },
        $default: { function: "talk", integrationTimeout: 100 },
      },
      customDomain: { name: "orders.example.com" },
      domainName: "execute-api",
    },
  },
  functions: {
    open: { handler: "open.handler", root: "services/open" },
    talk: {
      handler: "talk.handler",
      environment: {
        CHAT: { ref: "api.chat.callbackUrl" },
        ORDERS: { ref: "api.orders.url" },
        ROOMS: { join: ["arn is ", { ref: "table.rooms.arn" }] },
        PLAIN: "${api.chat.url}",
      },
    },
  },
  tables: { rooms: { partitionKey: { name: "id", type: "S" }, environmentVariable: "TABLE" } },
} as const satisfies ProjectDefinition;

/** Every type of integration, and one function. */
export const direct = {
  name: "direct",
  routeSelectionExpression: "$request.body.action",
  stage: { name: "v1" },
  functions: { sum: { handler: "src/sum.handler" } },
  tables: { rooms: { partitionKey: { name: "id", type: "S" } } },
  routes: {
    $connect: {
      requestParameters: { "route.request.querystring.room": { required: true } },
      integration: {
        type: "aws",
        uri: {
          join: ["arn:aws:apigateway:", { ref: "region" }, ":dynamodb:action/PutItem"],
        },
        roleStatements: [
          { Effect: "Allow", Action: "dynamodb:PutItem", Resource: { ref: "table.rooms.arn" } },
        ],
        requestTemplates: {
          $default: {
            join: [
              '{"TableName":"',
              { ref: "table.rooms.name" },
              '","Item":{"id":{"S":"$context.connectionId"},"by":{"S":"${context.apiId}"}}}',
            ],
          },
        },
        responses: { "/200/": {} },
      },
    },
    ping: {
      routeResponse: true,
      integration: {
        type: "mock",
        templateSelectionExpression: "200",
        requestTemplates: { "200": '{"statusCode":200}' },
        responses: {
          "/200/": { templateSelectionExpression: "200", templates: { "200": '{"type":"pong"}' } },
        },
      },
    },
    order: {
      integrationTimeout: 5_000,
      integration: {
        type: "aws",
        uri: "arn:aws:apigateway:us-east-1:sqs:path/123456789012/orders",
        credentials: "arn:aws:iam::123456789012:role/sends",
        requestParameters: {
          "integration.request.header.Content-Type": "'application/x-www-form-urlencoded'",
        },
        requestTemplates: {
          $default: "Action=SendMessage&MessageBody=$util.urlEncode($input.body)",
        },
        passthroughBehavior: "NEVER",
      },
    },
    sum: {
      routeResponse: true,
      integration: {
        type: "lambda",
        function: "sum",
        requestTemplates: { $default: "{\"numbers\":$input.json('$.numbers')}" },
        responses: { $default: {}, "/.*bad.*/": { templates: { $default: "bad" } } },
      },
    },
    in: {
      integration: {
        type: "http",
        uri: "https://${stageVariables.backend}/in/{room}",
        method: "PUT",
        vpcLink: "${stageVariables.link}",
        contentHandling: "CONVERT_TO_TEXT",
        requestParameters: { "integration.request.path.room": "route.request.body.room" },
        responses: { $default: { contentHandling: "CONVERT_TO_TEXT" } },
      },
    },
    $default: { integration: { type: "http-proxy", uri: "https://backend.example.com" } },
  },
} as const satisfies ApiDefinition;
