import { expect, test } from "vitest";
import { checkProject } from "../../src/definition/checks.ts";
import type { ApiDefinition } from "../../src/definition/project.ts";
import { parseRouteExpression } from "../../src/emulator/apigateway/message/rules/route-expression.ts";
import { WsgwError } from "../../src/errors.ts";
import { localProjectOf } from "../local-project.ts";

const SQS = "arn:aws:apigateway:eu-west-1:sqs:path/123456789012/orders";
const ROLE = "arn:aws:iam::123456789012:role/caller";

const chat = {
  name: "chat",
  routeSelectionExpression: "$request.body.action",
  stage: { name: "v1" },
  functions: { connect: { handler: "src/connect.handler" }, send: { handler: "src/send.handler" } },
  routes: { $connect: { function: "connect" }, send: { function: "send" } },
} satisfies ApiDefinition;

const keyed = {
  ...chat,
  apiKeys: { web: {} },
  usagePlans: { free: { apiKeys: ["web"] } },
  routes: { ...chat.routes, $connect: { function: "connect", apiKeyRequired: true } },
} satisfies ApiDefinition;

function check(definition: unknown) {
  return checkProject(definition, "wsgw.config.ts", { parseExpression: parseRouteExpression });
}

function faultsOf(definition: unknown): readonly string[] {
  try {
    check(definition);
    return [];
  } catch (error) {
    if (!(error instanceof WsgwError) || error.code !== "CONFIG_INVALID") throw error;
    return error.message.split("\n");
  }
}

/** The chat with one function, route or table changed. */
const withFunction = (fields: object) => ({
  ...chat,
  functions: { ...chat.functions, send: { ...chat.functions.send, ...fields } },
});
const withRoute = (key: string, fields: object = {}) => ({
  ...chat,
  routes: { ...chat.routes, [key]: { function: "send", ...fields } },
});
const id = { name: "id", type: "S" } as const;
const withTable = (fields: object) => ({
  ...chat,
  tables: { rooms: { partitionKey: id, ...fields } },
});
const withConnectionTable = (fields: object) => ({
  ...chat,
  connectionTable: { environmentVariable: "TABLE", attribute: "id", ...fields },
});

test.each([3, 255])("a table name may have %i letters", (letters) => {
  const name = "a".repeat(letters);

  expect(check(withTable({ name })).project.tables.rooms?.name).toBe(name);
});

test("a sound definition has no faults and no warnings", () => {
  expect(check(chat).warnings).toEqual([]);
});

test("fills in every default", () => {
  const { project } = check({
    ...chat,
    connectionTable: { environmentVariable: "TABLE", attribute: "id" },
  });

  expect(project).toEqual({
    name: "chat",
    description: undefined,
    region: undefined,
    accountId: undefined,
    apis: {
      chat: {
        key: "chat",
        name: "chat",
        description: undefined,
        routeSelectionExpression: "$request.body.action",
        apiKeySelectionExpression: "$request.header.x-api-key",
        stages: {
          v1: {
            name: "v1",
            description: undefined,
            variables: {},
            throttle: undefined,
            accessLog: undefined,
          },
        },
        routes: {
          $connect: {
            routeKey: "$connect",
            integration: { type: "lambda-proxy", function: "connect" },
            operationName: undefined,
            authorizer: undefined,
            apiKeyRequired: false,
            routeResponse: false,
            integrationTimeout: 29_000,
            modelSelectionExpression: undefined,
            requestModels: {},
          },
          send: expect.objectContaining({
            routeKey: "send",
            integration: { type: "lambda-proxy", function: "send" },
          }),
        },
        customDomain: undefined,
        domainName: "execute-api",
        hosts: [],
        authorizers: {},
        models: {},
        disableSchemaValidation: false,
        identities: {},
      },
    },
    functions: {
      connect: {
        name: "connect",
        root: ".",
        handler: "src/connect.handler",
        description: undefined,
        runtime: "nodejs24.x",
        include: [],
        exclude: [],
        nodeModules: [],
        memory: 128,
        timeout: 3,
        environment: { TABLE: { ref: "table.connections.name" } },
        layers: [],
        roleStatements: [],
      },
      send: expect.objectContaining({ environment: { TABLE: { ref: "table.connections.name" } } }),
    },
    tables: {
      connections: {
        logicalName: "connections",
        name: "chat-connections",
        partitionKey: { name: "id", type: "S" },
        sortKey: undefined,
        indexes: {},
        capacity: { read: 5, write: 5 },
        timeToLive: undefined,
        deletionPolicy: "Delete",
        environmentVariable: "TABLE",
        functions: ["connect", "send"],
      },
    },
    apiKeys: {},
    usagePlans: {},
    accountLimits: undefined,
    endpoints: {},
    vpcLinks: {},
    esbuild: { loader: {}, define: {}, plugins: [] },
    hooks: {},
    deploy: { autoDeploy: false, logRetention: 30, logging: undefined, tags: {} },
  });
});

