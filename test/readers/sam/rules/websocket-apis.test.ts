import { expect, test } from "vitest";
import { expanded } from "../expanded.ts";

const HEAD = "Transform: AWS::Serverless-2016-10-31\nResources:\n";
const URI =
  "arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${FunctionArn}/invocations";
const EXECUTE_API = "arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:";
const MARK = { "websocketapi:createdBy": "SAM" };

const api = (properties: string, attributes = "") => `${HEAD}  Chat:
    Type: AWS::Serverless::WebSocketApi${attributes}
    Properties:
${`${properties}\nRouteSelectionExpression: $request.body.action`.replaceAll(/^/gm, "      ")}
`;

const ROUTES = "Routes: { $connect: { FunctionArn: connect } }";

/** All that is made of an API, with the keys that lead to each property in the file. */
function madeOf(properties: string, attributes = "") {
  const { resources, findings, path, propertiesOf } = expanded(api(properties, attributes));
  const placesOf = (id: string) =>
    Object.fromEntries(
      Object.keys(propertiesOf(id)).map((name) => [name, path(id, name)?.slice(3).join(".")]),
    );
  return { resources, findings, placesOf };
}

test("makes of an API all its resources, with every property", () => {
  const { resources, findings, placesOf } = madeOf(
    `Name: chat
Description: a chat
ApiKeySelectionExpression: $request.header.x-api-key
DisableExecuteApiEndpoint: true
DisableSchemaValidation: true
IpAddressType: dualstack
Tags: { team: a }
StageName: live
StageVariables: { a: b }
AccessLogSettings: { Format: x }
DefaultRouteSettings: { ThrottlingRateLimit: 1 }
RouteSettings: { send: { ThrottlingRateLimit: 2 } }
Auth:
  AuthType: CUSTOM
  AuthArn: judge
  InvokeRole: role
  IdentitySource: [ route.request.header.a ]
  Name: judge-name
Domain:
  DomainName: chat.example.com
  CertificateArn: cert
  EndpointConfiguration: EDGE
  IpAddressType: ipv4
  OwnershipVerificationCertificateArn: own
  SecurityPolicy: TLS_1_2
  BasePath: [ /, a-b, c_d ]
Routes:
  $connect:
    FunctionArn: connect
    ApiKeyRequired: true
    ModelSelectionExpression: m
    OperationName: o
    RequestModels: { m: M }
    RequestParameters: { p: { Required: true } }
    RouteResponseSelectionExpression: $default
    IntegrationTimeout: 500
  sendAll:
    FunctionArn: send`,
    "\n    DependsOn: Other\n    Metadata: { a: b }",
  );

  expect(findings).toEqual([]);
  const integrationOf = (FunctionArn: string) => ({
    ApiId: { Ref: "Chat" },
    IntegrationType: "AWS_PROXY",
    IntegrationUri: { "Fn::Sub": [URI, { FunctionArn }] },
  });
  const permissionOf = (FunctionName: string, key: string) => ({
    Action: "lambda:InvokeFunction",
    FunctionName,
    Principal: "apigateway.amazonaws.com",
    SourceArn: { "Fn::Sub": `${EXECUTE_API}\${Chat.ApiId}/live/${key}` },
  });
  const target = (id: string) => ({ "Fn::Join": ["/", ["integrations", { Ref: id }]] });
  const mapping = {
    ApiId: { Ref: "Chat" },
    DomainName: { Ref: "ChatDomainName" },
    Stage: { Ref: "ChatliveStage" },
  };
  expect(resources).toEqual({
    Chat: {
      Type: "AWS::ApiGatewayV2::Api",
      DependsOn: "Other",
      Metadata: { a: "b" },
      Properties: {
        Name: "chat",
        ProtocolType: "WEBSOCKET",
        Description: "a chat",
        ApiKeySelectionExpression: "$request.header.x-api-key",
        DisableExecuteApiEndpoint: true,
        DisableSchemaValidation: true,
        IpAddressType: "dualstack",
        RouteSelectionExpression: "$request.body.action",
        Tags: { team: "a", ...MARK },
      },
    },
    ChatConnectAuthorizer: {
      Type: "AWS::ApiGatewayV2::Authorizer",
      Properties: {
        ApiId: { Ref: "Chat" },
        AuthorizerType: "REQUEST",
        AuthorizerUri: {
          "Fn::Sub": [URI.replace("FunctionArn", "AuthArn"), { AuthArn: "judge" }],
        },
        Name: "judge-name",
        IdentitySource: ["route.request.header.a"],
        AuthorizerCredentialsArn: "role",
      },
    },
    ChatConnectRoute: {
      Type: "AWS::ApiGatewayV2::Route",
      Properties: {
        ApiId: { Ref: "Chat" },
        RouteKey: "$connect",
        ApiKeyRequired: true,
        ModelSelectionExpression: "m",
        OperationName: "o",
        RequestModels: { m: "M" },
        RequestParameters: { p: { Required: true } },
        RouteResponseSelectionExpression: "$default",
        AuthorizationType: "CUSTOM",
        AuthorizerId: { Ref: "ChatConnectAuthorizer" },
        Target: target("ChatConnectIntegration"),
      },
    },
    ChatConnectIntegration: {
      Type: "AWS::ApiGatewayV2::Integration",
      Properties: { ...integrationOf("connect"), TimeoutInMillis: 500 },
    },
    ChatConnectPermission: {
      Type: "AWS::Lambda::Permission",
      Properties: permissionOf("connect", "$connect"),
    },
    ChatSendallRoute: {
      Type: "AWS::ApiGatewayV2::Route",
      Properties: {
        ApiId: { Ref: "Chat" },
        RouteKey: "sendAll",
        Target: target("ChatSendallIntegration"),
      },
    },
    ChatSendallIntegration: {
      Type: "AWS::ApiGatewayV2::Integration",
      Properties: integrationOf("send"),
    },
    ChatSendallPermission: {
      Type: "AWS::Lambda::Permission",
      Properties: permissionOf("send", "sendAll"),
    },
    ChatliveStage: {
      Type: "AWS::ApiGatewayV2::Stage",
      DependsOn: ["ChatConnectRoute", "ChatSendallRoute"],
      Properties: {
        ApiId: { Ref: "Chat" },
        StageName: "live",
        StageVariables: { a: "b" },
        AccessLogSettings: { Format: "x" },
        DefaultRouteSettings: { ThrottlingRateLimit: 1 },
        RouteSettings: { send: { ThrottlingRateLimit: 2 } },
        Tags: MARK,
        AutoDeploy: true,
      },
    },
    ChatDomainName: {
      Type: "AWS::ApiGatewayV2::DomainName",
      Properties: {
        DomainName: "chat.example.com",
        DomainNameConfigurations: [
          {
            CertificateArn: "cert",
            EndpointType: "EDGE",
            SecurityPolicy: "TLS_1_2",
            OwnershipVerificationCertificateArn: "own",
            IpAddressType: "ipv4",
          },
        ],
        Tags: MARK,
      },
    },
    ChatApiMapping: { Type: "AWS::ApiGatewayV2::ApiMapping", Properties: mapping },
    ChatabApiMapping: {
      Type: "AWS::ApiGatewayV2::ApiMapping",
      Properties: { ...mapping, ApiMappingKey: "a-b" },
    },
    Chatc_dApiMapping: {
      Type: "AWS::ApiGatewayV2::ApiMapping",
      Properties: { ...mapping, ApiMappingKey: "c_d" },
    },
  });
  expect(placesOf("Chat")).toMatchObject({ Name: "Name", Tags: "Tags" });
  expect(placesOf("ChatConnectIntegration")).toMatchObject({
    IntegrationUri: "Routes.$connect.FunctionArn",
    TimeoutInMillis: "Routes.$connect.IntegrationTimeout",
  });
  expect(placesOf("ChatConnectPermission").FunctionName).toBe("Routes.$connect.FunctionArn");
  expect(placesOf("ChatConnectAuthorizer")).toMatchObject({
    AuthorizerUri: "Auth.AuthArn",
    AuthorizerCredentialsArn: "Auth.InvokeRole",
    Name: "Auth.Name",
  });
  expect(placesOf("ChatliveStage").StageName).toBe("StageName");
  expect(placesOf("ChatDomainName").DomainName).toBe("Domain.DomainName");
  expect(placesOf("ChatabApiMapping").ApiMappingKey).toBe("Domain.BasePath");
});

