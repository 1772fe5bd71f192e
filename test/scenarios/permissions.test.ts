import { symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, expect, onTestFinished, test } from "vitest";
import {
  type ApiDefinition,
  startGateway,
  type TemplateProject,
  type TestGateway,
} from "../../src/testing/index.ts";
import { stopChecked } from "../checked-facts.ts";
import { project } from "../readers/projects.ts";
import { sharedDirectory, temporaryDirectory } from "../temporary-directory.ts";

/** Calls by the SDK, whose errors are those that a user's code sees. */
const BY_SDK = `
const { ApiGatewayManagementApiClient, PostToConnectionCommand } = require("@aws-sdk/client-apigatewaymanagementapi");
const { BatchWriteItemCommand, DynamoDBClient, ListTagsOfResourceCommand, PutItemCommand, QueryCommand } = require("@aws-sdk/client-dynamodb");
const { InvokeCommand, LambdaClient } = require("@aws-sdk/client-lambda");
const db = new DynamoDBClient({});
const TableName = process.env.TABLE;
const Item = { id: { S: "1" } };
const calls = {
  put: () => db.send(new PutItemCommand({ TableName, Item })),
  query: () => db.send(new QueryCommand({ TableName, IndexName: "byId", KeyConditionExpression: "id = :i", ExpressionAttributeValues: { ":i": Item.id } })),
  batch: () => db.send(new BatchWriteItemCommand({ RequestItems: { [TableName]: [{ PutRequest: { Item } }] } })),
  other: () => db.send(new PutItemCommand({ TableName: "other", Item })),
  tags: () => db.send(new ListTagsOfResourceCommand({ ResourceArn: "arn:aws:dynamodb:us-east-1:123456789012:table/" + TableName })),
  missing: () => new LambdaClient({}).send(new InvokeCommand({ FunctionName: "missing", Payload: "{}" })),
  invoke: () => new LambdaClient({}).send(new InvokeCommand({ FunctionName: process.env.OTHER, Payload: "{}" })),
  post: ({ domainName, stage, connectionId: ConnectionId }) =>
    new ApiGatewayManagementApiClient({ endpoint: "https://" + domainName + "/" + stage }).send(new PostToConnectionCommand({ ConnectionId, Data: "hi" })),
};
exports.handler = async ({ body, requestContext }) => {
  try {
    await calls[JSON.parse(body).action](requestContext);
    return { statusCode: 200, body: "done" };
  } catch (error) {
    return { statusCode: 200, body: JSON.stringify([error.$metadata?.httpStatusCode, error.name, error.message]) };
  }
};
exports.other = async () => "fine";
`;

const SIGNER = fileURLToPath(
  new URL("../../fixtures/unchanged/signed-by-hand/sign.js", import.meta.url),
);

/** The same calls without the SDK, which each gateway would load again. */
const BY_HAND = `
import { sign } from ${JSON.stringify(SIGNER)};
const TableName = process.env.TABLE;
const Item = { id: { S: "1" } };
const dynamodb = (operation, input) => () => ({
  service: "dynamodb",
  path: "/",
  headers: { "content-type": "application/x-amz-json-1.0", "x-amz-target": "DynamoDB_20120810." + operation },
  body: JSON.stringify(input),
});
const invoke = (name) => () => ({ service: "lambda", path: "/2015-03-31/functions/" + name + "/invocations", body: "{}" });
const management = (method, body) => ({ domainName, stage, connectionId }) => ({
  service: "execute-api",
  host: domainName,
  method,
  path: "/" + stage + "/@connections/" + encodeURIComponent(connectionId),
  body,
});
const calls = {
  put: dynamodb("PutItem", { TableName, Item }),
  get: dynamodb("GetItem", { TableName, Key: Item }),
  query: dynamodb("Query", { TableName, IndexName: "byId", KeyConditionExpression: "id = :i", ExpressionAttributeValues: { ":i": Item.id } }),
  batch: dynamodb("BatchWriteItem", { RequestItems: { [TableName]: [{ PutRequest: { Item } }] } }),
  invoke: invoke(process.env.OTHER),
  post: management("POST", "hi"),
  info: management("GET", ""),
};
export const handler = async (event) => {
  const call = calls[JSON.parse(event.body).action](event.requestContext);
  const { host = call.service + ".us-east-1.amazonaws.com", path, method = "POST", body } = call;
  const headers = sign({ ...call, host });
  const answer = await fetch("https://" + host + path, { method, headers, ...(body && { body }) });
  const text = await answer.text();
  if (answer.ok) return { statusCode: 200, body: "done" };
  const { __type, message, Message } = JSON.parse(text);
  const name = answer.headers.get("x-amzn-errortype") ?? __type.split("#").at(-1);
  return { statusCode: 200, body: JSON.stringify([answer.status, name, message ?? Message]) };
};
export const other = async () => "fine";
`;