test("keeps what the author wrote", () => {
  const { project } = check({
    ...withFunction({
      runtime: "nodejs22.x",
      memory: 10_240,
      timeout: 900,
      environment: { GREETING: "hi" },
      roleStatements: [{ Effect: "Allow", Action: ["s3:GetObject"], Resource: "*" }],
    }),
    tables: {
      rooms: {
        name: "my.rooms",
        partitionKey: id,
        sortKey: { name: "at", type: "N" },
        indexes: { byTime: { partitionKey: { name: "at", type: "N" } } },
        environmentVariable: "ROOMS",
        functions: ["send", "send"],
        timeToLive: "until",
      },
    },
  });

  expect(project.functions.send).toMatchObject({
    runtime: "nodejs22.x",
    memory: 10_240,
    timeout: 900,
    environment: { GREETING: "hi", ROOMS: { ref: "table.rooms.name" } },
    roleStatements: [{ Effect: "Allow", Action: ["s3:GetObject"], Resource: "*" }],
  });
  expect(project.functions.connect?.environment).toEqual({});
  expect(project.tables.rooms).toMatchObject({
    name: "my.rooms",
    capacity: "on-demand",
    timeToLive: "until",
    functions: ["send"],
  });
});

test("does not change the definition that it is given", () => {
  const before = structuredClone(chat);
  check(chat);
  expect(chat).toEqual(before);
});

test("reports all faults at once, one a line, each with file, place, value and advice", () => {
  const faults = faultsOf({
    ...chat,
    nmae: "x",
    stage: { name: "my stage" },
    functions: { connect: { handler: "src/connect.handler", memory: 64 } },
    routes: { $conect: { function: "conect" } },
    tables: {
      rooms: { partitionKey: { name: "id", type: "S" }, sortKey: { name: "id", type: "N" } },
    },
  });

  expect(faults).toEqual([
    'wsgw.config.ts: nmae: "nmae" is not a field of the definition. Did you mean "name"?',
    'wsgw.config.ts: stage.name: "my stage" is not a stage name of letters, digits, _ and -, 128 characters at most.',
    "wsgw.config.ts: functions.connect.memory: 64 is not an integer from 128 to 10240 (MB).",
    'wsgw.config.ts: routes.$conect: "$conect" is not a route key of API Gateway. Did you mean "$connect"? Only $connect, $disconnect and $default may begin with $.',
    'wsgw.config.ts: routes.$conect.function: "conect" is not the name of a function. Did you mean "connect"?',
    'wsgw.config.ts: tables.rooms.sortKey: "id" is already the partition key. Choose another attribute.',
    'wsgw.config.ts: tables.rooms.sortKey.type: "id" is of type "N" here and of type "S" elsewhere in this table. Use one type.',
  ]);
});

const missing = (field: string) => ({ ...chat, [field]: undefined });

const NO_DEFINITION =
  "is not an API definition. A definition is an object with name, functions and routes.";