test("makes of the least API its default stage", () => {
  const { resources, findings } = madeOf(ROUTES);
  expect(findings).toEqual([]);
  expect(Object.keys(resources)).toEqual([
    "Chat",
    "ChatConnectRoute",
    "ChatConnectIntegration",
    "ChatConnectPermission",
    "ChatDefaultStage",
  ]);
  expect(resources.Chat?.Properties).toEqual({
    Name: "Chat",
    ProtocolType: "WEBSOCKET",
    RouteSelectionExpression: "$request.body.action",
    Tags: MARK,
  });
  expect(resources.ChatDefaultStage).toEqual({
    Type: "AWS::ApiGatewayV2::Stage",
    Properties: { ApiId: { Ref: "Chat" }, StageName: "default", Tags: MARK, AutoDeploy: true },
  });
});

test("fills the name of a stage that is not a string into the ARN of a permission", () => {
  const { resources } = madeOf(`StageName: !Ref Stage\n${ROUTES}`);
  expect(resources.ChatStage?.Type).toBe("AWS::ApiGatewayV2::Stage");
  expect(resources.ChatConnectPermission?.Properties).toMatchObject({
    SourceArn: {
      "Fn::Sub": [
        `${EXECUTE_API}\${Chat.ApiId}/\${__StageName__}/$connect`,
        { __StageName__: { Ref: "Stage" } },
      ],
    },
  });
});

