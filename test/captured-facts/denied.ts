import { expect } from "vitest";
import { project } from "../readers/projects.ts";
import type { CapturedFact } from "./fact.ts";
import { connected, eventsOf, expectAnswer, expectFrame, handshake, sceneOf } from "./scene.ts";

/** How API Gateway comes to a function: by a permission, by a role that is given, or not at all. */
type Way = "permission" | "missing alias" | "omitted" | "empty" | "untrusted" | "deny";

/** The ways of the functions of `$connect`, `$default` and the authorizer; without one it is a permission. */
type Ways = { readonly connect?: Way; readonly default?: Way; readonly check?: Way };

const resource = (Type: string, Properties: object) => ({ Type, Properties });

function uriOf(id: string, way?: Way): object {
  const alias = way === "missing alias" ? ":missing" : "";
  const functions = "arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions";
  return { "Fn::Sub": `${functions}/\${${id}.Arn}${alias}/invocations` };
}

function credentialsOf(way: Way): object | string | undefined {
  if (way === "deny") return { "Fn::GetAtt": ["Denying", "Arn"] };
  if (way === "untrusted") return { "Fn::GetAtt": ["Untrusted", "Arn"] };
  return way === "empty" ? "" : undefined;
}

function functionOf(id: string, way: Way): Readonly<Record<string, object>> {
  const permission = resource("AWS::Lambda::Permission", {
    FunctionName: { Ref: id },
    Action: "lambda:InvokeFunction",
    Principal: "apigateway.amazonaws.com",
    SourceArn: { "Fn::Sub": "arn:aws:execute-api:*:*:${Api}/*" },
  });
  return {
    [id]: resource("AWS::Lambda::Function", {
      Code: { ZipFile: "exports.handler = async () => ({ statusCode: 200 });" },
      Handler: "index.handler",
      Runtime: "nodejs24.x",
    }),
    ...(way === "missing alias" && {
      [`${id}Alias`]: resource("AWS::Lambda::Alias", {
        FunctionName: { Ref: id },
        FunctionVersion: "$LATEST",
        Name: "live",
      }),
    }),
    ...(way === "permission" && { [`${id}Permission`]: permission }),
  };
}

function routeOf(id: string, key: string, way: Way, more: object = {}) {
  const ApiId = { Ref: "Api" };
  return {
    ...functionOf(id, way),
    [`${id}Integration`]: resource("AWS::ApiGatewayV2::Integration", {
      ApiId,
      IntegrationType: "AWS_PROXY",
      IntegrationUri: uriOf(id, way),
      CredentialsArn: credentialsOf(way),
    }),
    [`${id}Route`]: resource("AWS::ApiGatewayV2::Route", {
      ApiId,
      RouteKey: key,
      Target: { "Fn::Sub": `integrations/\${${id}Integration}` },
      ...more,
    }),
  };
}

/** A template of plain CloudFormation. */
function templateOf({ connect = "permission", default: other = "permission", check }: Ways) {
  const ApiId = { Ref: "Api" };
  const authorized = { AuthorizationType: "CUSTOM", AuthorizerId: { Ref: "Who" } };
  const untrusting = { Effect: "Deny", Action: "sts:AssumeRole" };
  return {
    Resources: {
      Api: resource("AWS::ApiGatewayV2::Api", {
        Name: "probe",
        ProtocolType: "WEBSOCKET",
        RouteSelectionExpression: "$request.body.action",
      }),
      Stage: resource("AWS::ApiGatewayV2::Stage", { ApiId, StageName: "dev" }),
      Untrusted: resource("AWS::IAM::Role", {
        AssumeRolePolicyDocument: {
          Statement: [{ ...untrusting, Principal: { Service: "apigateway.amazonaws.com" } }],
        },
      }),
      Denying: resource("AWS::IAM::Role", {
        AssumeRolePolicyDocument: {
          Statement: [
            {
              Effect: "Allow",
              Action: "sts:AssumeRole",
              Principal: { Service: "apigateway.amazonaws.com" },
            },
          ],
        },
        Policies: [
          {
            PolicyName: "denies",
            PolicyDocument: {
              Statement: [{ Effect: "Deny", Action: "lambda:InvokeFunction", Resource: "*" }],
            },
          },
        ],
      }),
      ...routeOf("connect", "$connect", connect, check && authorized),
      ...routeOf("default", "$default", other),
      ...(check && {
        ...functionOf("check", check),
        Who: resource("AWS::ApiGatewayV2::Authorizer", {
          ApiId,
          Name: "who",
          AuthorizerType: "REQUEST",
          AuthorizerUri: uriOf("check"),
          AuthorizerCredentialsArn: credentialsOf(check),
        }),
      }),
    },
  };
}