test.each<[string, unknown, string]>([
  ["a definition that is no object", "chat", `"chat" ${NO_DEFINITION}`],
  ["a list for a definition", [], `an array ${NO_DEFINITION}`],
  ["nothing for a definition", undefined, `nothing ${NO_DEFINITION}`],
  ["null for a definition", null, `null ${NO_DEFINITION}`],
  ["an empty definition", {}, `an empty object ${NO_DEFINITION}`],
  ["a class for a definition", class Chat {}, `the class Chat ${NO_DEFINITION}`],
  ["a function for a definition", () => ({}), `a function ${NO_DEFINITION}`],
  [
    "a promise for a definition",
    Promise.resolve({}),
    `a promise that is not awaited ${NO_DEFINITION}`,
  ],
  [
    "a module for a definition",
    { default: {} },
    `a module instead of its default export ${NO_DEFINITION}`,
  ],
  ["no name", missing("name"), "name: is missing. Add a name of letters"],
  [
    "no expression",
    missing("routeSelectionExpression"),
    "is missing. Write an expression, such as",
  ],
  ["no stage", missing("stage"), "stage: is missing. Add an object with the fields of the stage."],
  ["no functions", missing("functions"), "functions: is missing. Add an object with a function"],
  ["no routes", missing("routes"), "routes: is missing. Add an object with a route"],
  [
    "empty routes",
    { ...chat, routes: {} },
    "routes: is empty. API Gateway does not deploy an API without routes. Add one.",
  ],
  ["an API name with a blank", { ...chat, name: "my chat" }, 'name: "my chat" is not a name of'],
  [
    "an API name that starts with a digit",
    { ...chat, name: "2chat" },
    'name: "2chat" is not a name',
  ],
  ["an API name of 129 characters", { ...chat, name: "a".repeat(129) }, "128 characters at most"],
  [
    "a description that is no text",
    { ...chat, description: 5 },
    "description: 5 is not a string of 0 to",
  ],
  [
    "an expression that cannot be evaluated",
    { ...chat, routeSelectionExpression: "${request.body.a" },
    'routeSelectionExpression: "${request.body.a" is not a valid expression: "${request.body.a" has no closing brace. Write it like "$request.body.action".',
  ],
  [
    "an expression that is no text",
    { ...chat, routeSelectionExpression: 5 },
    'routeSelectionExpression: 5 is not a string. Write an expression, such as "$request.body.action".',
  ],
  [
    "a stage name of 129 characters",
    { ...chat, stage: { name: "a".repeat(129) } },
    "is not a stage name",
  ],
  [
    "a stage name with a dot",
    { ...chat, stage: { name: "v1.0" } },
    'stage.name: "v1.0" is not a stage name',
  ],
  [
    "a stage variable's name with a hyphen",
    { ...chat, stage: { name: "v1", variables: { "a-b": "x" } } },
    'stage.variables.a-b: "a-b" cannot name a stage variable',
  ],
  [
    "a stage variable's value with a blank",
    { ...chat, stage: { name: "v1", variables: { a: "x y" } } },
    'stage.variables.a: "x y" is not a string of 2048',
  ],
  [
    "an empty stage variable",
    { ...chat, stage: { name: "v1", variables: { a: "" } } },
    'stage.variables.a: "" is not a string of 2048',
  ],
  [
    "an unknown field of a function",
    withFunction({ memorySize: 128 }),
    'functions.send.memorySize: "memorySize" is not a field of a function. Did you mean "memory"?',
  ],
  [
    "an unknown field like no other",
    withFunction({ sizes: [] }),
    '"sizes" is not a field of a function. Its fields are handler, description, runtime, root, code, command, include, exclude, nodeModules, build, memory, timeout, environment, aliases, layers, roleStatements, functionName, role, permissions.',
  ],
  [
    "no handler",
    withFunction({ handler: undefined }),
    "functions.send.handler: is missing. Add path.export",
  ],
  [
    "a handler without an export",
    withFunction({ handler: "src/send" }),
    '"src/send" is not path.export. Add the name of the exported function',
  ],
  [
    "a handler with its extension",
    withFunction({ handler: "src/send.ts" }),
    'Omit the extension: "src/send.handler".',
  ],
  [
    "a handler with extension and export",
    withFunction({ handler: "src/send.mjs.run" }),
    'Omit the extension: "src/send.run".',
  ],
  [
    "a handler outside of the folder",
    withFunction({ handler: "../send.handler" }),
    'Lambda rejects "..". Write a path below the definition\'s directory.',
  ],
  [
    "a handler from the root",
    withFunction({ handler: "/src/send.handler" }),
    "Write the path relative to",
  ],
  ["a handler with backslashes", withFunction({ handler: "src\\send.handler" }), "with /."],
  ["a handler with a blank", withFunction({ handler: "src/send .handler" }), "It contains spaces"],
  [
    "a handler that is a function",
    withFunction({ handler: () => {} }),
    "a function is not path.export",
  ],
  [
    "a misspelt runtime",
    withFunction({ runtime: "node24.x" }),
    'ruby4.0). Did you mean "nodejs24.x"?',
  ],
  [
    "memory of 127 MB",
    withFunction({ memory: 127 }),
    "127 is not an integer from 128 to 10240 (MB).",
  ],
  [
    "memory of 10,241 MB",
    withFunction({ memory: 10_241 }),
    "10241 is not an integer from 128 to 10240 (MB).",
  ],
  [
    "a memory that was calculated wrong",
    withFunction({ memory: Number.NaN }),
    "NaN is not an integer from 128 to 10240 (MB).",
  ],
  [
    "memory as text",
    withFunction({ memory: "128" }),
    '"128" is not an integer from 128 to 10240 (MB).',
  ],
  ["a timeout of 0", withFunction({ timeout: 0 }), "0 is not an integer from 1 to 900 (seconds)."],
  [
    "a timeout of 901",
    withFunction({ timeout: 901 }),
    "901 is not an integer from 1 to 900 (seconds).",
  ],
  [
    "a timeout of half a second",
    withFunction({ timeout: 0.5 }),
    "0.5 is not an integer from 1 to 900 (seconds).",
  ],
  [
    "a reserved variable",
    withFunction({ environment: { AWS_REGION: "x" } }),
    '"AWS_REGION" is set by Lambda itself. Use another name.',
  ],
  [
    "a variable of one letter",
    withFunction({ environment: { A: "x" } }),
    '"A" cannot name an environment variable',
  ],
  [
    "a variable that starts with _",
    withFunction({ environment: { _A: "x" } }),
    '"_A" cannot name an environment variable',
  ],
  [
    "a variable that is a number",
    withFunction({ environment: { PORT: 8 } }),
    'functions.send.environment.PORT: 8 is not a string, which is all that environment variables can contain. Write "8".',
  ],
  [
    "a variable that is not set",
    withFunction({ environment: { SECRET: undefined } }),
    "functions.send.environment.SECRET: is missing. Add a string, which is all that environment variables can contain.",
  ],
  [
    "a role statement without a resource",
    withFunction({ roleStatements: [{ Effect: "Allow", Action: "s3:*" }] }),
    "functions.send.roleStatements[0].Resource: is missing. Add a resource: an ARN, an array of ARNs, or an intrinsic function.",
  ],
  [
    "a role statement with a misspelt effect",
    withFunction({ roleStatements: [{ Effect: "Alow", Action: "s3:*", Resource: "*" }] }),
    '"Alow" is not an effect (Allow, Deny). Did you mean "Allow"?',
  ],
  [
    "role statements that are no list",
    withFunction({ roleStatements: {} }),
    "{} is not an array. Put it in [ ].",
  ],
  [
    "a function name with a blank",
    { ...chat, functions: { ...chat.functions, "my fn": chat.functions.send } },
    'functions["my fn"]: "my fn" cannot name a function',
  ],
  ["a misspelt $disconnect", withRoute("$disconect"), 'Did you mean "$disconnect"?'],
  [
    "a key of one's own with $",
    withRoute("$message"),
    '"$message" is not a route key of API Gateway. Only',
  ],
  ["an empty route key", withRoute(""), 'routes[""]: a route key cannot be empty.'],
  [
    "a route without a function",
    withRoute("x", { function: undefined }),
    "routes.x.function: is missing. Add the name of a function.",
  ],
  [
    "a route to a function like no other",
    withRoute("x", { function: "zzz" }),
    '"zzz" is not the name of a function. `functions` has connect, send.',
  ],
  [
    "a misspelt field of a route",
    withRoute("x", { routeRespons: true }),
    'routes.x.routeRespons: "routeRespons" is not a field of a route. Did you mean "routeResponse"?',
  ],
  [
    "integrationType of a route",
    withRoute("x", { integrationType: "x" }),
    'routes.x.integrationType: "integrationType" is not a field of a route. Write it in the `integration` of a route.',
  ],
  [
    "authorizationType of a route",
    withRoute("x", { authorizationType: "AWS_IAM" }),
    'routes.x.authorizationType: "authorizationType" is not a field of a route. Set the `authorizer` of $connect: a name in `authorizers`, or "AWS_IAM".',
  ],
  [
    "AWS_IAM on another route than $connect",
    withRoute("x", { function: "send", authorizer: "AWS_IAM" }),
    "routes.x.authorizer: Currently, authorization is restricted to the $connect route only. Remove `authorizer` from this route.",
  ],
  [
    "AWS_IAM misspelt",
    withRoute("$connect", { function: "connect", authorizer: "AWS_IAN" }),
    'routes.$connect.authorizer: "AWS_IAN" is not the name of an authorizer (API Gateway: Invalid Authorizer identifier specified). Did you mean "AWS_IAM"?',
  ],
  [
    "an authorizer called AWS_IAM",
    { ...chat, authorizers: { AWS_IAM: { function: "connect" } } },
    'authorizers.AWS_IAM: cannot name an authorizer, because `authorizer: "AWS_IAM"` means IAM authorization. Use another name.',
  ],
  [
    "a field of a signer that there is not",
    { ...chat, identities: { ann: { identity: { cognitoIdentityID: "eu-west-1:1" } } } },
    'identities.ann.identity.cognitoIdentityID: "cognitoIdentityID" is not a field of the identity of a signer. Did you mean "cognitoIdentityId"?',
  ],
  [
    "an identity whose statements refer to nothing",
    {
      ...chat,
      identities: {
        ann: { statements: [{ Effect: "Allow", Action: "*", Resource: { ref: "api.no.id" } }] },
      },
    },
    'identities.ann.statements[0].Resource.ref: "api.no.id" does not exist in this project',
  ],
  [
    "a route with a function and an integration",
    withRoute("x", { function: "send", integration: { type: "lambda-proxy", function: "send" } }),
    "routes.x.integration: cannot be combined with `function`. Remove one of them.",
  ],
  ...(
    [
      [
        { type: "http", uri: "ftp://x" },
        'uri: "ftp://x" is not a URL, such as "https://backend.example.com/in".',
      ],
      [
        { type: "http", uri: "https://x", method: "ANY" },
        'method: "ANY" is not a method (DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT).',
      ],
      [
        { type: "aws", uri: "https://x", roleStatements: [] },
        'uri: "https://x" is not the URI of a service, such as "arn:aws:apigateway:eu-west-1:dynamodb:action/PutItem".',
      ],
      [
        { type: "aws", uri: SQS, credentials: "arn:aws:iam::*:user/*" },
        'credentials: "arn:aws:iam::*:user/*" is not the ARN of a role (API Gateway says: Invalid role ARN).',
      ],
      [
        { type: "aws", uri: SQS },
        'roleStatements: is missing. List what the role of API Gateway allows, such as [{ Effect: "Allow", Action: "dynamodb:PutItem", Resource: ref("table.rooms.arn") }], or set `credentials`.',
      ],
      [
        { type: "aws", uri: SQS, credentials: ROLE, roleStatements: [] },
        "roleStatements: cannot be combined with `credentials`, which refers to an existing role. Add the statements to that role, or omit `credentials`.",
      ],
      [
        {
          type: "aws",
          uri: SQS,
          credentials: ROLE,
          requestParameters: { "integration.request.header.Authorization": "'x'" },
        },
        'requestParameters["integration.request.header.Authorization"]: API Gateway sets Authorization itself. Remove it.',
      ],
      [
        {
          type: "http",
          uri: "https://x",
          requestParameters: { "integration.request.header.X": "route.request.header.X" },
        },
        "route.request.header.X belongs to the handshake, which only $connect has. Use another source.",
      ],
      [
        {
          type: "http",
          uri: "https://x",
          requestParameters: { "integration.request.header.X": "x" },
        },
        'requestParameters["integration.request.header.X"]: "x" is not a source:',
      ],
      [
        { type: "http", uri: "https://x", requestParameters: { "request.header.X": "'x'" } },
        '"request.header.X" is not a request parameter. Write integration.request.header.NAME, integration.request.querystring.NAME or integration.request.path.NAME.',
      ],
      [
        { type: "mock", responses: { "200": {} } },
        '"200" is not a key of an integration response. Write $default, or a pattern between slashes, such as /200/.',
      ],
      [
        { type: "mock", responses: { "/(/": {} } },
        "responses: /(/ is not a regular expression. Correct it.",
      ],
      [
        { type: "mock", requestTemplates: { $default: { ref: "table.no.name" } } },
        'requestTemplates.$default.ref: "table.no.name" does not exist in this project',
      ],
      [
        { type: "mock", passthroughBehavior: "ALWAYS" },
        'passthroughBehavior: "ALWAYS" is not a behavior',
      ],
      [{ type: "mok" }, 'type: "mok" is not a type of integration'],
    ] as const
  ).map(([integration, fault]): [string, unknown, string] => [
    `the integration ${JSON.stringify(integration)}`,
    withRoute("x", { function: undefined, integration }),
    fault,
  ]),
  [
    "requestParameters of another route than $connect",
    withRoute("x", {
      function: "send",
      requestParameters: { "route.request.header.X": { required: true } },
    }),
    "routes.x.requestParameters: only a handshake has headers and a query. Remove it from this route.",
  ],
  [
    "integrations of the API",
    { ...chat, integrations: {} },
    'integrations: "integrations" is not a field of the definition. Write it in the `integration` of a route.',
  ],
  [
    "3.1 (14): an authorizer on another route than $connect",
    withRoute("x", { authorizer: "who" }),
    "routes.x.authorizer: Currently, authorization is restricted to the $connect route only. Remove `authorizer` from this route.",
  ],
  [
    "an authorizer that is none",
    {
      ...withRoute("$connect", { authorizer: "whom" }),
      authorizers: { who: { function: "send" } },
    },
    'routes.$connect.authorizer: "whom" is not the name of an authorizer (API Gateway: Invalid Authorizer identifier specified). Did you mean "who"?',
  ],
  [
    "an authorizer where there are none",
    withRoute("$connect", { authorizer: "who" }),
    '"who" is not the name of an authorizer (API Gateway: Invalid Authorizer identifier specified). There are no `authorizers`.',
  ],
  [
    "an authorizer whose function is none",
    { ...chat, authorizers: { who: { function: "zzz" } } },
    'authorizers.who.function: "zzz" is not the name of a function. `functions` has connect, send.',
  ],
  ...[
    ...["$request.header.X", "$context.x", "method.request.header.X", "route.request.body.x"],
    ...["route.request.context.x", "route.request.header.", "route.request.header.a b"],
  ].map((source): [string, unknown, string] => [
    `3.2: the identity source ${source}`,
    { ...chat, authorizers: { who: { function: "send", identitySource: [source] } } },
    `authorizers.who.identitySource[0]: Invalid request identity source expression: ${source}. The sources must be separated by comma, and each source must be either a request parameter, matching 'route.request.querystring|header.[a-zA-Z0-9._-]+', or a stage variable, matching 'stageVariables.[a-zA-Z0-9._-]+', or a context parameter, matching 'context.[a-zA-Z0-9._-]+'`,
  ]),
  [
    "3.1 (16): eleven authorizers",
    {
      ...chat,
      authorizers: Object.fromEntries(
        Array.from({ length: 11 }, (_, at) => [`who${at}`, { function: "send" }]),
      ),
    },
    "authorizers: 11 authorizers exceed API Gateway's limit of 10. Split the API.",
  ],
  [
    "throttling of the stage",
    { ...chat, stage: { name: "v1", throttling: { rateLimit: 1 } } },
    'stage.throttling: "throttling" is not a field of the stage. Limits are in the `throttle` of a stage.',
  ],
  ...[
    ["apiKey", "API keys are in `apiKeys`, and `$connect` has `apiKeyRequired`."],
    ["ThrottlingRateLimit", "Limits are in the `throttle` of a stage."],
    ["usagePlan", "Usage plans are in `usagePlans`."],
    ["quota", "Quotas are in `usagePlans`."],
  ].map(([field, where]): [string, unknown, string] => [
    `${field} of a route`,
    withRoute("x", { [field!]: "x" }),
    `routes.x.${field}: "${field}" is not a field of a route. ${where}`,
  ]),
  [
    "5: an API key on another route than $connect",
    { ...keyed, routes: { ...keyed.routes, x: { function: "send", apiKeyRequired: true } } },
    "routes.x.apiKeyRequired: works on $connect only, because messages have no headers. Remove it from this route.",
  ],
  [
    "5: an API key where no usage plan has the API",
    { ...keyed, usagePlans: { free: { apiKeys: ["web"], apiStages: [] } } },
    "routes.$connect.apiKeyRequired: no usage plan contains a stage of this API, so API Gateway rejects every client. Add one to `usagePlans`.",
  ],
  [
    "5: another source of API keys than the two",
    { ...keyed, apiKeySelectionExpression: "$request.header.key" },
    'apiKeySelectionExpression: "$request.header.key" is not a source of API keys ($request.header.x-api-key, $context.authorizer.usageIdentifierKey). Did you mean "$request.header.x-api-key"?',
  ],
  [
    "5: an API key whose value is too short",
    { ...keyed, apiKeys: { web: { value: "short" } } },
    'apiKeys.web.value: "short" is not the value of an API key: 20 characters or more, without blanks.',
  ],
  [
    "5: two API keys with one value",
    { ...keyed, apiKeys: { web: { value: "k".repeat(20) }, app: { value: "k".repeat(20) } } },
    "apiKeys.app.value: is the value of apiKeys.web too. Give each key its own.",
  ],
  [
    "5: a usage plan with an unknown key",
    { ...keyed, usagePlans: { free: { apiKeys: ["wep"] } } },
    'usagePlans.free.apiKeys[0]: "wep" is not the name of an API key. Did you mean "web"?',
  ],
  [
    "5: a usage plan with an unknown stage",
    { ...keyed, usagePlans: { free: { apiStages: [{ api: "chat", stage: "prod" }] } } },
    'usagePlans.free.apiStages[0].stage: "prod" is not the name of a stage. The API chat has v1.',
  ],
  [
    "5: a quota of another period",
    { ...keyed, usagePlans: { free: { quota: { limit: 1, period: "YEAR" } } } },
    'usagePlans.free.quota.period: "YEAR" is not a period (DAY, WEEK, MONTH).',
  ],
  [
    "6: limits of an unknown route",
    { ...chat, stage: { name: "v1", throttle: { routes: { sned: { rateLimit: 1 } } } } },
    'stage.throttle.routes.sned: "sned" is not a route. Did you mean "send"?',
  ],
  [
    "6: a rate below 0",
    { ...chat, stage: { name: "v1", throttle: { rateLimit: -1 } } },
    "stage.throttle.rateLimit: -1 is not a number of 0 or more (requests a second).",
  ],
  [
    "a route response that is no boolean",
    withRoute("x", { routeResponse: "yes" }),
    '"yes" is not true or false.',
  ],
  [
    "an integration timeout of 49 ms",
    withRoute("x", { integrationTimeout: 49 }),
    "49 is not an integer from 50 to 29000 (ms).",
  ],
  [
    "an integration timeout of 29,001 ms",
    withRoute("x", { integrationTimeout: 29_001 }),
    "29001 is not an integer from 50 to 29000 (ms).",
  ],
  [
    "an operation name of 65 characters",
    withRoute("x", { operationName: "o".repeat(65) }),
    "is not a string of 1 to 64 characters.",
  ],
  [
    "a table without a key",
    withTable({ partitionKey: undefined }),
    "tables.rooms.partitionKey: is missing. Add an object with the fields of a key.",
  ],
  [
    "a key type that DynamoDB lacks",
    withTable({ partitionKey: { name: "id", type: "string" } }),
    '"string" is not a key type (S, N, B).',
  ],
  [
    "a key without a name",
    withTable({ partitionKey: { name: "", type: "S" } }),
    '"" is not a string of 1 to 255 characters.',
  ],
  [
    "a table name of two letters",
    withTable({ name: "ab" }),
    'tables.rooms.name: "ab" is not a table name of 3 to 255',
  ],
  [
    "a table name of 256 letters",
    withTable({ name: "a".repeat(256) }),
    "is not a table name of 3 to 255",
  ],
  ["a table name with a blank", withTable({ name: "my rooms" }), '"my rooms" is not a table name'],
  [
    "no read capacity",
    withTable({ capacity: { read: 0, write: 5 } }),
    "capacity.read: 0 is not an integer of 1 or more (units).",
  ],
  [
    "half of a capacity",
    withTable({ capacity: { read: 5 } }),
    "capacity.write: is missing. Add an integer of 1 or more (units).",
  ],
  [
    "a misspelt capacity",
    withTable({ capacity: "ondemand" }),
    '"ondemand" is not a capacity. Write "on-demand" or',
  ],
  [
    "an index without a key",
    withTable({ indexes: { byTime: {} } }),
    "tables.rooms.indexes.byTime.partitionKey: is missing",
  ],
  [
    "an index name of two letters",
    withTable({ indexes: { ab: { partitionKey: id } } }),
    '"ab" cannot name an index',
  ],
  [
    "an attribute of two types",
    withTable({ indexes: { byId: { partitionKey: { name: "id", type: "N" } } } }),
    'tables.rooms.indexes.byId.partitionKey.type: "id" is of type "N" here and of type "S" elsewhere',
  ],
  [
    "a reserved variable for a table",
    withTable({ environmentVariable: "AWS_REGION" }),
    '"AWS_REGION" is set by Lambda itself',
  ],
  [
    "a table for an unknown function",
    withTable({ functions: ["sned"] }),
    'tables.rooms.functions[0]: "sned" is not the name of a function. Did you mean "send"?',
  ],
  [
    "a connection table without its variable",
    withConnectionTable({ environmentVariable: undefined }),
    "connectionTable.environmentVariable: is missing; give the name of an environment variable.",
  ],
  [
    "a connection table without its attribute",
    withConnectionTable({ attribute: undefined }),
    "connectionTable.attribute: is missing",
  ],
  [
    "a connection table for an unknown function",
    withConnectionTable({ functions: ["connct"] }),
    'connectionTable.functions[0]: "connct" is not the name of a function. Did you mean "connect"?',
  ],
  [
    "a connection table with a key of a table",
    withConnectionTable({ partitionKey: id }),
    '"partitionKey" is not a field of the connection table',
  ],
  [
    "a table called connections beside the connection table",
    { ...withConnectionTable({}), tables: { connections: { partitionKey: id } } },
    "tables.connections: connectionTable creates a table with this name. Rename this one.",
  ],
  [
    "two tables of one name",
    {
      ...chat,
      tables: { a: { name: "rooms", partitionKey: id }, b: { name: "rooms", partitionKey: id } },
    },
    'tables.b.name: "rooms" is the name of tables.a too. Give each table its own name.',
  ],
  [
    "a name that another table gets by default",
    { ...chat, tables: { a: { partitionKey: id }, b: { name: "chat-a", partitionKey: id } } },
    'tables.b.name: "chat-a" is the name of tables.a too',
  ],
  [
    "two tables that fill one variable",
    {
      ...withConnectionTable({}),
      tables: { rooms: { partitionKey: id, environmentVariable: "TABLE" } },
    },
    'connectionTable.environmentVariable: "TABLE" is also set by tables.rooms, and function connect uses both',
  ],
  [
    "a variable of the author's that a table fills",
    {
      ...withFunction({ environment: { TABLE: "mine" } }),
      connectionTable: { environmentVariable: "TABLE", attribute: "id" },
    },
    "functions.send.environment.TABLE: connectionTable sets this variable to the name of its table. Remove it here, or rename one of them.",
  ],
])("rejects %s", (_, definition, fault) => {
  expect(faultsOf(definition).join("\n")).toContain(fault);
});