test("permits API Gateway to call an authorizer without a role", () => {
  const { resources, placesOf } = madeOf(`Auth: { AuthType: CUSTOM, AuthArn: judge }\n${ROUTES}`);
  expect(resources.ChatConnectAuthorizer?.Properties).toMatchObject({
    Name: "ChatConnectAuthorizer",
  });
  expect(resources.ChatAuthorizerPermission).toEqual({
    Type: "AWS::Lambda::Permission",
    Properties: {
      Action: "lambda:InvokeFunction",
      FunctionName: "judge",
      Principal: "apigateway.amazonaws.com",
      SourceArn: {
        "Fn::Sub": [`${EXECUTE_API}\${__ApiId__}/authorizers/*`, { __ApiId__: { Ref: "Chat" } }],
      },
    },
  });
  expect(placesOf("ChatAuthorizerPermission").FunctionName).toBe("Auth.AuthArn");
});

test("maps a domain name without a path to the stage", () => {
  const { resources, findings } = madeOf(
    `Domain: { DomainName: a.b, CertificateArn: c }\n${ROUTES}`,
  );
  expect(findings).toEqual([]);
  expect(resources.ChatDomainName?.Properties).toEqual({
    DomainName: "a.b",
    DomainNameConfigurations: [{ CertificateArn: "c", EndpointType: "REGIONAL" }],
    Tags: MARK,
  });
  expect(resources.ChatApiMapping?.Properties).toEqual({
    ApiId: { Ref: "Chat" },
    DomainName: { Ref: "ChatDomainName" },
    Stage: { Ref: "ChatDefaultStage" },
  });
});

test("makes references to the stage and the domain name references to what is made", () => {
  const { template } = expanded(
    `${api(`Domain: { DomainName: a.b, CertificateArn: c }\n${ROUTES}`)}Outputs:\n  A: { Value: !Ref Chat.Stage }\n  B: { Value: !Ref Chat.DomainName }\n`,
  );
  expect(template.Outputs).toEqual({
    A: { Value: { Ref: "ChatDefaultStage" } },
    B: { Value: { Ref: "ChatDomainName" } },
  });
});

test.each([
  ["NONE", { AuthorizationType: "NONE" }],
  ["none", { AuthorizationType: "NONE" }],
  ["AWS_IAM", { AuthorizationType: "AWS_IAM" }],
])("authorizes $connect by %s", (type, authorization) => {
  const { resources, findings } = madeOf(`Auth: { AuthType: ${type} }\n${ROUTES}`);
  expect(findings).toEqual([]);
  const { AuthorizationType, AuthorizerId } = { ...Object(resources.ChatConnectRoute?.Properties) };
  expect({ AuthorizationType, AuthorizerId }).toEqual(authorization);
});

const WHAT = 'WebSocketApi "Chat"';