/** A template whose function `Chat` has these properties. */
const template = (properties: string, more = "") => `
Transform: AWS::Serverless-2016-10-31
Resources:
  Api:
    Type: AWS::Serverless::WebSocketApi
    Properties:
      Name: chat
      StageName: dev
      RouteSelectionExpression: $request.body.action
      Routes:
        $default: { FunctionArn: !GetAtt Chat.Arn, RouteResponseSelectionExpression: $default }
  Table:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: items
      AttributeDefinitions: [{ AttributeName: id, AttributeType: S }]
      KeySchema: [{ AttributeName: id, KeyType: HASH }]
      BillingMode: PAY_PER_REQUEST
      GlobalSecondaryIndexes:
        - IndexName: byId
          KeySchema: [{ AttributeName: id, KeyType: HASH }]
          Projection: { ProjectionType: ALL }
  Other:
    Type: AWS::Serverless::Function
    Properties: { FunctionName: other, Handler: app.other, Runtime: nodejs22.x }
  Chat:
    Type: AWS::Serverless::Function
    Properties:
      FunctionName: chat
      Handler: app.handler
      Runtime: nodejs22.x
      Environment: { Variables: { TABLE: !Ref Table, OTHER: other } }
${indented(properties, 6)}
${indented(more, 2)}
`;

function indented(text: string, by: number): string {
  return text.replace(/^(?=.)/gm, " ".repeat(by));
}

/** The project of all tests: they differ in what is deployed, not in its code. */
const root = sharedDirectory();
beforeAll(() => {
  writeFileSync(join(root, "app.mjs"), BY_HAND);
  writeFileSync(join(root, "sdk.js"), BY_SDK);
  const modules = fileURLToPath(new URL("../../node_modules", import.meta.url));
  symlinkSync(modules, join(root, "node_modules"));
});

async function start(text: string, options: Parameters<typeof startGateway>[1] = {}) {
  const template = join(root, "template.yaml");
  writeFileSync(template, text);
  const stateDir = join(root, ".wsgw");
  const source: TemplateProject = { template, stateDir, stackName: "app" };
  return calling(await startGateway(source, options));
}

/** Like `start()`, with calls by the SDK. */
function startSdk(text: string) {
  return start(text.replaceAll("Handler: app.", "Handler: sdk."));
}

/** A client of the gateway that has `chat` make calls. */
async function calling(gateway: TestGateway) {
  onTestFinished(() => stopChecked(gateway));
  const client = await gateway.connect();
  const { journal } = gateway;
  return {
    gateway,
    async call(action: string): Promise<unknown> {
      client.sendJson({ action });
      const first = await client.next();
      const text = first === "hi" ? await client.next() : first; // what was posted comes first
      return text === "done" ? text : JSON.parse(text);
    },
    missing: () =>
      journal.entries().flatMap((fact) => (fact.type === "permission.missing" ? [fact] : [])),
    warnings: () =>
      journal.entries().flatMap((fact) => (fact.type === "warning" ? [fact.message] : [])),
  };
}

const USER = "User: arn:aws:sts::123456789012:assumed-role/app-ChatRole/chat";
const denied = (action: string, resource: string) =>
  `${USER} is not authorized to perform: ${action} on resource: ${resource} because no identity-based policy allows the ${action} action`;
const refused = (status: number, action: string) => [
  status,
  "AccessDeniedException",
  expect.stringContaining(`perform: ${action} on`),
];
const TABLE = "arn:aws:dynamodb:us-east-1:123456789012:table/items";