test("two tables may fill one variable when no function uses both", () => {
  const tables = {
    a: { partitionKey: id, environmentVariable: "TABLE", functions: ["connect"] },
    b: { partitionKey: id, environmentVariable: "TABLE", functions: ["send"] },
  };
  const { functions } = localProjectOf({ ...chat, tables });

  expect(functions.connect?.environment).toEqual({ TABLE: "chat-a" });
  expect(functions.send?.environment).toEqual({ TABLE: "chat-b" });
});

test("rejects a NUL character in the environment of a function", () => {
  const send = { handler: "src/send.handler", environment: { TEXT: "a\0b" } };

  expect(faultsOf({ ...chat, functions: { ...chat.functions, send } })).toEqual([
    String.raw`wsgw.config.ts: functions.send.environment.TEXT: "a\u0000b" contains a NUL character, which a variable cannot. Remove it.`,
  ]);
});

test("takes 4,096 bytes of environment as JSON and not one more, names of tables included", () => {
  const empty = JSON.stringify({ TEXT: "", TABLE: "chat-connections" }).length;
  const filled = (bytes: number) => ({
    ...withConnectionTable({}),
    functions: {
      ...chat.functions,
      send: {
        handler: "src/send.handler",
        environment: { TEXT: "é".repeat(50) + "x".repeat(bytes - empty - 100) },
      },
    },
  });

  expect(faultsOf(filled(4096))).toEqual([]);
  expect(faultsOf(filled(4097))).toEqual([
    "wsgw.config.ts: functions.send.environment: 4097 bytes exceed Lambda's limit of 4096. Shorten it.",
  ]);
});

