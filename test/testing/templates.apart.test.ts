import { existsSync } from "node:fs";
import { expect, onTestFinished, test, vi } from "vitest";
import { type GatewaySource, startGateway } from "../../src/testing/index.ts";
import { project } from "../readers/projects.ts";
import { temporaryDirectory } from "../temporary-directory.ts";

const TEMPLATE = `
Transform: AWS::Serverless-2016-10-31
Parameters:
  Greeting: { Type: String, Default: hello }
Resources:
  Chat:
    Type: AWS::Serverless::WebSocketApi
    Properties:
      RouteSelectionExpression: $request.body.action
      Routes:
        hello: { FunctionArn: !GetAtt Hello.Arn, RouteResponseSelectionExpression: $default }
  Hello:
    Type: AWS::Serverless::Function
    Properties:
      Handler: app.handler
      Runtime: nodejs20.x
      Environment: { Variables: { GREETING: !Ref Greeting } }
`;

async function answer(source: GatewaySource): Promise<unknown> {
  const gateway = await startGateway(source);
  onTestFinished(() => gateway.stop());
  const client = await gateway.connect();
  client.sendJson({ action: "hello" });
  return client.next();
}

test("starts a gateway from a template, by its path or with parameters, and writes nothing next to it", async () => {
  const stateDir = temporaryDirectory();
  const { path } = project({
    "template.yaml": TEMPLATE,
    "app.ts":
      "export const handler = async () => ({ statusCode: 200, body: process.env.GREETING });",
  });
  const template = path("template.yaml");
  vi.stubEnv("XDG_CACHE_HOME", temporaryDirectory());
  onTestFinished(() => {
    vi.unstubAllEnvs();
  });

  expect(await answer(template)).toBe("hello");
  expect(await answer({ template, parameters: { Greeting: "moin" }, stateDir })).toBe("moin");
  expect(existsSync(path(".wsgw"))).toBe(false);
});