function sceneWith(ways: Ways) {
  const { path } = project({ "template.json": JSON.stringify(templateOf(ways)) });
  return sceneOf({ template: path("template.json") });
}

/** What a fact says of its function, as a way. */
const WAYS: Readonly<Record<string, Ways>> = {
  "handshake-connect-not-invocable": { connect: "omitted" },
  "authorizer-not-invocable": { check: "omitted" },
  "authorizer-role-not-assumable": { check: "untrusted" },
};

/** A handshake for which API Gateway may not invoke a function. */
export async function deniedHandshake(fact: CapturedFact): Promise<void> {
  const scene = await sceneWith(WAYS[fact.id] ?? {});

  const { answer, known } = await handshake(scene);

  expectAnswer(answer, fact.expect, known, true);
  expect(eventsOf(scene)).toEqual([]);
}

/** A message for which API Gateway may not invoke a function. */
export async function deniedMessage(fact: CapturedFact): Promise<void> {
  const { integration, integrationCredentials } = fact.given as {
    readonly integration?: Way;
    readonly integrationCredentials?: Way;
  };
  const scene = await sceneWith({ default: integration ?? integrationCredentials ?? "permission" });
  const client = await connected(scene);

  client.wire.sendFrame(1, Buffer.from("any"));

  expectFrame(
    await client.wire.frame(),
    fact.expect.frame as Readonly<Record<string, unknown>>,
    client.known,
  );
  expect(eventsOf(scene)).toHaveLength(1); // that of $connect
  client.wire.sendFrame(9, Buffer.from("there?"));
  expect((await client.wire.frame()).opcode).toBe(10);
}

/** An integration whose role API Gateway does not take. */
export async function integrationAdmission(fact: CapturedFact): Promise<void> {
  const { CreateIntegration } = fact.request as { CreateIntegration: { CredentialsArn: string } };
  const ApiId = { Ref: "Api" };
  const { Resources: resources } = templateOf({});
  const queue = "arn:aws:apigateway:us-east-1:sqs:path/123456789012/q";
  const template = {
    Resources: {
      ...resources,
      Queue: resource("AWS::ApiGatewayV2::Integration", {
        ApiId,
        IntegrationType: "AWS",
        IntegrationUri: queue,
        ...CreateIntegration,
      }),
      QueueRoute: resource("AWS::ApiGatewayV2::Route", {
        ApiId,
        RouteKey: "queue",
        Target: { "Fn::Sub": "integrations/${Queue}" },
      }),
    },
  };
  const { path } = project({ "template.json": JSON.stringify(template) });

  await expect(sceneOf({ template: path("template.json") })).rejects.toThrow(
    String(fact.expect.message),
  );
}

/** A message whose integration leads to an alias that does not exist, as CloudWatch counts it. */
export async function missingAlias({ expect: wanted }: CapturedFact): Promise<void> {
  const { gateway, ...scene } = await sceneWith({ default: "missing alias" });
  const client = await connected({ gateway, ...scene });
  const before = gateway.metrics();
  client.wire.sendFrame(1, Buffer.from("any"));
  await client.wire.frame();

  const { MessageCount, ExecutionError, IntegrationLatency } = gateway.metrics();
  const { SampleCount } = IntegrationLatency;
  expect(wanted.metrics).toEqual({
    MessageCount: MessageCount - before.MessageCount,
    ExecutionError: ExecutionError - before.ExecutionError,
    IntegrationLatency: `${SampleCount - before.IntegrationLatency.SampleCount} sample`,
  });
}