test.each([
  [
    "routes",
    (names: string[]) => ({
      ...chat,
      routes: Object.fromEntries(names.map((name) => [name, { function: "send" }])),
    }),
  ],
  [
    "functions",
    (names: string[]) => ({
      ...chat,
      functions: {
        ...Object.fromEntries(names.slice(2).map((name) => [name, chat.functions.send])),
        ...chat.functions,
      },
    }),
  ],
])("takes 300 %s and not one more", (what, define) => {
  const names = Array.from({ length: 301 }, (_, i) => `n${i}`);

  expect(faultsOf(define(names.slice(1)))).toEqual([]);
  expect(faultsOf(define(names))).toEqual([
    `wsgw.config.ts: ${what}: 301 ${what} exceed API Gateway's limit of 300. Split the API.`,
  ]);
});

test("an optional field that is undefined counts as left out", () => {
  expect(faultsOf({ ...chat, description: undefined, connectionTable: undefined })).toEqual([]);
});

test.each(["$connect", "$disconnect", "$default", "join", "a/b", "größer", "with blank"])(
  "takes the route key %s",
  (key) => {
    expect(faultsOf(withRoute(key))).toEqual([]);
  },
);

test.each(["index.handler", "./src/app.handler", "dist/a.b/app.api.run", "src/app.jsHandler"])(
  "takes the handler %s",
  (handler) => {
    expect(faultsOf(withFunction({ handler }))).toEqual([]);
  },
);

