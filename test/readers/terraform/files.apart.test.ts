import { renameSync, unlinkSync } from "node:fs";
import { expect, onTestFinished, test } from "vitest";
import { type DevSession, startDev } from "../../../src/emulator/dev.ts";
import {
  type LoadOptions,
  loadDefinition,
  loadProject,
} from "../../../src/emulator/load-project.ts";
import { temporaryDirectory } from "../../temporary-directory.ts";
import { project } from "../projects.ts";

/** A project with one route, in HCL. */
const MAIN = `
variable "mood" {
  default = "calm"
}
locals {
  name  = "chat"
  other = "kept"
}
resource "aws_apigatewayv2_api" "chat" {
  name                       = local.name
  protocol_type              = "WEBSOCKET"
  route_selection_expression = "$request.body.action"
}
resource "aws_apigatewayv2_stage" "dev" {
  api_id = aws_apigatewayv2_api.chat.id
  name   = "dev"
}
resource "aws_apigatewayv2_integration" "send" {
  api_id           = aws_apigatewayv2_api.chat.id
  integration_type = "AWS_PROXY"
  integration_uri  = aws_lambda_function.send.invoke_arn
}
resource "aws_apigatewayv2_route" "send" {
  api_id    = aws_apigatewayv2_api.chat.id
  route_key = "send"
  target    = "integrations/\${aws_apigatewayv2_integration.send.id}"
}
resource "aws_lambda_function" "send" {
  function_name = "send"
  filename      = "app.js"
  handler       = "app.handler"
  runtime       = "nodejs22.x"
  timeout       = 5
  role          = "arn:aws:iam::123456789012:role/app"
  environment {
    variables = { MOOD = var.mood, OTHER = local.other }
  }
}
`;

/** The same, as JSON. */
const MAIN_JSON = {
  "//": "written by a program",
  variable: {
    mood: { default: "calm", type: "string" },
    seconds: { type: "list(number)", default: [5] },
  },
  locals: [{ name: "chat" }, { other: "kept" }],
  resource: {
    aws_apigatewayv2_api: {
      chat: {
        name: "${local.name}",
        protocol_type: "WEBSOCKET",
        route_selection_expression: "$request.body.action",
      },
    },
    aws_apigatewayv2_stage: { dev: { api_id: "${aws_apigatewayv2_api.chat.id}", name: "dev" } },
    aws_apigatewayv2_integration: {
      send: {
        api_id: "${aws_apigatewayv2_api.chat.id}",
        integration_type: "AWS_PROXY",
        integration_uri: "${aws_lambda_function.send.invoke_arn}",
      },
    },
    aws_apigatewayv2_route: {
      send: {
        api_id: "${aws_apigatewayv2_api.chat.id}",
        route_key: "send",
        target: '${join("/", ["integrations", aws_apigatewayv2_integration.send.id])}',
      },
    },
    aws_lambda_function: {
      send: [
        {
          function_name: "send",
          filename: "app.js",
          handler: "app.handler",
          runtime: "nodejs22.x",
          timeout: "${var.seconds[0]}",
          role: "arn:aws:iam::123456789012:role/app",
          environment: { variables: { MOOD: "${var.mood}", OTHER: "${local.other}" } },
        },
      ],
    },
  },
};

type Files = Readonly<Record<string, string>>;

async function load(files: Files, more: Partial<LoadOptions> = {}) {
  const { root } = project({ "app.js": "exports.handler = async () => ({});", ...files });
  const template = Object.hasOwn(files, "main.tf") ? "main.tf" : "main.tf.json";
  const options = { cwd: root, stateDir: temporaryDirectory(), template, ...more };
  const { project: read, source } = await loadProject(options);
  return { read, source, send: read.functions.send };
}

const faultsOf = (...parameters: Parameters<typeof load>): Promise<string> =>
  load(...parameters).then(
    () => "none",
    (error: Error) => error.message,
  );

test("main.tf.json says the same as main.tf", async () => {
  const hcl = await load({ "main.tf": MAIN });
  const json = await load({ "main.tf.json": JSON.stringify(MAIN_JSON, undefined, 2) });
  const line = await load({ "main.tf.json": JSON.stringify(MAIN_JSON) });

  expect(json.read.apis).toEqual(hcl.read.apis);
  expect(json.send).toMatchObject({ timeout: 5, environment: { MOOD: "calm", OTHER: "kept" } });
  expect(json.send?.environment).toEqual(hcl.send?.environment);
  expect(line.send).toEqual(json.send);
});

test("a project in JSON is found by itself", async () => {
  const { root } = project({
    "app.js": "exports.handler = async () => ({});",
    "main.tf.json": JSON.stringify(MAIN_JSON),
  });

  const { file, source } = await loadDefinition({ cwd: root, stateDir: temporaryDirectory() });

  expect([file, source.kind]).toEqual([`${root}/main.tf.json`, "terraform"]);
});

test("dynamic blocks in JSON are blocks", async () => {
  const table = {
    name: "rooms",
    billing_mode: "PAY_PER_REQUEST",
    hash_key: "id",
    dynamic: {
      attribute: {
        for_each: ["id", "day"],
        iterator: "each_name",
        content: { name: "${each_name.value}", type: "S" },
      },
      global_secondary_index: {
        for_each: ["day"],
        content: [
          { name: "${global_secondary_index.value}", hash_key: "day", projection_type: "ALL" },
        ],
      },
    },
  };
  const tables = JSON.stringify({ resource: { aws_dynamodb_table: { rooms: table } } });

  const { read } = await load({ "main.tf": MAIN, "tables.tf.json": tables });

  expect(read.tables.rooms?.indexes).toMatchObject({ day: { partitionKey: { name: "day" } } });
});

