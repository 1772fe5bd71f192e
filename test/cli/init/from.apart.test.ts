import { execFileSync } from "node:child_process";
import { cpSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test, vi } from "vitest";
import { project } from "../../readers/projects.ts";
import { temporaryFolder } from "../../temporary-folder.ts";
import { runMain } from "../run-main.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));

function copyOf(name: string): string {
  vi.stubEnv("XDG_CACHE_HOME", temporaryFolder());
  onTestFinished(() => {
    vi.unstubAllEnvs();
  });
  const cwd = join(temporaryFolder(), name);
  cpSync(join(root, "fixtures/projects", name), cwd, { recursive: true });
  return cwd;
}

/** What wsgw makes of its own for a role, what the config file leaves out, and names that depend on the stack's. */
const APART = new Set([
  ...["permissions", "managedPolicies", "unknownRole", "url", "undeployable"],
  ...["triggers", "httpApis", "notServed", "unservedTables", "failsOnAws"],
]);

async function described(cwd: string, options: readonly string[]): Promise<object> {
  const { exitCode, out } = await runMain(["describe", "--format", "json", ...options], { cwd });
  expect(exitCode).toBe(0);
  const { name: _, ...rest } = JSON.parse(out, (key, value) =>
    APART.has(key) ? undefined : value,
  );
  return rest;
}

/** Code of the template itself and of zip files has a folder of its own afterwards; layers are named by their folders. */
const withoutPlaces = (json: object): unknown =>
  JSON.parse(JSON.stringify(json), (key, value) => {
    if (key === "handler") return /[^/ ]+(?= in the inline|$)/.exec(value)?.[0];
    return typeof value === "string" ? value.replace(/^\w+Layer \((.+)\)$/, "$1") : value;
  });

test.each([
  ["simple-chat", "template.yaml"],
  ["typed-rooms", "template.yml"],
  ["half-here", "template.yaml"],
  ["support-desk", "template.json"],
  ["nested-board", "cloudformation.json"],
  ["price-alerts", "template.yaml"],
  ["two-lobbies", "template.yml"],
  ["votes", "backend/template.yaml"],
  ["lobby-terraform", "main.tf"],
  ["poll-terraform", "infra/main.tf"],
  ["guestbook-state", "state.json"],
])("%s: the config file describes what %s does, and is formatted", async (name, from) => {
  const cwd = copyOf(name);
  const before = await described(cwd, ["-t", from]);

  const { exitCode, err } = await runMain(["init", "--from", from], { cwd });

  expect({ exitCode, err }).toEqual({ exitCode: 0, err: "" });
  const config = join(cwd, from, "../wsgw.config.ts");
  expect(withoutPlaces(await described(cwd, ["-c", config]))).toEqual(withoutPlaces(before));
  const text = readFileSync(config, "utf8");
  const biome = join(root, "node_modules/.bin/biome");
  const stdin = ["format", "--stdin-file-path=wsgw.config.ts"];
  expect(execFileSync(biome, stdin, { cwd: root, input: text, encoding: "utf8" })).toBe(text);
});

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
    err: expect.stringContaining("FOLDER has no effect with --from. Omit it."),
  });
  expect(await runMain(["init", "--from", "wsgw.config.ts"], { cwd })).toMatchObject({
    exitCode: 1,
    err: expect.stringContaining("wsgw.config.ts is already a config file of wsgw."),
  });
});
