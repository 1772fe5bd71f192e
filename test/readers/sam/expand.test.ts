import { expect, test } from "vitest";
import { type JsonObject, Origins } from "../../../src/readers/cloudformation/rules/origins.ts";
import { expandSam } from "../../../src/readers/sam/rules/expand.ts";
import { expanded } from "./expanded.ts";

const CHAT = `Transform: AWS::Serverless-2016-10-31
Globals:
  Function:
    Runtime: nodejs20.x
    Environment:
      Variables: { TABLE: chat, LEVEL: info }
Resources:
  Connect:
    Type: AWS::Serverless::Function
    Metadata: { BuildMethod: esbuild }
    Properties:
      CodeUri: src/connect
      Handler: app.handler
      Timeout: 10
      Environment:
        Variables: { LEVEL: debug }
`;

test("leaves a template without SAM's transform as it is", () => {
  const template = { Transform: "AWS::LanguageExtensions", Resources: { A: { Type: "X" } } };

  expect(expandSam(template, { origins: new Origins(), report: () => {} })).toBe(template);
});

test("keeps other transforms and sections, and takes Globals and its own transform away", () => {
  const { template } = expanded(
    "Transform: [AWS::LanguageExtensions, AWS::Serverless-2016-10-31]\nGlobals: {}\nOutputs: { A: { Value: b } }\nResources: {}\n",
  );

  expect(template).toEqual({
    Transform: ["AWS::LanguageExtensions"],
    Outputs: { A: { Value: "b" } },
    Resources: {},
  });
});

test("makes a Lambda function whose code is a local path, with what Globals adds", () => {
  const { resources, findings } = expanded(CHAT);

  expect(findings).toEqual([]);
  expect(resources.Connect).toMatchObject({
    Type: "AWS::Lambda::Function",
    Metadata: { BuildMethod: "esbuild" },
    Properties: {
      Code: "src/connect",
      Runtime: "nodejs20.x",
      Environment: { Variables: { TABLE: "chat", LEVEL: "debug" } },
      Role: { "Fn::GetAtt": ["ConnectRole", "Arn"] },
    },
  });
});

test("names the lines of what was written, also in Globals and under another name", () => {
  const { line, path } = expanded(CHAT);

  expect(line("Connect", "Timeout")).toBe(14);
  expect(line("Connect", "Runtime")).toBe(4);
  expect(line("Connect", "Code")).toBe(12);
  expect(path("Connect", "Code")).toEqual(["Resources", "Connect", "Properties", "CodeUri"]);
  expect(path("Connect", "Runtime")).toEqual(["Globals", "Function", "Runtime"]);
});

test("uses the template's directory for a function without CodeUri, as sam build does", () => {
  const { propertiesOf } = expanded(CHAT.replace("      CodeUri: src/connect\n", ""));

  expect(propertiesOf("Connect").Code).toBe(".");
});

test.each([
  [
    "an S3 URI",
    "s3://code/chat.zip?versionId=7",
    { S3Bucket: "code", S3Key: "chat.zip", S3ObjectVersion: "7" },
  ],
  ["an object", "{ Bucket: code, Key: chat.zip }", { S3Bucket: "code", S3Key: "chat.zip" }],
  ["a parameter", "!Ref Folder", { Ref: "Folder" }],
])("takes code from %s", (_, uri, code) => {
  const { propertiesOf } = expanded(CHAT.replace("src/connect", uri));

  expect(propertiesOf("Connect").Code).toEqual(code);
});

const SOCKETS = `Transform: AWS::Serverless-2016-10-31
Resources:
  Api:
    Type: AWS::Serverless::WebSocketApi
    Properties:
      RouteSelectionExpression: $request.body.action
      Routes:
        $connect:
          FunctionArn: !GetAtt Fn.Arn
        send:
          FunctionArn: !GetAtt Fn.Arn
          IntegrationTimeout: 3000
  Fn:
    Type: AWS::Serverless::Function
    Properties: { CodeUri: src, Handler: a.b, Runtime: nodejs20.x }
`;