test("7.1 (1), 7.3 (1), 7.3 (2), 7.3 (3), 7.3 (7), 7.4 (1): a SAM function without Policies may write logs only, and is rejected in each service's words", {
  tags: ["journey"],
}, async () => {
  const { gateway, call, missing } = await startSdk(template(""));
  expect(await call("put")).toEqual([
    400,
    "AccessDeniedException",
    denied("dynamodb:PutItem", TABLE),
  ]);
  expect(await call("query")).toEqual([
    400,
    "AccessDeniedException",
    denied("dynamodb:Query", `${TABLE}/index/byId`),
  ]);
  expect(await call("batch")).toEqual([
    400,
    "AccessDeniedException",
    denied("dynamodb:BatchWriteItem", TABLE),
  ]);
  expect(await call("other")).toEqual([
    400,
    "AccessDeniedException",
    denied("dynamodb:PutItem", TABLE.replace("items", "other")),
  ]);
  expect(await call("invoke")).toEqual([
    403,
    "AccessDeniedException",
    denied("lambda:InvokeFunction", "arn:aws:lambda:us-east-1:123456789012:function:other"),
  ]);
  const [api] = gateway.apis;
  const masked = `arn:aws:execute-api:us-east-1:********9012:${api?.id}/dev/POST/@connections/{connectionId}`;
  expect(await call("post")).toEqual([
    403,
    "AccessDeniedException",
    denied("execute-api:ManageConnections", masked),
  ]);

  expect(missing().map(({ action, statement, refused }) => [action, statement, refused])).toEqual([
    [
      "dynamodb:PutItem",
      { Effect: "Allow", Action: "dynamodb:PutItem", Resource: { "Fn::GetAtt": ["Table", "Arn"] } },
      true,
    ],
    [
      "dynamodb:Query",
      {
        Effect: "Allow",
        Action: "dynamodb:Query",
        Resource: { "Fn::Sub": "${Table.Arn}/index/byId" },
      },
      true,
    ],
    [
      "dynamodb:BatchWriteItem",
      {
        Effect: "Allow",
        Action: "dynamodb:BatchWriteItem",
        Resource: { "Fn::GetAtt": ["Table", "Arn"] },
      },
      true,
    ],
    [
      "dynamodb:PutItem",
      { Effect: "Allow", Action: "dynamodb:PutItem", Resource: TABLE.replace("items", "other") },
      true,
    ],
    [
      "lambda:InvokeFunction",
      {
        Effect: "Allow",
        Action: "lambda:InvokeFunction",
        Resource: { "Fn::GetAtt": ["Other", "Arn"] },
      },
      true,
    ],
    [
      "execute-api:ManageConnections",
      {
        Effect: "Allow",
        Action: "execute-api:ManageConnections",
        Resource: {
          "Fn::Sub":
            "arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${Api}/dev/POST/@connections/*",
        },
      },
      true,
    ],
  ]);
});

test("policies of a SAM function allow what they say, for tables, connections and functions", async () => {
  const { call, missing } = await start(
    template(`Policies:
  - DynamoDBReadPolicy: { TableName: !Ref Table }
  - LambdaInvokePolicy: { FunctionName: !Ref Other }
  - Statement:
      - { Effect: Allow, Action: dynamodb:Put*, Resource: !GetAtt Table.Arn }
      - Effect: Allow
        Action: execute-api:ManageConnections
        Resource: !Sub arn:\${AWS::Partition}:execute-api:\${AWS::Region}:\${AWS::AccountId}:\${Api}/dev/POST/@connections/*`),
  );
  expect(await call("put")).toBe("done");
  expect(await call("get")).toBe("done");
  expect(await call("query")).toBe("done");
  expect(await call("invoke")).toBe("done");
  const [status, , message] = (await call("info")) as unknown[];
  expect([status, message]).toEqual([
    403,
    expect.stringMatching(/dev\/GET\/@connections\/\{connectionId\} because no/),
  ]);
  expect(missing().map(({ because }) => because)).toEqual([
    expect.stringMatching(
      /^statement 2 of ChatRolePolicy2 would allow it but for its Resource, arn:.*\/dev\/POST\/@connections\/\*$/,
    ),
  ]);
});

