import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { project } from "../../readers/projects.ts";
import { runMain } from "../run-main.ts";
import { expectTheSame } from "./from-projects.ts";

// The other projects are in from.journey.test.ts.
test.each([["support-desk", "template.json"]])(
  "%s: the config file describes what %s does, and is formatted",
  expectTheSame,
);

const TEMPLATE = `
Resources:
  Api:
    Type: AWS::ApiGatewayV2::Api
    Properties: { Name: chat, ProtocolType: WEBSOCKET, RouteSelectionExpression: $request.body.action }
  Stage:
    Type: AWS::ApiGatewayV2::Stage
    Properties: { ApiId: !Ref Api, StageName: dev }
  Integration:
    Type: AWS::ApiGatewayV2::Integration
    Properties: { ApiId: !Ref Api, IntegrationType: AWS_PROXY, IntegrationUri: !GetAtt Send.Arn }
  Route:
    Type: AWS::ApiGatewayV2::Route
    Properties: { ApiId: !Ref Api, RouteKey: send, Target: !Sub "integrations/\${Integration}" }
  Role:
    Type: AWS::IAM::Role
    Properties:
      Policies:
        - PolicyName: own
          PolicyDocument:
            Statement:
              - { Effect: Allow, Action: "dynamodb:*", Resource: "*" }
              - { Effect: Allow, Action: sqs:SendMessage, Resource: !GetAtt Jobs.Arn }
  Jobs: { Type: AWS::SQS::Queue, Properties: { QueueName: jobs } }
  Send:
    Type: AWS::Lambda::Function
    Properties:
      Code: { ZipFile: "exports.handler = async () => ({});" }
      Handler: index.handler
      Runtime: nodejs24.x
      Role: !GetAtt Role.Arn
      Environment:
        Variables:
          URL: !Sub "https://\${Api}.execute-api.\${AWS::Region}.amazonaws.com/dev"
          SELF: !Ref Send`;

test("values become references, and inline code moves next to the config file", async () => {
  const { root: cwd, path } = project({ "template.yaml": TEMPLATE });

  const { out } = await runMain(["init", "--from", "template.yaml"], { cwd });

  expect(readFileSync(path("wsgw.config.ts"), "utf8")).toContain(`
export default defineApi({
  name: "chat",
  routeSelectionExpression: "$request.body.action",
  stage: { name: "dev" },
  functions: {
    Send: {
      handler: "index.handler",
      runtime: "nodejs24.x",
      root: "functions/Send",
      environment: { URL: ref("api.chat.callbackUrl"), SELF: ref("function.Send.name") },
      roleStatements: [
        {
          Effect: "Allow",
          Action: "sqs:SendMessage",
          Resource: { join: ["arn:aws:sqs:", ref("region"), ":", ref("accountId"), ":jobs"] },
        },
      ],
    },
  },
  routes: {
    send: { function: "Send" },
  },
});`);
  expect(readFileSync(path("functions/Send/index.js"), "utf8")).toBe(
    "exports.handler = async () => ({});",
  );
  expect(out).toContain("✓ Wrote wsgw.config.ts, from template.yaml.\n    functions/Send");
});

test("nothing is overwritten without --force, and nothing written from what is faulty", async () => {
  const {
    root: cwd,
    path,
    write,
  } = project({ "template.yaml": TEMPLATE, "wsgw.config.ts": "mine" });
  const init = (...more: readonly string[]) =>
    runMain(["init", "--from", "template.yaml", ...more], { cwd });

  expect(await init()).toMatchObject({
    exitCode: 1,
    err: expect.stringContaining("wsgw.config.ts"),
  });
  expect(readFileSync(path("wsgw.config.ts"), "utf8")).toBe("mine");
  expect(await init("--force")).toMatchObject({ exitCode: 0 });
  expect(readFileSync(path("wsgw.config.ts"), "utf8")).toContain("defineApi");

  const other = project({ "template.yaml": TEMPLATE.replace("dev }", "a/b }") });
  const refused = await runMain(["init", "--from", "template.yaml"], { cwd: other.root });
  expect(refused).toMatchObject({ exitCode: 1, err: expect.stringContaining("template.yaml:8:") });
  expect(existsSync(other.path("wsgw.config.ts"))).toBe(false);
  write("wsgw.config.json", "{}");
  expect(await init("--force")).toMatchObject({ exitCode: 1 });
});

test("--from takes no options of a new project, and no config file", async () => {
  const { root: cwd } = project({ "wsgw.config.ts": "" });

  expect(await runMain(["init", "chat", "--from", "template.yaml"], { cwd })).toMatchObject({
    exitCode: 1,
    err: expect.stringContaining("DIRECTORY has no effect with --from. Omit it."),
  });
  expect(await runMain(["init", "--from", "wsgw.config.ts"], { cwd })).toMatchObject({
    exitCode: 1,
    err: expect.stringContaining("wsgw.config.ts is already a config file of wsgw."),
  });
});