test("makes route, integration and permission for each route, and a stage named default", () => {
  const { resources, findings, line } = expanded(SOCKETS);

  expect(findings).toEqual([]);
  expect(Object.keys(resources)).toEqual([
    "Api",
    "Fn",
    "ApiConnectRoute",
    "ApiConnectIntegration",
    "ApiConnectPermission",
    "ApiSendRoute",
    "ApiSendIntegration",
    "ApiSendPermission",
    "ApiDefaultStage",
    "FnRole",
  ]);
  expect(resources.ApiDefaultStage?.Properties).toMatchObject({ StageName: "default" });
  expect(line("ApiSendIntegration", "IntegrationUri")).toBe(11);
  expect(line("ApiSendIntegration", "TimeoutInMillis")).toBe(12);
});

test.each([
  [
    "a route key that SAM refuses",
    SOCKETS.replace("send:", "send-all:"),
    /^10:\d+ error: WebSocketApi "Api": route "send-all": SAM accepts only letters and digits/,
  ],
  [
    "a property of a route",
    SOCKETS.replace("IntegrationTimeout", "IntegrationTimout"),
    /^12:\d+ warning: .*has no property "IntegrationTimout". Did you mean "IntegrationTimeout"\?$/,
  ],
  [
    "a route without a function",
    SOCKETS.replace("          FunctionArn: !GetAtt Fn.Arn\n          Integ", "          Integ"),
    /^\d+:\d+ error: .*route "send" needs the property "FunctionArn"\.$/,
  ],
  [
    "an API without a selection expression",
    SOCKETS.replace("      RouteSelectionExpression: $request.body.action\n", ""),
    /needs the property "RouteSelectionExpression"\.$/,
  ],
  [
    "a stage named $default",
    SOCKETS.replace("      Routes:", "      StageName: $default\n      Routes:"),
    /^7:\d+ error: .*cannot be named \$default\.$/,
  ],
  [
    "an AuthType that is none",
    SOCKETS.replace("      Routes:", "      Auth: { AuthType: JWT }\n      Routes:"),
    /AuthType must be CUSTOM, AWS_IAM or NONE\.$/,
  ],
  [
    "an AuthType that SAM accepts and does not apply",
    SOCKETS.replace("      Routes:", "      Auth: { AuthType: aws_iam }\n      Routes:"),
    /^7:\d+ warning: .*AuthType must be AWS_IAM in this spelling. SAM accepts aws_iam, and all clients can connect\.$/,
  ],
  [
    "an authorizer without a function",
    SOCKETS.replace("      Routes:", "      Auth: { AuthType: CUSTOM }\n      Routes:"),
    /AuthType CUSTOM needs AuthArn/,
  ],
  [
    "a property of its domain",
    SOCKETS.replace(
      "      Routes:",
      "      Domain: { DomainName: a.example, CertificateArn: arn, BasPath: x }\n      Routes:",
    ),
    /^7:\d+ warning: WebSocketApi "Api": Domain has no property "BasPath". Did you mean "BasePath"\?$/,
  ],
  [
    "a domain without a name",
    SOCKETS.replace("      Routes:", "      Domain: { CertificateArn: arn }\n      Routes:"),
    /^7:\d+ error: WebSocketApi "Api": Domain needs the property "DomainName"\.$/,
  ],
  [
    "a domain that wants certificates of clients",
    SOCKETS.replace(
      "      Routes:",
      "      Domain: { DomainName: a.example, CertificateArn: arn, MutualTlsAuthentication: { TruststoreUri: x } }\n      Routes:",
    ),
    /^7:\d+ error: WebSocketApi "Api": a WebSocket API cannot have MutualTlsAuthentication\. Remove it\.$/,
  ],
  [
    "a Condition, which SAM ignores",
    SOCKETS.replace(
      "    Properties:\n      Route",
      "    Condition: Never\n    Properties:\n      Route",
    ),
    /^5:\d+ warning: WebSocketApi "Api": SAM ignores the Condition/,
  ],
])("reports %s of a WebSocketApi", (_, text, problem) => {
  expect(expanded(text).findings).toEqual([expect.stringMatching(problem)]);
});