test.each([
  ["dev/*", "done", "done"],
  ["dev/POST/*", "done", refused(403, "execute-api:ManageConnections")],
])("7.2 (3): a statement about %s allows posts", async (path, post, info) => {
  const resource = `arn:\${AWS::Partition}:execute-api:\${AWS::Region}:\${AWS::AccountId}:\${Api}/${path}`;
  const statement = `{ Effect: Allow, Action: execute-api:ManageConnections, Resource: !Sub "${resource}" }`;
  const { call } = await start(template(`Policies: [{ Statement: [${statement}] }]`));

  expect(await call("post")).toEqual(post);
  expect(await call("info")).toEqual(info);
});

test("7.3 (1): a call about a table's tags is checked", async () => {
  const { call } = await startSdk(
    template("Policies: [DynamoDBReadPolicy: { TableName: !Ref Table }]"),
  );

  expect(await call("tags")).toEqual([
    400,
    "AccessDeniedException",
    denied("dynamodb:ListTagsOfResource", TABLE),
  ]);
});

test("7.4 (1): who may not invoke a function does not learn whether it exists", async () => {
  const { call } = await startSdk(template(""));
  const { call: allowed } = await startSdk(template("Policies: [AWSLambda_FullAccess]"));

  expect(await call("missing")).toEqual(refused(403, "lambda:InvokeFunction"));
  expect(await allowed("missing")).toEqual([
    404,
    "ResourceNotFoundException",
    expect.stringContaining("function:missing"),
  ]);
});

test.each([
  [
    "Policies of a SAM function",
    (statement: string) => [`Policies: [{ Statement: [${statement}] }]`],
  ],
  [
    "a policy of CloudFormation's",
    (statement: string) => [
      "",
      `Own:
  Type: AWS::IAM::Policy
  Properties:
    PolicyName: own
    Roles: [!Ref ChatRole]
    PolicyDocument: { Version: "2012-10-17", Statement: [${statement}] }`,
    ],
  ],
] as const)(
  "the statement that was missing does when it is pasted into %s",
  { tags: ["journey"] },
  async (_, pasted) => {
    const { call, missing } = await start(template(""));
    for (const action of ["put", "query", "invoke", "post"]) await call(action);

    const statements = missing().map(({ statement }) => JSON.stringify(statement));
    const [properties = "", more] = pasted(statements.join(", "));
    const after = await start(template(properties, more));

    for (const action of ["put", "query", "invoke", "post"]) {
      expect(await after.call(action)).toBe("done");
    }
  },
);

test("what is printed of the missing statements is a part of the template, in its syntax", async () => {
  const { call, missing } = await start(template(""));
  for (const action of ["put", "query", "invoke", "post"]) await call(action);

  const lines = missing().map(({ add = "" }) => add);
  const place = "Add to a Statement in the policies of Chat:";
  expect(lines).toEqual([
    `${place} - { Effect: Allow, Action: dynamodb:PutItem, Resource: !GetAtt Table.Arn }`,
    `${place} - { Effect: Allow, Action: dynamodb:Query, Resource: !Sub "\${Table.Arn}/index/byId" }`,
    `${place} - { Effect: Allow, Action: lambda:InvokeFunction, Resource: !GetAtt Other.Arn }`,
    `${place} - { Effect: Allow, Action: execute-api:ManageConnections, Resource: !Sub "arn:\${AWS::Partition}:execute-api:\${AWS::Region}:\${AWS::AccountId}:\${Api}/dev/POST/@connections/*" }`,
  ]);
  const items = lines.map((line) => line.slice(place.length + 1)).join("\n");
  const after = await start(template(`Policies:\n  - Statement:\n${indented(items, 6)}`));
  for (const action of ["put", "query", "invoke", "post"]) {
    expect(await after.call(action)).toBe("done");
  }
});

