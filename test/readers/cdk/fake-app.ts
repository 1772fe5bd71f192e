import { project } from "../projects.ts";

/** An assembly as the CDK writes it, of one stack with a WebSocket API whose only function answers `mood`. */
const APP = `
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as settings from "./lib/mood.mjs";

const { mood, missing = [], wait } = settings;
const out = process.env.CDK_OUTDIR;
mkdirSync(out, { recursive: true });
const write = (name, value) => writeFileSync(join(out, name), JSON.stringify(value, undefined, 1));
if (wait) {
  writeFileSync(wait, String(process.pid));
  while (existsSync(wait)) await new Promise((resolve) => setTimeout(resolve, 10));
}
const Type = "AWS::ApiGatewayV2";
const ApiId = { Ref: "Api" };
const answer = \`exports.handler = async () => ({ statusCode: 200, body: process.env.MOOD });\`;
write("Chat.template.json", {
  Resources: {
    Api: { Type: Type + "::Api", Properties: { Name: "chat", ProtocolType: "WEBSOCKET", RouteSelectionExpression: "$request.body.action" } },
    Stage: { Type: Type + "::Stage", Properties: { ApiId, StageName: "dev", AutoDeploy: true } },
    Ask: {
      Type: "AWS::Lambda::Function",
      Properties: {
        Code: { ZipFile: answer },
        Handler: "index.handler",
        Runtime: "nodejs22.x",
        Environment: { Variables: { MOOD: mood, SYNTH: JSON.stringify(JSON.parse(process.env.CDK_CONTEXT_JSON)), KEYS: process.env.AWS_ACCESS_KEY_ID ?? "none" } },
      },
    },
    May: { Type: "AWS::Lambda::Permission", Properties: { Action: "lambda:InvokeFunction", FunctionName: { Ref: "Ask" }, Principal: "apigateway.amazonaws.com" } },
    Route: { Type: Type + "::Route", Properties: { ApiId, RouteKey: "ask", RouteResponseSelectionExpression: "$default", Target: { "Fn::Join": ["", ["integrations/", { Ref: "Integration" }]] } } },
    Integration: { Type: Type + "::Integration", Properties: { ApiId, IntegrationType: "AWS_PROXY", IntegrationUri: { "Fn::GetAtt": ["Ask", "Arn"] } } },
    Back: { Type: Type + "::RouteResponse", Properties: { ApiId, RouteId: { Ref: "Route" }, RouteResponseKey: "$default" } },
  },
});
write("cdk.out", { version: "55.0.0" });
write("manifest.json", {
  version: "55.0.0",
  missing: missing.map((key) => ({ key })),
  artifacts: { Chat: { type: "aws:cloudformation:stack", environment: "aws://unknown-account/unknown-region", properties: { templateFile: "Chat.template.json" } } },
});
`;

export const moodIs = (mood: string, more = ""): string =>
  `export const mood = "${mood}";\n${more}\n`;

/** A project whose command synthesises without the CDK. */
export function fakeApp(files: Readonly<Record<string, string>> = {}) {
  return project({
    "cdk.json": '{ "app": "node bin/app.mjs", "context": { "colour": "red" } }',
    "bin/app.mjs": APP.replace("./lib/", "../lib/"),
    "lib/mood.mjs": moodIs("calm"),
    ...files,
  });
}