test.each([
  [
    "a type",
    "AWS::Serverless::Function",
    "AWS::Serverless::Funktion",
    /^9:\d+ error: Resource "Connect" has the type "AWS::Serverless::Funktion", which SAM does not know. Did you mean "AWS::Serverless::Function"\?$/,
  ],
  [
    "a property",
    "      Timeout: 10",
    "      Timout: 10",
    /^14:\d+ error: Function "Connect" has no property "Timout". Did you mean "Timeout"\?$/,
  ],
  [
    "a section of Globals",
    "  Function:\n",
    "  Functions:\n",
    /^3:\d+ error: Globals has no section "Functions". Did you mean "Function"\?$/,
  ],
  [
    "a section of Globals that is like no other",
    "  Function:\n",
    "  Queue:\n",
    /^3:\d+ error: Globals has no section "Queue"\.$/,
  ],
  [
    "a property of Globals",
    "    Runtime: nodejs20.x",
    "    Runtime: nodejs20.x\n    FunctionName: x",
    /^5:\d+ error: Globals.Function has no property "FunctionName"\.$/,
  ],
  [
    "a policy template",
    "      Timeout: 10",
    "      Policies: [{ DynamoDBCrudPolcy: { TableName: x } }]",
    /^14:\d+ error: Function "Connect": SAM has no policy template "DynamoDBCrudPolcy". Did you mean "DynamoDBCrudPolicy"\?$/,
  ],
  [
    "a parameter of a policy template",
    "      Timeout: 10",
    "      Policies: [{ DynamoDBCrudPolicy: { Table: x } }]",
    /Policy template DynamoDBCrudPolicy has no property "Table". Did you mean "TableName"\?$/,
  ],
  [
    "an event's type",
    "      Timeout: 10",
    "      Events: { A: { Type: Sqs, Properties: {} } }",
    /^14:\d+ error: Function "Connect": event "A" has the type "Sqs", which SAM does not know. Did you mean "SQS"\?$/,
  ],
  [
    "an event's property",
    "      Timeout: 10",
    "      Events: { A: { Type: SQS, Properties: { Queue: q, Batch: 1 } } }",
    /^14:\d+ error: Function "Connect": SQS event "A" has no property "Batch". Did you mean "BatchSize"\?$/,
  ],
  [
    "Properties that are an array",
    "    Properties:\n      CodeUri: src/connect\n",
    "    Properties: [CodeUri]\n    X:\n      CodeUri: src/connect\n",
    /"Properties" must be an object\.$/,
  ],
])("reports %s that SAM rejects, with its place and what was meant", (_, from, to, problem) => {
  expect(expanded(CHAT.replace(from, to)).findings).toContainEqual(expect.stringMatching(problem));
});

/** The function of the chat with `IgnoreGlobals`, on line 11. */
const ignoring = (names: string) =>
  expanded(CHAT.replace("    Properties:", `    IgnoreGlobals: ${names}\n    Properties:`));

test.each([
  ['"*"', undefined, { LEVEL: "debug" }],
  ["[Runtime]", undefined, { TABLE: "chat", LEVEL: "debug" }],
  ["[Environment]", "nodejs20.x", { LEVEL: "debug" }],
])("takes nothing from Globals that IgnoreGlobals: %s names", (names, Runtime, Variables) => {
  const { propertiesOf } = ignoring(names);

  expect(propertiesOf("Connect").Runtime).toBe(Runtime);
  expect(propertiesOf("Connect").Environment).toEqual({ Variables });
});

test.each([
  ["[Runtime, Tracing]", 'IgnoreGlobals contains "Tracing", which is not in Globals.'],
  ["Runtime", '"IgnoreGlobals" must be "*" or an array of names.'],
])("reports IgnoreGlobals: %s at its line", (names, problem) => {
  const { findings } = ignoring(names);

  expect(findings).toContainEqual(expect.stringMatching(/^11:\d+ error: Function "Connect": /));
  expect(findings.join("\n")).toContain(problem);
});