test.each(["$connect", "$disconnect"])(
  "warns of a route response on %s, which AWS takes",
  (key) => {
    const { warnings } = check(withRoute(key, { routeResponse: true }));

    expect(warnings).toContain(
      `wsgw.config.ts: routes.${key}.routeResponse: ${key} has no message to answer. Its route response has no effect.`,
    );
  },
);

test.each([
  ["connect", "when a client connects"],
  ["disconnect", "after a connection has ended"],
  ["default", "for messages that select no other route"],
])("warns of the route key %s, unless the API has the one with $, too", (key, when) => {
  const { [`$${key}`]: _, ...others } = withRoute(key).routes as Record<string, object>;
  expect(check({ ...chat, routes: others }).warnings).toContain(
    `wsgw.config.ts: routes.${key}: only messages select the route "${key}". API Gateway invokes "$${key}" ${when}. Write that if you mean it.`,
  );
  const both = { ...withRoute(key).routes, ...withRoute(`$${key}`).routes };
  expect(check({ ...chat, routes: both }).warnings.join("\n")).not.toContain("only messages");
});

test.each([
  ["request.body.type", "$request.body.type"],
  ["action", "$request.body.action"],
])("warns of the selection expression %s, which is the same for every message", (source, meant) => {
  const { warnings } = check({ ...chat, routeSelectionExpression: source });

  expect(warnings).toEqual([
    `wsgw.config.ts: routeSelectionExpression: "${source}" does not contain a variable, so every message selects the route with that name. Write it like "${meant}".`,
  ]);
  expect(check({ ...chat, routeSelectionExpression: "\\$default" }).warnings).toEqual([]);
});

