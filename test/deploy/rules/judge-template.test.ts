import { expect, test } from "vitest";
import { judgeTemplate } from "../../../src/deploy/rules/judge-template.ts";
import type { JsonObject } from "../../../src/deploy/template/model.ts";
import { Origins } from "../../../src/readers/cloudformation/rules/origins.ts";
import type { Finding } from "../../../src/readers/cloudformation/rules/report.ts";

/** What is found in a template, each finding as a string with its path and problem. */
function judged(template: JsonObject, given: Readonly<Record<string, string>> = {}) {
  const origins = new Origins();
  noteAll(origins, template, []);
  const by = { origins, given, stackName: "chat", region: "us-east-1", accountId: "1" };
  const found = judgeTemplate(template, by);
  const shown = (findings: readonly Finding[]) =>
    findings.map(
      ({ severity, origin, problem }) => `${severity} ${origin?.path.join(".")}: ${problem}`,
    );
  return {
    closedRuntimes: shown(found.closedRuntimes),
    falseConditions: found.falseConditions,
    misleadingRoutes: shown(found.misleadingRoutes),
    withoutValue: shown(found.withoutValue),
  };
}

function noteAll(origins: Origins, node: unknown, path: readonly string[]): void {
  if (typeof node !== "object" || node === null) return;
  origins.note(node, { file: "/template.yaml", line: 1, column: 1, path: [...path] });
  for (const [key, value] of Object.entries(node)) noteAll(origins, value, [...path, key]);
}

test("an empty template has no findings", () => {
  expect(judged({})).toEqual({
    falseConditions: [],
    closedRuntimes: [],
    misleadingRoutes: [],
    withoutValue: [],
  });
});

const equal = (name: string, value: string) => ({ "Fn::Equals": [{ Ref: name }, value] });

test("names parameters without a value, and conditions that cannot hold", () => {
  const template = {
    Parameters: {
      Stage: { Type: "String", Default: "dev" },
      Domain: { Type: "String" },
      Given: { Type: "String" },
    },
    Conditions: {
      IsDev: equal("Stage", "dev"),
      IsLive: equal("Stage", "live"),
      IsGiven: equal("Given", "a"),
      HasDomain: { "Fn::Not": [equal("Domain", "")] },
      IsBoth: { "Fn::And": [{ Condition: "IsLive" }, { Condition: "HasDomain" }] },
      InText: { "Fn::Equals": [{ "Fn::Sub": "a-${Domain}" }, "b"] },
      IsHere: equal("AWS::Region", "us-east-1"),
      IsElsewhere: equal("AWS::Region", "eu-west-1"),
    },
  };

  expect(judged(template, { Given: "b" })).toMatchObject({
    falseConditions: ["IsLive", "IsGiven", "IsElsewhere"],
    withoutValue: [
      "warning Parameters.Domain: has no default and no value. Deploy with --parameter Domain=VALUE, or set it in parameter_overrides of samconfig.toml.",
    ],
  });
});

const lambda = (Type: string, Properties: JsonObject, more: JsonObject = {}) => ({
  Type,
  Properties,
  ...more,
});

test("warns of each runtime that Lambda rejects, at its place", () => {
  const rejected = "Lambda rejects new functions with nodejs16.x; use nodejs24.x.";
  const old = { Runtime: "nodejs16.x" };
  const template = {
    Parameters: { Runtime: { Type: "String", Default: "python3.8" } },
    Conditions: { Never: { "Fn::Equals": ["a", "b"] } },
    Globals: { Function: { ...old } },
    Resources: {
      Old: lambda("AWS::Lambda::Function", old),
      ByParameter: lambda("AWS::Lambda::Function", { Runtime: { Ref: "Runtime" } }),
      New: lambda("AWS::Lambda::Function", { Runtime: "nodejs24.x" }),
      Image: lambda("AWS::Lambda::Function", {}),
      Unknown: lambda("AWS::Lambda::Function", { Runtime: "cobol" }),
      Global: lambda("AWS::Serverless::Function", {}),
      GlobalToo: lambda("AWS::Serverless::Function", {}),
      Own: lambda("AWS::Serverless::Function", { Runtime: "nodejs24.x" }),
      Never: lambda("AWS::Lambda::Function", { ...old }, { Condition: "Never" }),
      Layer: lambda("AWS::Lambda::LayerVersion", { ...old }),
      Broken: "text",
    },
  };

  expect(judged(template).closedRuntimes).toEqual([
    `warning Resources.Old.Properties.Runtime: ${rejected}`,
    "warning Resources.ByParameter.Properties.Runtime: Lambda rejects new functions with python3.8; use python3.14.",
    `warning Globals.Function.Runtime: ${rejected}`,
  ]);
});

const DEFAULT =
  'only messages select the route "default". API Gateway invokes "$default" for messages that select no other route. Write that if you mean it.';
const EXPRESSION =
  '"action" does not contain a variable, so every message selects the route with that name. Write it like "$request.body.action".';

test("warns of route keys and expressions without their $", () => {
  const route = (api: string, RouteKey: string) =>
    lambda("AWS::ApiGatewayV2::Route", { ApiId: { Ref: api }, RouteKey });
  const api = (ProtocolType: string, RouteSelectionExpression: string) =>
    lambda("AWS::ApiGatewayV2::Api", { ProtocolType, RouteSelectionExpression });
  const template = {
    Resources: {
      Chat: api("WEBSOCKET", "action"),
      Right: api("WEBSOCKET", "$request.body.action"),
      Rest: api("HTTP", "action"),
      ChatDefault: route("Chat", "default"),
      RightDefault: route("Right", "default"),
      RightOwn: route("Right", "$default"),
      Sam: lambda("AWS::Serverless::WebSocketApi", {
        RouteSelectionExpression: "action",
        Routes: { default: {}, connect: {}, $connect: {} },
      }),
      Other: lambda("AWS::Other", { RouteSelectionExpression: "action", RouteKey: "default" }),
    },
  };

  expect(judged(template).misleadingRoutes).toEqual([
    `warning Resources.Chat.Properties.RouteSelectionExpression: ${EXPRESSION}`,
    `warning Resources.Sam.Properties.RouteSelectionExpression: ${EXPRESSION}`,
    `warning Resources.ChatDefault.Properties.RouteKey: ${DEFAULT}`,
    `warning Resources.Sam.Properties.Routes.default: ${DEFAULT}`,
  ]);
});