test("values that the template can resolve keep a function checked, whatever services they are about", async () => {
  const statements = [
    "{ Effect: Allow, Action: [dynamodb:PutItem, sqs:SendMessage], Resource: [!GetAtt Table.Arn, !GetAtt Queue.Arn] }",
    "{ Effect: Allow, Action: dynamodb:GetItem, Resource: !If [Here, !Sub ['${T}', { T: !GetAtt Table.Arn }], !Ref AWS::NoValue] }",
    "{ Effect: Allow, Action: '*', Resource: !GetAtt Queue.Arn }",
    "{ Effect: Allow, Action: s3:GetObject, Resource: !Join ['/', [!Select [0, [!GetAtt Bucket.Arn]], '*']] }",
  ];
  const more = "Queue: { Type: AWS::SQS::Queue }\nBucket: { Type: AWS::S3::Bucket }";
  const text = template(`Policies: [{ Statement: [${statements}] }]`, more);
  const { call, warnings } = await start(`Conditions: { Here: !Equals [a, a] }\n${text}`);

  expect(await call("put")).toBe("done");
  expect(await call("get")).toBe("done");
  expect(await call("query")).toEqual(refused(400, "dynamodb:Query"));
  expect(warnings()).toEqual([]);
});

test("7.5 (1): queues and topics with policies of their own are known of a template", async () => {
  const document = "PolicyDocument: { Statement: [] }";
  const { gateway } = await start(
    template(
      "",
      `Jobs: { Type: AWS::SQS::Queue }
Open: { Type: AWS::SQS::QueuePolicy, Properties: { Queues: [!Ref Jobs], ${document} } }
Public: { Type: AWS::SNS::TopicPolicy, Properties: { Topics: [], ${document} } }`,
    ),
  );

  expect(gateway.project.functions.Chat?.permissions?.ownPolicies).toEqual(["sqs", "sns"]);
});

test("a connector allows what it names, and a statement that denies wins", async () => {
  const connector = `Writes:
  Type: AWS::Serverless::Connector
  Properties:
    Source: { Id: Chat }
    Destination: { Id: Table }
    Permissions: [Read, Write]`;
  const deny = `Policies:
  - Statement: [{ Effect: Deny, Action: dynamodb:GetItem, Resource: "*" }]`;
  const { call, missing } = await start(template(deny, connector));
  expect(await call("put")).toBe("done");
  expect(await call("get")).toEqual([
    400,
    "AccessDeniedException",
    `${USER} is not authorized to perform: dynamodb:GetItem on resource: ${TABLE} with an explicit deny in an identity-based policy`,
  ]);
  expect(missing()).toMatchObject([
    {
      decision: "explicit-deny",
      because: "statement 1 of ChatRolePolicy0 denies it",
      statement: undefined,
    },
  ]);
});

test("policies that AWS manages are known by name, for SAM and in a role of CloudFormation's", async () => {
  const managed = await start(
    template("Policies: [AmazonDynamoDBReadOnlyAccess, AmazonAPIGatewayInvokeFullAccess]"),
  );
  expect(await managed.call("get")).toBe("done");
  expect(await managed.call("info")).toBe("done");
  expect(await managed.call("put")).toEqual(refused(400, "dynamodb:PutItem"));

  const role = `Own:
  Type: AWS::IAM::Role
  Properties:
    RoleName: chat-role
    AssumeRolePolicyDocument: {}
    ManagedPolicyArns: [!Ref Shared, !Sub "arn:\${AWS::Partition}:iam::aws:policy/AWSLambda_FullAccess"]
Shared:
  Type: AWS::IAM::ManagedPolicy
  Properties:
    PolicyDocument: { Statement: { Effect: Allow, Action: dynamodb:GetItem, Resource: !GetAtt Table.Arn } }
Attached:
  Type: AWS::IAM::Policy
  Properties:
    PolicyName: attached
    Roles: [!Ref Own]
    PolicyDocument: { Statement: [{ Effect: Allow, Action: dynamodb:Query, Resource: !Sub "\${Table.Arn}/index/*" }] }`;
  const { call } = await start(template("Role: !GetAtt Own.Arn", role));
  for (const action of ["get", "query", "invoke"]) expect(await call(action)).toBe("done");
  const [, , message] = (await call("put")) as unknown[];
  expect(message).toMatch(/^User: arn:aws:sts::123456789012:assumed-role\/chat-role\/chat is not/);
});

