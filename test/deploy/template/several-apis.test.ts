import { expect, test } from "vitest";
import type { ProjectDefinition, WebSocketApiDefinition } from "../../../src/definition/project.ts";
import { checkTemplate } from "../../../src/deploy/template/check.ts";
import type { JsonObject, Template } from "../../../src/deploy/template.ts";
import { twoApis } from "../../definition/definitions.ts";
import { projectOf, rich, sample, templateOf } from "../apis.ts";

const ARN = "arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:";

const { chat, orders } = twoApis.apis;
const chatV1 = { ...chat, stages: { v1: chat.stages.v1 } };

function shop(
  apis: Readonly<Record<string, WebSocketApiDefinition>>,
  more: Partial<ProjectDefinition> = {},
): ProjectDefinition {
  const functions = { open: { handler: "open.handler" }, talk: { handler: "talk.handler" } };
  return { ...twoApis, functions, apis, ...more };
}

function idsOf(template: Template, type: string): readonly string[] {
  return Object.entries(template.Resources)
    .filter(([, { Type }]) => Type === type)
    .map(([id]) => id)
    .sort();
}

const properties = (template: Template, id: string): JsonObject =>
  template.Resources[id]?.Properties ?? {};

test("the template of two APIs has every part of both, functions and tables once", () => {
  const template = templateOf(twoApis);

  expect(checkTemplate(template)).toEqual([]);
  expect(idsOf(template, "AWS::ApiGatewayV2::Api")).toEqual(["Api", "OrdersApi"]);
  expect(idsOf(template, "AWS::ApiGatewayV2::Stage")).toEqual([
    "OrdersApiStage",
    "Stage",
    "V2Stage",
  ]);
  expect(idsOf(template, "AWS::ApiGatewayV2::Route")).toEqual([
    "ConnectRoute",
    "OrdersApiConnectRoute",
    "OrdersApiDefaultRoute",
    "TalkRoute",
  ]);
  expect(idsOf(template, "AWS::ApiGatewayV2::Deployment")).toEqual([
    expect.stringMatching(/^Deployment\w{10}$/),
    expect.stringMatching(/^OrdersApiDeployment\w{10}$/),
  ]);
  expect(idsOf(template, "AWS::Lambda::Function")).toEqual(["OpenFunction", "TalkFunction"]);
  expect(idsOf(template, "AWS::DynamoDB::Table")).toEqual(["RoomsTable"]);
  expect(properties(template, "OrdersApi").Name).toBe("shop-order-feed");
  expect(properties(template, "OrdersApiMapping")).toMatchObject({
    ApiId: { Ref: "OrdersApi" },
    Stage: { Ref: "OrdersApiStage" },
  });
});

test("each stage shows the deployment of its API, which waits for the routes of that API only", () => {
  const template = templateOf(twoApis);
  const shown = (stage: string) =>
    (properties(template, stage).DeploymentId as { readonly Ref: string }).Ref;

  expect(shown("V2Stage")).toBe(shown("Stage"));
  expect(shown("OrdersApiStage")).not.toBe(shown("Stage"));
  expect(template.Resources[shown("OrdersApiStage")]?.DependsOn).toEqual([
    "OrdersApiConnectIntegration",
    "OrdersApiConnectRoute",
    "OrdersApiDefaultIntegration",
    "OrdersApiDefaultRoute",
  ]);
});

test("a further API replaces nothing of the first, and a further stage nothing of its API", () => {
  const one = templateOf(shop({ chat: chatV1 }));
  const two = templateOf(shop({ chat: chatV1, orders: { ...orders, stages: { live: {} } } }));
  const more = templateOf(shop({ chat }));

  for (const [id, resource] of Object.entries(one.Resources)) {
    if (resource.Type.startsWith("AWS::ApiGatewayV2")) {
      expect(two.Resources[id], id).toEqual(resource);
      expect(more.Resources[id], id).toEqual(resource);
    }
    expect(more.Resources[id]?.Type, id).toBe(resource.Type);
    expect(two.Resources[id]?.Type, id).toBe(resource.Type);
  }
});

test("the long form of one API with one stage gives the template of the short form", () => {
  const { connectionTable: _, ...short } = rich;
  const { routeSelectionExpression, apiKeySelectionExpression, ...others } = short;
  const { authorizers, models, routes, customDomain, stage, ...shared } = others;
  const { name: stageName, ...about } = stage;
  const { name, description } = rich;
  const api = {
    name,
    description,
    routeSelectionExpression,
    apiKeySelectionExpression,
    authorizers,
    models,
    routes,
    customDomain,
  };
  const long = { ...shared, apis: { chat: { ...api, stages: { [stageName]: about } } } };

  expect(templateOf(long as ProjectDefinition)).toEqual(templateOf(short));
});