test.each([
  ["StageVariables: {}\nRoutes: {}", `7:7 error: ${WHAT} needs at least one route.`],
  [
    "Routes: { a-b: { FunctionArn: f } }",
    `6:17 error: ${WHAT}: route "a-b": SAM accepts only letters and digits, $connect, $disconnect or $default as a route key.`,
  ],
  [
    "Routes: { send: { FunctionArn: f, RequestParameters: {} } }",
    `6:41 error: ${WHAT}: route "send": RequestParameters work on $connect only.`,
  ],
  [
    "Routes: { send: { FunctionArn: f, Functio: g } }",
    expect.stringContaining(`6:41 warning: ${WHAT}: route "send" has no property "Functio"`),
  ],
  ["Routes: { send: {} }", `6:23 error: ${WHAT}: route "send" needs the property "FunctionArn".`],
  [
    "Routes: { send: { FunctionArn: f } }\nAuth: { AuthType: NONE }",
    `7:7 error: ${WHAT}: Auth needs a route for $connect.`,
  ],
  [`Auth: {}\n${ROUTES}`, `6:13 error: ${WHAT}: Auth needs the property "AuthType".`],
  [
    `Auth: { AuthType: NONE, Authority: a }\n${ROUTES}`,
    [
      expect.stringContaining(`6:31 warning: ${WHAT}: Auth has no property "Authority"`),
      `6:31 error: ${WHAT}: Authority works with AuthType CUSTOM only.`,
    ],
  ],
  [
    `Auth: { AuthType: JWT }\n${ROUTES}`,
    `6:15 error: ${WHAT}: AuthType must be CUSTOM, AWS_IAM or NONE.`,
  ],
  [
    `Auth: { AuthType: AWS_IAM, AuthArn: a }\n${ROUTES}`,
    `6:34 error: ${WHAT}: AuthArn works with AuthType CUSTOM only.`,
  ],
  [
    `Auth: { AuthType: CUSTOM }\n${ROUTES}`,
    `6:15 error: ${WHAT}: AuthType CUSTOM needs AuthArn, the ARN of a function.`,
  ],
  [
    `Auth: { AuthType: Custom, AuthArn: a }\n${ROUTES}`,
    `6:15 warning: ${WHAT}: AuthType must be CUSTOM in this spelling. SAM accepts Custom, and all clients can connect.`,
  ],
  [
    `${ROUTES}\nStageName: $default`,
    `7:7 error: ${WHAT}: a stage of a WebSocket API cannot be named $default.`,
  ],
  [
    `Domain: { DomainName: a, CertificateArn: b, MutualTlsAuthentication: {} }\n${ROUTES}`,
    `6:51 error: ${WHAT}: a WebSocket API cannot have MutualTlsAuthentication. Remove it.`,
  ],
  [
    `Domain: { DomainName: a, CertificateArn: b, Certificates: c }\n${ROUTES}`,
    expect.stringContaining(`6:51 warning: ${WHAT}: Domain has no property "Certificates"`),
  ],
  [
    `Domain: { CertificateArn: b }\n${ROUTES}`,
    `6:15 error: ${WHAT}: Domain needs the property "DomainName".`,
  ],
  [
    `Domain: { DomainName: b }\n${ROUTES}`,
    `6:15 error: ${WHAT}: Domain needs the property "CertificateArn".`,
  ],
  [`Tags: a\n${ROUTES}`, `6:7 error: ${WHAT}: "Tags" must be an object.`],
])("reports of %j where it is and what to do", (properties, expected) => {
  expect(madeOf(properties).findings).toEqual([expected].flat());
});

test("accepts $disconnect, $default, and letters of any script as route keys", () => {
  const { resources, findings } = madeOf(
    "Routes: { $disconnect: { FunctionArn: f }, $default: { FunctionArn: f }, ähm1: { FunctionArn: f } }",
  );
  expect(findings).toEqual([]);
  expect(Object.keys(resources).filter((id) => id.endsWith("Route"))).toEqual([
    "ChatDisconnectRoute",
    "ChatDefaultRoute",
    "ChatÄhm1Route",
  ]);
});

test("authorizes nothing by an AuthType in another spelling or without a function", () => {
  for (const auth of ["{ AuthType: aws_iam }", "{ AuthType: Custom, AuthArn: a }"]) {
    const { resources } = madeOf(`Auth: ${auth}\n${ROUTES}`);
    expect(resources.ChatConnectRoute?.Properties).toMatchObject({ AuthorizationType: "NONE" });
    expect(resources.ChatConnectAuthorizer).toBeUndefined();
  }
  for (const auth of ["{ AuthType: CUSTOM }", "{ AuthType: JWT }", "{}"]) {
    const { resources } = madeOf(`Auth: ${auth}\n${ROUTES}`);
    expect(resources.ChatConnectRoute?.Properties).not.toHaveProperty("AuthorizationType");
    expect(resources.ChatConnectAuthorizer).toBeUndefined();
  }
});

test("makes an API whatever its condition, and warns of it", () => {
  const { resources, findings } = madeOf(ROUTES, "\n    Condition: Never");
  expect(findings).toEqual([
    `5:5 warning: ${WHAT}: SAM ignores the Condition of a WebSocketApi and always creates its resources.`,
  ]);
  expect(Object.values(resources).filter(({ Condition }) => Condition !== undefined)).toEqual([]);
});