test.each<[properties: string, why: string, more?: string]>([
  [
    "Role: arn:aws:iam::123456789012:role/elsewhere",
    "the role arn:aws:iam::123456789012:role/elsewhere is not in the template",
  ],
  [
    "Role: !ImportValue chat-role",
    'No stack on this machine exports "chat-role". Set its value with --parameter-overrides "chat-role=VALUE"',
  ],
  [
    "Policies: [AmazonBraketFullAccess]",
    "wsgw does not know what arn:aws:iam::aws:policy/AmazonBraketFullAccess allows",
  ],
  [
    "PermissionsBoundary: arn:aws:iam::123456789012:policy/boundary # 7.1 (3)",
    "the role ChatRole has a permissions boundary",
  ],
  [
    "Policies: []",
    "the policy of Grant may allow more",
    "Grant: { Type: AWS::Lambda::Permission, Properties: { Action: lambda:InvokeFunction, FunctionName: !Ref Other, Principal: !GetAtt ChatRole.Arn } }",
  ],
])(
  "a function whose role is not fully known is never rejected, and one line says why: %s",
  { tags: ["journey"] },
  async (properties, why, more = "Custom: { Type: Custom::Table }") => {
    const { call, warnings } = await start(template(properties, more));
    expect(await call("put")).toBe("done");
    expect(warnings()).toEqual([`What Chat may call is not checked: ${why}.`]);
  },
);

test.each<[properties: string, why: string, more?: string]>([
  [
    "Policies: [{ Statement: [{ Effect: Allow, Action: dynamodb:*, Resource: !GetAtt Custom.TableArn }] }]",
    "has a value that only AWS knows",
  ],
  [
    "Policies: [{ Statement: [{ Effect: Allow, Action: dynamodb:*, Resource: !ImportValue table }] }]",
    'has a value that only AWS knows: No stack on this machine exports "table". Set its value with --parameter-overrides "table=VALUE"',
  ],
  [
    "Policies: [{ Statement: [{ Effect: Allow, Action: dynamodb:*, Resource: '*', Condition: { StringEquals: { dynamodb:LeadingKeys: x } } }] }]",
    "depends on dynamodb:LeadingKeys, which is not known here",
  ],
  [
    "Policies: [{ Statement: [{ Effect: Allow, Action: dynamodb:*, Resource: '*', Condition: { StringEquals: { aws:ResourceAccount: '${aws:username}' } } }] }]",
    "has the policy variable ${aws:username}",
  ],
  [
    "Policies: [{ Statement: [{ Effect: Allow, Action: dynamodb:*, Resource: !Sub 'arn:aws:dynamodb:*:*:table/${AWS::StackName}-Made-*' }] }]",
    "has a value that only AWS knows",
    "Made: { Type: AWS::DynamoDB::Table, Properties: { BillingMode: PAY_PER_REQUEST, AttributeDefinitions: [{ AttributeName: id, AttributeType: S }], KeySchema: [{ AttributeName: id, KeyType: HASH }] } }",
  ],
])(
  "calls that a statement with an unknown part may allow are not rejected, and one line says why: %s",
  { tags: ["journey"] },
  async (properties, why, more = "Custom: { Type: Custom::Table }") => {
    const { call, warnings } = await start(template(properties, more));
    expect(await call("put")).toBe("done");
    expect(await call("invoke")).toEqual(refused(403, "lambda:InvokeFunction"));
    expect(warnings()).toEqual([
      `Calls of dynamodb:* by Chat are not checked: of the policy ChatRolePolicy0 statement 1 ${why}.`,
    ]);
  },
);