test("faults in JSON have their line and column", async () => {
  const { variable: _, ...without } = MAIN_JSON;

  const faults = await faultsOf({ "main.tf.json": JSON.stringify(without, undefined, 2) });

  expect(faults).toContain("main.tf.json:46:22: ");
  expect(await faultsOf({ "main.tf.json": '{\n  "locals": 1\n}' })).toContain(
    "main.tf.json:2:13: expected an object.",
  );
});

test("override files replace attributes and blocks, in the order of their names", async () => {
  const { read, send } = await load({
    "main.tf": MAIN,
    "a_override.tf": `
variable "mood" {
  default = "glad"
}
locals {
  name = "overridden"
}
resource "aws_lambda_function" "send" {
  timeout = 7
  environment {
    variables = { MOOD = var.mood, NEW = "yes" }
  }
}`,
    "override.tf": 'resource "aws_lambda_function" "send" {\n  timeout = 9\n}\n',
    "z_override.tf.json":
      '{ "resource": { "aws_lambda_function": { "send": { "memory_size": 256 } } } }',
  });

  expect(read.apis.chat?.name).toBe("overridden");
  expect(send).toMatchObject({ timeout: 9, memory: 256 });
  expect(send?.environment).toMatchObject({ MOOD: "glad", NEW: "yes" });
  expect(send?.environment).not.toHaveProperty("OTHER");
});

test("faults of override files name these", async () => {
  const override = 'resource "aws_lambda_function" "send" {\n  timeout = var.none\n}\n';
  expect(await faultsOf({ "main.tf": MAIN, "override.tf": override })).toMatch(
    /^override\.tf:2:13: /m,
  );
  const missing = 'resource "aws_lambda_function" "gone" {\n  timeout = 1\n}\n';
  expect(await faultsOf({ "main.tf": MAIN, "override.tf": missing })).toContain(
    "override.tf:1:1: resource.aws_lambda_function.gone does not exist, so it cannot be overridden.",
  );
});

const withRemote = (config: string, variables: string) =>
  `${MAIN.replace("OTHER = local.other", variables)}
data "terraform_remote_state" "net" {
  ${config}
}
`;

test("says how to give an output of another project, and takes it", async () => {
  const main = withRemote(
    'backend = "s3"',
    "TABLE = data.terraform_remote_state.net.outputs.table, AGAIN = data.terraform_remote_state.net.outputs.table, VPC = data.terraform_remote_state.net.outputs.vpc.id",
  );
  const name = "data.terraform_remote_state.net.outputs";

  const { source } = await load({ "main.tf": main });
  const { send } = await load(
    { "main.tf": main },
    { parameters: { [`${name}.table`]: "rooms", [`${name}.vpc`]: '{ "id": "vpc-1" }' } },
  );

  const remark = `Set its value with --parameter-overrides "${name}.table=VALUE"`;
  expect(source.remarks.filter((each) => each.includes(remark))).toHaveLength(1);
  expect(send?.environment).toMatchObject({ TABLE: "rooms", AGAIN: "rooms", VPC: "vpc-1" });
});

test("reads outputs of another project from a state on this disk, else their defaults", async () => {
  const { send } = await load({
    "main.tf": withRemote(
      'backend = "local"\n  config = { path = "net.tfstate" }\n  defaults = { size = "small" }',
      "TABLE = data.terraform_remote_state.net.outputs.table, SIZE = data.terraform_remote_state.net.outputs.size",
    ),
    "net.tfstate":
      '{ "version": 4, "outputs": { "table": { "value": "rooms", "type": "string" } } }',
  });

  expect(send?.environment).toMatchObject({ TABLE: "rooms", SIZE: "small" });
});

/** The next change of the definition, when `act` has been done. */
function afterChange(session: DevSession, act: () => void): Promise<string> {
  return new Promise((resolve) => {
    const unsubscribe = session.journal.subscribe((entry) => {
      if (entry.type !== "project.changed") return;
      unsubscribe();
      resolve(entry.file);
    });
    act();
  });
}

test("a new file is live, and so is one that goes", async () => {
  const { root, path } = project({
    "app.js": "exports.handler = async () => ({});",
    "main.tf": MAIN,
    "waiting.txt": `
resource "aws_apigatewayv2_route" "again" {
  api_id    = aws_apigatewayv2_api.chat.id
  route_key = "again"
  target    = "integrations/\${aws_apigatewayv2_integration.send.id}"
}`,
  });
  const session = await startDev({
    cwd: root,
    port: 0,
    template: "main.tf",
    stateDir: temporaryDirectory(),
  });
  onTestFinished(() => session.stop());
  const routes = () => Object.keys(session.project.apis.chat?.routes ?? {});
  expect(routes()).toEqual(["send"]);

  await afterChange(session, () => renameSync(path("waiting.txt"), path("again.tf")));
  expect(routes().sort()).toEqual(["again", "send"]);
  await afterChange(session, () => unlinkSync(path("again.tf")));

  expect(routes()).toEqual(["send"]);
});