/** Everything that SAM gives another name. Each of these names stands once, on a line of its own. */
const RENAMED = `Transform: AWS::Serverless-2016-10-31
Resources:
  Fn:
    Type: AWS::Serverless::Function
    Properties:
      Handler: a.b
      Runtime: nodejs20.x
      CodeUri: src
      Tracing: Active
      DeadLetterQueue: { Type: SQS, TargetArn: arn:aws:sqs:us-east-1:123456789012:dead }
      AutoPublishAlias: live
      RolePath: /chat/
      Policies: AmazonS3ReadOnlyAccess
      Events:
        Note:
          Type: SNS
          Properties:
            Topic: arn:aws:sns:us-east-1:123456789012:notes
            SqsSubscription: true
        Job:
          Type: SQS
          Properties:
            BatchSize: 5
            Queue: arn:aws:sqs:us-east-1:123456789012:jobs
  Written:
    Type: AWS::Serverless::Api
    Properties:
      StageName: dev
      DefinitionBody: { swagger: "2.0", paths: {} }
  Stored:
    Type: AWS::Serverless::HttpApi
    Properties:
      StageName: dev
      DefinitionUri: s3://bucket/api.yaml
  Table:
    Type: AWS::Serverless::SimpleTable
    Properties:
      TableName: chat
      PrimaryKey: { Name: id, Type: String }
  Layer:
    Type: AWS::Serverless::LayerVersion
    Properties:
      LayerName: lib
      ContentUri: lib
  App:
    Type: AWS::Serverless::Application
    Properties:
      Parameters: { A: b }
      Location: app.yaml
  Machine:
    Type: AWS::Serverless::StateMachine
    Properties:
      Definition: { StartAt: A }
      Name: machine
      Type: EXPRESS # of the machine
      Role: arn:aws:iam::123456789012:role/machine
  Sockets:
    Type: AWS::Serverless::WebSocketApi
    Properties:
      RouteSelectionExpression: $request.body.action
      Auth:
        AuthType: CUSTOM
        AuthArn: !GetAtt Fn.Arn
        InvokeRole: arn:aws:iam::123456789012:role/invoke
      Domain:
        DomainName: chat.example.com
        CertificateArn: arn:aws:acm:us-east-1:123456789012:certificate/c
        BasePath: chat
      Routes:
        $connect:
          FunctionArn: !GetAtt Fn.Arn
`;

test.each([
  ["Fn", "Code", "CodeUri:"],
  ["Fn", "TracingConfig", "Tracing:"],
  ["Fn", "DeadLetterConfig", "DeadLetterQueue:"],
  ["FnAliaslive", "Name", "AutoPublishAlias:"],
  ["FnRole", "Path", "RolePath:"],
  ["FnRole", "ManagedPolicyArns", "Policies:"],
  ["FnNoteEventSourceMapping", "EventSourceArn", "SqsSubscription:"],
  ["FnJob", "EventSourceArn", "Queue:"],
  ["Written", "Body", "DefinitionBody:"],
  ["Stored", "BodyS3Location", "DefinitionUri:"],
  ["Table", "KeySchema", "PrimaryKey:"],
  ["Table", "AttributeDefinitions", "PrimaryKey:"],
  ["Layer", "Content", "ContentUri:"],
  ["App", "TemplateURL", "Location:"],
  ["Machine", "StateMachineName", "Name: machine"],
  ["Machine", "StateMachineType", "Type: EXPRESS"],
  ["Machine", "RoleArn", "Role:"],
  ["SocketsConnectAuthorizer", "AuthorizerUri", "AuthArn:"],
  ["SocketsConnectAuthorizer", "AuthorizerCredentialsArn", "InvokeRole:"],
  ["SocketschatApiMapping", "ApiMappingKey", "BasePath:"],
  ["SocketsConnectIntegration", "IntegrationUri", "FunctionArn:"],
  ["SocketsConnectPermission", "FunctionName", "FunctionArn:"],
])("%s has its %s from the line with %s", (id, property, written) => {
  const { line, findings } = expanded(RENAMED);

  expect(findings).toEqual([]);
  const lines = RENAMED.split("\n").map((text) => text.trim());
  expect(line(id, property)).toBe(lines.findIndex((text) => text.startsWith(written)) + 1);
});