test("5: a usage plan has the stages of all APIs, or those that it lists", () => {
  const template = templateOf({
    ...twoApis,
    apiKeys: { web: {} },
    usagePlans: {
      all: { apiKeys: ["web"] },
      some: { apiKeys: ["web"], apiStages: [{ api: "chat", stage: "v2" }] },
    },
  });

  expect(checkTemplate(template)).toEqual([]);
  expect(properties(template, "AllUsagePlan").ApiStages).toEqual([
    { ApiId: { Ref: "Api" }, Stage: { Ref: "Stage" } },
    { ApiId: { Ref: "Api" }, Stage: { Ref: "V2Stage" } },
    { ApiId: { Ref: "OrdersApi" }, Stage: { Ref: "OrdersApiStage" } },
  ]);
  expect(properties(template, "SomeUsagePlan").ApiStages).toEqual([
    { ApiId: { Ref: "Api" }, Stage: { Ref: "V2Stage" } },
  ]);
});

test("each API may call the functions of its routes: at its one stage, or at any of several", () => {
  const template = templateOf(twoApis);
  const arns = idsOf(template, "AWS::Lambda::Permission").map((id) => [
    id,
    properties(template, id).SourceArn,
  ]);

  expect(Object.fromEntries(arns)).toEqual({
    ConnectPermission: { "Fn::Sub": `${ARN}\${Api}/*/$connect` },
    TalkPermission: { "Fn::Sub": `${ARN}\${Api}/*/talk` },
    OrdersApiConnectPermission: { "Fn::Sub": `${ARN}\${OrdersApi}/live/$connect` },
    OrdersApiDefaultPermission: { "Fn::Sub": `${ARN}\${OrdersApi}/live/$default` },
  });
});

test("a function with many routes in all gets one permission of each of its APIs", () => {
  const routes = Object.fromEntries(
    Array.from({ length: 30 }, (_, i) => [`route${i}`, { function: "talk" }]),
  );
  const template = templateOf(
    shop({ chat: { ...chatV1, routes }, orders: { ...orders, stages: { live: {} }, routes } }),
  );

  expect(idsOf(template, "AWS::Lambda::Permission")).toEqual([
    "OrdersApiTalkFunctionPermission",
    "TalkFunctionPermission",
  ]);
});

test("functions may post to the APIs that call them and to those whose callback URL they get", () => {
  const template = templateOf(
    shop(
      { chat, orders: { ...orders, routes: { $default: { function: "talk" } } } },
      {
        functions: {
          open: { handler: "open.handler" },
          talk: { handler: "talk.handler" },
          idle: { handler: "a.b", environment: { URL: { ref: "api.orders.url" } } },
          told: {
            handler: "a.b",
            environment: { BACK: { join: [{ ref: "api.orders.callbackUrl" }, "/"] } },
          },
        },
      },
    ),
  );
  const postsTo = (role: string) => {
    const [policy] = properties(template, role).Policies as unknown as readonly {
      readonly PolicyDocument: { readonly Statement: readonly JsonObject[] };
    }[];
    return policy?.PolicyDocument.Statement.filter(
      ({ Action }) => Action === "execute-api:ManageConnections",
    ).map(({ Resource }) => Resource);
  };
  const at = (path: string) => ({ "Fn::Sub": `${ARN}${path}/*/@connections/*` });

  expect(postsTo("OpenFunctionRole")).toEqual([[at("${Api}/v1"), at("${Api}/v2")]]);
  expect(postsTo("TalkFunctionRole")).toEqual([
    [at("${Api}/v1"), at("${Api}/v2")],
    at("${OrdersApi}/live"),
  ]);
  expect(postsTo("ToldFunctionRole")).toEqual([at("${OrdersApi}/live")]);
  expect(postsTo("IdleFunctionRole")).toEqual([]);
});

test("references lead to the API that they name, and its first stage", () => {
  const template = templateOf(twoApis);
  const host = (id: string, stage: string) =>
    `\${${id}}.execute-api.\${AWS::Region}.\${AWS::URLSuffix}/${stage}`;

  expect(properties(template, "TalkFunction").Environment).toMatchObject({
    Variables: {
      CHAT: { "Fn::Sub": `https://${host("Api", "v1")}` },
      ORDERS: { "Fn::Sub": `wss://${host("OrdersApi", "live")}` },
      PLAIN: "${api.chat.url}",
      TABLE: { Ref: "RoomsTable" },
    },
  });
  expect(properties(template, "OrdersApiStage").StageVariables).toEqual({ chat: { Ref: "Api" } });
});