test.each([
  [{ mappingKey: "ping" }, "customDomain.mappingKey"],
  [{ mappings: { "": "dev", sping: "dev" } }, "customDomain.mappings.sping"],
])("15 (9): a mapping key that API Gateway reserves is a warning: %j", (keys, at) => {
  const customDomain = { name: "chat.example.com", ...keys };
  const stage = { name: "dev" };

  expect(check({ ...chat, stage, customDomain }).warnings.join("\n")).toMatch(
    new RegExp(`${at}: API Gateway reserves /s?ping of custom domains`),
  );
});

test("warns of a function that no route leads to", () => {
  const { warnings } = check({ ...chat, routes: { send: { function: "send" } } });

  expect(warnings).toEqual([
    "wsgw.config.ts: functions.connect: no route uses this function, and nothing refers to it.",
  ]);
});

test.each([
  { ref: "function.connect.name" },
  { join: [{ ref: "function.connect.arn" }, ":live"] },
  "connect",
  "connect:live",
  "arn:aws:lambda:us-east-1:123456789012:function:connect",
])("does not warn of a function that another one names as %j", (WORKER) => {
  const { warnings } = check({
    ...chat,
    functions: { ...chat.functions, send: { ...chat.functions.send, environment: { WORKER } } },
    routes: { send: { function: "send" } },
  });

  expect(warnings).toEqual([]);
});