test("reports a function without handler and runtime at the function", () => {
  const { findings } = expanded(
    "Transform: AWS::Serverless-2016-10-31\nResources:\n  Fn:\n    Type: AWS::Serverless::Function\n    Properties:\n      CodeUri: x\n",
  );

  expect(findings).toEqual([
    expect.stringMatching(
      /error: Function "Fn" has no Runtime. Add it here or in Globals.Function\.$/,
    ),
    expect.stringMatching(
      /error: Function "Fn" has no Handler. Add it here or in Globals.Function\.$/,
    ),
  ]);
});

test("turns references to what SAM makes into references to that", () => {
  const { template } = expanded(
    `${CHAT}      AutoPublishAlias: live
Outputs:
  Alias: { Value: !Ref Connect.Alias }
  Both: { Value: !Sub "\${Connect.Alias}, \${Connect.Version}, \${Connect.Arn}" }
  Attribute: { Value: !GetAtt Connect.Alias.Description }
`,
  );

  expect(template.Outputs).toEqual({
    Alias: { Value: { Ref: "ConnectAliaslive" } },
    Both: { Value: { "Fn::Sub": "${ConnectAliaslive}, ${ConnectVersion}, ${Connect.Arn}" } },
    Attribute: { Value: { "Fn::GetAtt": ["ConnectAliaslive", "Description"] } },
  });
});

test("leaves an application of the Serverless Application Repository aside, with a warning", () => {
  const { findings, resources } = expanded(
    "Transform: AWS::Serverless-2016-10-31\nResources:\n  App:\n    Type: AWS::Serverless::Application\n    Properties:\n      Location: { ApplicationId: arn, SemanticVersion: 1.0.0 }\n",
  );

  expect(findings).toEqual([expect.stringMatching(/^6:\d+ warning: Application "App" comes from/)]);
  expect(resources.App?.Type).toBe("AWS::Serverless::Application");
});

test("merges names such as __proto__ and constructor like all others", () => {
  const { propertiesOf, findings } = expanded(
    CHAT.replace("{ LEVEL: debug }", "{ __proto__: a, constructor: b }"),
  );

  expect(findings).toEqual([]);
  const { Variables = {} } = propertiesOf("Connect").Environment as JsonObject;
  expect(Object.entries(Variables as JsonObject)).toEqual([
    ["TABLE", "chat"],
    ["LEVEL", "info"],
    ["__proto__", "a"],
    ["constructor", "b"],
  ]);
});

test("takes properties that are null for absent, also those that hide one of Globals", () => {
  const { propertiesOf, findings } = expanded(
    CHAT.replace(
      "      Timeout: 10",
      "      Timeout:\n      Events:\n      Runtime: python3.12",
    ).replace("    Runtime: nodejs20.x", "    Runtime: nodejs20.x\n    Timeout: 5"),
  );

  expect(findings.filter((finding) => finding.includes(" error: "))).toEqual([]);
  expect(propertiesOf("Connect")).not.toHaveProperty("Timeout");
  expect(propertiesOf("Connect")).toMatchObject({ Runtime: "python3.12" });
});

test.each([
  [
    "an alias that SAM refuses",
    "AutoPublishAlias: a b",
    /^14:\d+ error: .*AutoPublishAlias must have letters/,
  ],
  [
    "an HttpApi event with a path alone",
    "Events: { A: { Type: HttpApi, Properties: { Path: /x } } }",
    /has both Path and Method, or neither\.$/,
  ],
  [
    "an S3 event without a bucket of the template",
    "Events: { A: { Type: S3, Properties: { Bucket: x, Events: y } } }",
    /S3 event "A" must refer to a resource of this template/,
  ],
  ["a policy that is a number", "Policies: [3]", /a policy is a name, an ARN, a document/],
])("reports %s", (_, property, problem) => {
  const { findings } = expanded(CHAT.replace("Timeout: 10", property));

  expect(findings).toEqual([expect.stringMatching(problem)]);
});