test("outputs without a name are of the first API, and each API and stage has some by name", () => {
  const { Outputs = {} } = templateOf(twoApis);
  const values = Object.fromEntries(
    Object.entries(Outputs).map(([name, { Value }]) => [
      name,
      JSON.stringify(Value).replace(".execute-api.${AWS::Region}.${AWS::URLSuffix}", ""),
    ]),
  );
  const url = (scheme: string, path: string) =>
    JSON.stringify({ "Fn::Sub": `${scheme}://${path}` });

  expect(values).toMatchObject({
    WebSocketUrl: url("wss", "${Api}/v1"),
    CallbackUrl: url("https", "${Api}/v1"),
    ApiId: '{"Ref":"Api"}',
    ChatApiWebSocketUrl: url("wss", "${Api}/v1"),
    ChatApiCallbackUrl: url("https", "${Api}/v1"),
    ChatApiId: '{"Ref":"Api"}',
    ChatApiV2WebSocketUrl: url("wss", "${Api}/v2"),
    ChatApiV2CallbackUrl: url("https", "${Api}/v2"),
    OrdersApiWebSocketUrl: url("wss", "${OrdersApi}/live"),
    OrdersApiCustomDomainUrl: '"wss://orders.example.com"',
    OrdersApiId: '{"Ref":"OrdersApi"}',
  });
  expect(Outputs.OrdersApiWebSocketUrl?.Description).toBe("Where clients of orders connect");
});

test("each stage has an access log of its own", () => {
  const template = templateOf(
    shop(twoApis.apis, { deploy: { logging: { accessLog: true } }, functions: twoApis.functions }),
  );
  const groups = idsOf(template, "AWS::Logs::LogGroup").filter((id) => id.endsWith("AccessLogs"));

  expect(groups.map((id) => properties(template, id).LogGroupName)).toEqual([
    { "Fn::Sub": "/aws/apigateway/${AWS::StackName}/v1" },
    { "Fn::Sub": "/aws/apigateway/${AWS::StackName}/orders/live" },
    { "Fn::Sub": "/aws/apigateway/${AWS::StackName}/v2" },
  ]);
});

test("APIs share a custom domain, which the one with the certificate makes", () => {
  const name = "shop.example.com";
  const certificateArn = "arn:aws:acm:eu-west-1:123456789012:certificate/abc-123";
  const template = templateOf(
    shop({
      chat: { ...chatV1, customDomain: { name, mappingKey: "chat" } },
      orders: {
        ...orders,
        stages: { live: {} },
        customDomain: { name, mappingKey: "orders", certificateArn },
      },
    }),
  );

  expect(idsOf(template, "AWS::ApiGatewayV2::DomainName")).toEqual(["OrdersApiDomainName"]);
  for (const id of ["ApiMapping", "OrdersApiMapping"]) {
    expect(properties(template, id).DomainName).toEqual({ Ref: "OrdersApiDomainName" });
  }
  expect(template.Outputs?.CustomDomainTarget?.Value).toEqual({
    "Fn::GetAtt": ["OrdersApiDomainName", "RegionalDomainName"],
  });
});

test("a domain has a mapping for each of its keys, and the first keeps its logical id", () => {
  const mappings = { live: "live", "": "test", "v-2": "live" };
  const template = templateOf(
    shop({
      orders: {
        ...orders,
        stages: { live: {}, test: {} },
        customDomain: { name: "shop.example.com", mappings },
        disableExecuteApiEndpoint: true,
        ipAddressType: "dualstack",
      },
    }),
  );

  expect(checkTemplate(template)).toEqual([]);
  const ids = idsOf(template, "AWS::ApiGatewayV2::ApiMapping");
  expect(ids).toHaveLength(3);
  const mappingOf = (id: string) => properties(template, id);
  expect(mappingOf("ApiMapping")).toMatchObject({ ApiMappingKey: "live", Stage: { Ref: "Stage" } });
  expect(ids.map((id) => mappingOf(id).ApiMappingKey)).toEqual(
    expect.arrayContaining(["live", undefined, "v-2"]),
  );
  expect(ids.map(mappingOf).find((each) => each.ApiMappingKey === undefined)).toMatchObject({
    Stage: { Ref: "TestStage" },
  });
  expect(properties(template, "Api")).toMatchObject({
    DisableExecuteApiEndpoint: true,
    IpAddressType: "dualstack",
  });
});

test("rejects two parts with the same logical id", () => {
  const routes = { ordersApiConnect: { function: "talk" } };

  expect(() =>
    templateOf(shop({ chat: { ...chatV1, routes }, orders: { ...orders, stages: { live: {} } } })),
  ).toThrow("Two parts of the project would both be OrdersApiConnectIntegration in the stack");
});

test("APIs of one project are described together", () => {
  expect(templateOf(twoApis).Description).toBe("The WebSocket APIs of shop");
  expect(templateOf({ ...twoApis, description: "A shop" }).Description).toBe("A shop");
  expect(Object.keys(projectOf(sample).apis)).toEqual(["chat"]);
});