test("a statement with an unknown part matters only to calls that it may allow", async () => {
  const statements = [
    "{ Effect: Allow, Action: sqs:SendMessage, Resource: !ImportValue jobs }",
    "{ Effect: Allow, Action: sqs:SendMessage, Resource: '{{resolve:ssm:/jobs}}' }",
    "{ Effect: Allow, Action: lambda:*, Resource: !Sub ['${A}:*', { A: !ImportValue worker }] }",
    "{ Effect: Allow, Action: dynamodb:PutItem, Resource: !Sub 'arn:aws:dynamodb:*:*:table/other', Condition: { StringEquals: { aws:SourceVpc: v } } }",
    "{ Effect: Allow, Action: dynamodb:GetItem, Resource: '*' }",
    "{ Effect: Deny, Action: dynamodb:GetItem, Resource: !GetAtt Custom.Arn }",
  ];
  const { call, warnings } = await start(
    template(`Policies: [{ Statement: [${statements}] }]`, "Custom: { Type: Custom::Table }"),
  );

  expect(await call("invoke")).toBe("done");
  expect(await call("get")).toBe("done");
  expect(await call("put")).toEqual(refused(400, "dynamodb:PutItem"));
  expect(await call("query")).toEqual(refused(400, "dynamodb:Query"));
  expect(await call("post")).toEqual(refused(403, "execute-api:ManageConnections"));
  const statement = "by Chat are not checked: of the policy ChatRolePolicy0 statement";
  const missing = 'No stack on this machine exports "worker". Set its value';
  expect(warnings().filter((line) => !line.startsWith("template.yaml"))).toEqual([
    `Calls of lambda:* ${statement} 3 has a value that only AWS knows: ${missing} with --parameter-overrides "worker=VALUE".`,
    `Calls of dynamodb:PutItem ${statement} 4 depends on aws:SourceVpc, which is not known here.`,
    `Calls of dynamodb:GetItem ${statement.replace("checked", "denied")} 6 has a value that only AWS knows.`,
  ]);
});

test("a value that only AWS knows matters only where calls are checked", async () => {
  const { call } = await start(
    template(
      "Policies: [{ Statement: [{ Effect: Allow, Action: s3:GetObject, Resource: !GetAtt Custom.Arn }] }]",
      "Custom: { Type: Custom::Bucket }",
    ),
  );
  expect(await call("put")).toEqual(refused(400, "dynamodb:PutItem"));
});

test("permissions: warn lets calls through and reports each once, off checks nothing", async () => {
  const warned = await start(template(""), { permissions: "warn" });
  expect(await warned.call("put")).toBe("done");
  expect(await warned.call("put")).toBe("done");
  expect(await warned.call("info")).toBe("done");
  expect(warned.missing().map(({ action, refused }) => [action, refused])).toEqual([
    ["dynamodb:PutItem", false],
    ["execute-api:ManageConnections", false],
  ]);
  const off = await start(template("Role: arn:aws:iam::123456789012:role/elsewhere"), {
    permissions: "off",
  });
  expect(await off.call("put")).toBe("done");
  expect([...off.missing(), ...off.warnings()]).toEqual([]);
});

const CONFIG: ApiDefinition = {
  name: "chat",
  routeSelectionExpression: "$request.body.action",
  stage: { name: "dev" },
  tables: {
    items: {
      name: "items",
      partitionKey: { name: "id", type: "S" },
      indexes: { byId: { partitionKey: { name: "id", type: "S" } } },
      functions: ["chat"],
      environmentVariable: "TABLE",
    },
  },
  functions: {
    chat: { handler: "app.handler", environment: { OTHER: "other" } },
    other: { handler: "app.other" },
  },
  routes: { $default: { function: "chat", routeResponse: true } },
};

/** Starts the definition with this function `chat`. */
async function startConfig(chat: Partial<ApiDefinition["functions"][string]>) {
  const { functions } = CONFIG;
  const definition = {
    ...CONFIG,
    functions: { ...functions, chat: { ...functions.chat, ...chat } },
  };
  return calling(await startGateway(definition as ApiDefinition, { root }));
}

test("a definition with role statements is checked by the role that wsgw deploy makes", async () => {
  const { call, missing } = await startConfig({
    roleStatements: [{ Effect: "Allow", Action: "s3:GetObject", Resource: "*" }],
  });
  for (const action of ["put", "get", "query", "batch", "info"])
    expect(await call(action)).toBe("done");
  expect(await call("invoke")).toEqual(refused(403, "lambda:InvokeFunction"));
  expect(missing().map(({ statement }) => statement)).toEqual([
    { Effect: "Allow", Action: "lambda:InvokeFunction", Resource: { ref: "function.other.arn" } },
  ]);
  expect(missing()).toMatchObject([
    {
      add: 'Add to roleStatements of chat: {"Effect":"Allow","Action":"lambda:InvokeFunction","Resource":{"ref":"function.other.arn"}}',
    },
  ]);
});

test("the statement that was missing does when it is pasted", async () => {
  const { call, missing } = await startConfig({
    roleStatements: [
      { Effect: "Allow", Action: "lambda:InvokeFunction", Resource: { ref: "function.other.arn" } },
    ],
  });
  expect(await call("invoke")).toBe("done");
  expect(missing()).toEqual([]);
});