test.each([
  ["send", { OTHER: "disconnect", LONGER: "connecting" }],
  ["connect", { SELF: "connect" }],
])("warns of a function without a route that %s does not call by %j", (caller, environment) => {
  const functions = { send: chat.functions.send, connect: chat.functions.connect };
  const { warnings } = check({
    ...chat,
    functions: { ...functions, [caller]: { handler: "a.b", environment } },
    routes: { send: { function: "send" } },
  });

  expect(warnings).toHaveLength(1);
});

test("warns of what an integration takes from a handshake and its route does not declare", () => {
  const integration = {
    type: "http",
    uri: "https://backend.example.com",
    requestParameters: {
      "integration.request.header.A": "route.request.header.A",
      "integration.request.header.B": "route.request.multivaluequerystring.b",
    },
    responses: { "/200/": {} },
  };
  const requestParameters = { "route.request.querystring.b": {} };
  const route = { function: undefined, integration, requestParameters, routeResponse: true };

  const { warnings } = check(withRoute("$connect", route));

  expect(warnings.filter((line) => !line.includes("no route uses"))).toEqual([
    'wsgw.config.ts: routes.$connect.integration.requestParameters["integration.request.header.A"]: API Gateway accepts route.request.header.A only if the route declares it. Add "route.request.header.A" to the route\'s requestParameters.',
  ]);
});
