import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import type { Json, JsonObject, Resource, Template } from "../../../src/deploy/template.ts";
import { sample, templateOf } from "../apis.ts";
import { isInstalled } from "./judge.ts";

const script = fileURLToPath(new URL("expand.py", import.meta.url));

const definition = {
  ...sample,
  routes: {
    ...sample.routes,
    join: { function: "connect", integrationTimeout: 5000, routeResponse: true },
  },
  stage: { name: "v1", variables: { level: "debug" } },
};

/** The same API in SAM's words. */
const inSam = {
  Transform: "AWS::Serverless-2016-10-31",
  Resources: {
    ...Object.fromEntries(
      ["Connect", "Disconnect", "Sendmessage"].map((name) => [
        `${name}Function`,
        { Type: "AWS::Lambda::Function", Properties: {} },
      ]),
    ),
    Api: {
      Type: "AWS::Serverless::WebSocketApi",
      Properties: {
        Name: "chat",
        Description: definition.description,
        RouteSelectionExpression: "$request.body.message",
        StageName: "v1",
        StageVariables: { level: "debug" },
        Routes: {
          $connect: { FunctionArn: arnOf("ConnectFunction"), OperationName: "ConnectRoute" },
          $disconnect: {
            FunctionArn: arnOf("DisconnectFunction"),
            OperationName: "DisconnectRoute",
          },
          sendmessage: { FunctionArn: arnOf("SendmessageFunction"), OperationName: "SendRoute" },
          join: {
            FunctionArn: arnOf("ConnectFunction"),
            IntegrationTimeout: 5000,
            RouteResponseSelectionExpression: "$default",
          },
        },
      },
    },
  },
};

function arnOf(id: string): Json {
  return { "Fn::GetAtt": [id, "Arn"] };
}

test.skipIf(!isInstalled("python3", "-c", "import samtranslator"))(
  "the API has the shape that the SAM translator, where it is installed, gives it",
  () => {
    const { stdout, stderr } = spawnSync("python3", [script], { input: JSON.stringify(inSam) });
    expect(stdout.length, String(stderr)).toBeGreaterThan(0);
    const expanded: Template = JSON.parse(String(stdout));

    const ours = shapeOf(templateOf(definition, true));

    expect(ours).toEqual(shapeOf(expanded));
    expect(ours.filter((text) => text.startsWith("AWS::ApiGatewayV2::Route "))).toHaveLength(4);
  },
  30_000,
);

const COMPARED = /^AWS::(ApiGatewayV2::(Api|Integration|Route|Stage)|Lambda::Permission)$/;

/** What one of the two writes down although the service would take the same without it, and SAM's mark. */
const DEFAULTS: Readonly<Record<string, readonly Json[]>> = {
  AuthorizationType: ["NONE"],
  IntegrationMethod: ["POST"],
  TimeoutInMillis: [29_000],
  Tags: [{ "websocketapi:createdBy": "SAM" }],
};

/** Each resource as one line, with what it refers to in place of its logical ids. */
function shapeOf(template: Template): readonly string[] {
  return Object.values(template.Resources)
    .filter(({ Type }) => COMPARED.test(Type))
    .map((resource) => `${resource.Type} ${JSON.stringify(plain(resource, template))}`)
    .sort();
}

function plain({ Properties = {} }: Resource, template: Template): Json {
  const entries = Object.entries(Properties)
    .filter(([name, value]) => !DEFAULTS[name]?.some((each) => same(each, value)))
    .map(([name, value]) => [name, resolved(value, template)] as const)
    .sort(([left], [right]) => (left < right ? -1 : 1));
  return Object.fromEntries(entries);
}

function same(left: Json, right: Json): boolean {
  return JSON.stringify(left) === JSON.stringify(right);
}

/** Intrinsic functions as text: a reference is told by what it leads to. */
function resolved(value: Json, template: Template): Json {
  if (Array.isArray(value)) return value.map((item: Json) => resolved(item, template));
  if (typeof value !== "object" || value === null) return value;
  const { Ref, "Fn::GetAtt": attribute, "Fn::Sub": sub, "Fn::Join": join } = value as JsonObject;
  if (typeof Ref === "string") return `<${told(Ref, template)}>`;
  if (Array.isArray(attribute)) return `<${told(String(attribute[0]), template)}.${attribute[1]}>`;
  if (Array.isArray(join)) {
    return (resolved(join[1], template) as readonly Json[]).join(String(join[0]));
  }
  if (sub !== undefined) {
    const [text, map] = Array.isArray(sub) ? sub : [sub, {}];
    return String(text).replace(/\$\{([^}]+)\}/g, (_, name: string) => {
      if (name in map) return String(resolved(map[name], template));
      if (name.startsWith("AWS::")) return `<${name}>`;
      const [id = "", ...rest] = name.split(".");
      // The id of an API is what Ref gives, too.
      const attribute = rest.length === 0 || rest[0] === "ApiId" ? "" : `.${rest.join(".")}`;
      return `<${told(id, template)}${attribute}>`;
    });
  }
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, resolved(item, template)]),
  );
}

/** Functions by name, for both sides name them alike; integrations by their function. */
function told(id: string, template: Template): string {
  const { Type, Properties = {} } = template.Resources[id] ?? { Type: id };
  if (Type === "AWS::Lambda::Function") return id;
  if (Type !== "AWS::ApiGatewayV2::Integration") return Type;
  return `integration ${JSON.stringify(plain({ Type, Properties }, template))}`;
}