test("a definition without role statements is not checked, nor is a role that it only names", async () => {
  const plain = await startConfig({});
  expect(await plain.call("invoke")).toBe("done");
  expect([...plain.missing(), ...plain.warnings()]).toEqual([]);

  const told = await startConfig({
    permissions: { managedPolicies: ["arn:aws:iam::aws:policy/AmazonDynamoDBFullAccess"] },
  });
  expect(await told.call("put")).toBe("done");
  expect(await told.call("invoke")).toEqual(refused(403, "lambda:InvokeFunction"));
});

test.each([
  ["enforce", '{"message": "Internal server error"'],
  ["warn", "done"],
  ["off", "done"],
] as const)(
  "a function that API Gateway may not invoke, with permissions: %s",
  async (mode, answer) => {
    const denied = "the function send may not be invoked by API Gateway";
    const integration = { type: "lambda-proxy", function: "send", denied } as const;
    const gateway = await startGateway(
      {
        name: "denied",
        apis: {
          denied: {
            routeSelectionExpression: "$request.body.action",
            stages: { dev: {} },
            routes: { send: { integration, routeResponse: true } },
          },
        },
        functions: { send: { handler: "unused.send" } },
      },
      { permissions: mode, handlers: { send: async () => ({ statusCode: 200, body: "done" }) } },
    );
    onTestFinished(() => stopChecked(gateway));
    const client = await gateway.connect();

    client.send('{"action":"send"}');

    expect(await client.next()).toContain(answer);
  },
);

const BY_ROLE = `
Resources:
  Api:
    Type: AWS::ApiGatewayV2::Api
    Properties: { Name: chat, ProtocolType: WEBSOCKET, RouteSelectionExpression: $request.body.action }
  Dev:
    Type: AWS::ApiGatewayV2::Stage
    Properties: { ApiId: !Ref Api, StageName: dev }
  Connect:
    Type: AWS::ApiGatewayV2::Route
    Properties: { ApiId: !Ref Api, RouteKey: $connect, AuthorizationType: CUSTOM, AuthorizerId: !Ref Token }
  Token:
    Type: AWS::ApiGatewayV2::Authorizer
    Properties:
      ApiId: !Ref Api
      Name: token
      AuthorizerType: REQUEST
      AuthorizerCredentialsArn: !GetAtt Caller.Arn
      AuthorizerUri: !Sub "arn:aws:apigateway:\${AWS::Region}:lambda:path/2015-03-31/functions/\${Check.Arn}/invocations"
  Check:
    Type: AWS::Lambda::Function
    Properties:
      Handler: index.handler
      Runtime: nodejs22.x
      Code:
        ZipFile: "exports.handler = async ({ methodArn: Resource }) => ({ principalId: 'ann', policyDocument: { Version: '2012-10-17', Statement: [{ Action: 'execute-api:Invoke', Effect: 'Allow', Resource }] } });"
  Caller:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: [{ Effect: Allow, Principal: { Service: apigateway.amazonaws.com }, Action: sts:AssumeRole }]
      Policies:
        - PolicyName: calls
          PolicyDocument:
            Statement: [{ Effect: Allow, Action: ACTION, Resource: !GetAtt Check.Arn }]
`;

test("an authorizer that API Gateway may not invoke by its role is a 500, which enforcing alone brings", async () => {
  const answerTo = async (action: string, permissions: "enforce" | "warn") => {
    const { path } = project({ "template.yaml": BY_ROLE.replace("ACTION", action) });
    const template = { template: path("template.yaml"), stateDir: temporaryDirectory() };
    const gateway = await startGateway(template, { permissions });
    onTestFinished(() => stopChecked(gateway));
    return gateway.handshake();
  };

  expect(await answerTo("lambda:InvokeFunction", "enforce")).toMatchObject({ kind: "open" });
  expect(await answerTo("lambda:InvokeAsync", "warn")).toMatchObject({ kind: "open" });
  expect(await answerTo("lambda:InvokeAsync", "enforce")).toMatchObject({
    statusCode: 500,
    body: expect.stringContaining('"message": "Internal server error"'),
  });
});
