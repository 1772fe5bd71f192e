import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test, vi } from "vitest";
import { descriptionOf } from "../../../src/describe/describe.ts";
import { loadProject } from "../../../src/emulator/load-project.ts";
import { temporaryDirectory } from "../../temporary-directory.ts";
import { project } from "../projects.ts";

const API = `
resource "aws_apigatewayv2_api" "chat" {
  name                       = "chat"
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
resource "aws_lambda_permission" "send" {
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.send.arn
  principal     = "apigateway.amazonaws.com"
}
`;

const functionWith = (more: string) => `
data "archive_file" "code" {
  type        = "zip"
  source_file = "\${path.module}/app.js"
  output_path = "\${path.module}/app.zip"
}
resource "aws_lambda_function" "send" {
  function_name = "send"
  filename      = data.archive_file.code.output_path
  handler       = "app.handler"
  runtime       = "nodejs22.x"
  role          = "arn:aws:iam::123456789012:role/app"
  ${more}
}
`;

type Files = Readonly<Record<string, string>>;
type Options = { readonly parameters?: readonly string[]; readonly template?: string };

async function load(files: Files, options: Options = {}) {
  const { root } = project({ "app.js": "exports.handler = async () => ({});", ...files });
  return loadProject({
    cwd: root,
    stateDir: temporaryDirectory(),
    template: "main.tf",
    ...options,
  });
}

const faultsOf = (...parameters: Parameters<typeof load>): Promise<string> =>
  load(...parameters).then(
    () => "none",
    (error: Error) => error.message,
  );

async function environmentOf(variables: string, files: Files = {}, options: Options = {}) {
  const main = API + functionWith(`environment {\n variables = {\n${variables}\n}\n}`);
  const { project: read } = await load({ "main.tf": main, ...files }, options);
  return read.functions.send?.environment;
}

test("what refers to resources is what wsgw itself makes of them", async () => {
  const environment = await environmentOf(
    `API = aws_apigatewayv2_api.chat.api_endpoint
     URL = replace(aws_apigatewayv2_stage.dev.invoke_url, "wss", "https")
     QUEUE = aws_sqs_queue.jobs.url
     TOPIC = aws_sns_topic.news.arn
     ROLE = aws_iam_role.app.arn
     POOL = startswith(aws_cognito_user_pool.people.id, "us-east-1_")
     ACCOUNT = data.aws_caller_identity.me.account_id`,
    {
      "more.tf": `
        resource "aws_sqs_queue" "jobs" { name = "jobs" }
        resource "aws_sns_topic" "news" { name_prefix = "news-" }
        resource "aws_iam_role" "app" {
          name = "app"
          assume_role_policy = "{}"
        }
        resource "aws_cognito_user_pool" "people" { name = "people" }
        data "aws_caller_identity" "me" {}`,
    },
  );

  expect(environment).toEqual({
    API: expect.stringMatching(/^wss:\/\/\w{10}\.execute-api\.us-east-1\.amazonaws\.com$/),
    URL: expect.stringMatching(/^https:\/\/\w{10}\.execute-api\.us-east-1\.amazonaws\.com\/dev$/),
    QUEUE: "https://sqs.us-east-1.amazonaws.com/123456789012/jobs",
    TOPIC: expect.stringMatching(/^arn:aws:sns:us-east-1:123456789012:news-\w{8}$/),
    ROLE: "arn:aws:iam::123456789012:role/app",
    POOL: "true",
    ACCOUNT: "123456789012",
  });
});

test("variables take the command line, then the files of the project, then TF_VAR_, then their default", async () => {
  vi.stubEnv("TF_VAR_c", "environment");
  vi.stubEnv("TF_VAR_list", '["x", "y"]');
  onTestFinished(() => {
    vi.unstubAllEnvs();
  });
  const variables = ["a", "b", "c", "d"].map(
    (name) => `variable "${name}" { default = "default" }`,
  );
  const typed = `variable "list" { type = list(string) }
    variable "object" {
      type = object({ name = string, size = optional(number, 3) })
    }`;

  const environment = await environmentOf(
    'IN_A = var.a\nIN_B = var.b\nIN_C = var.c\nIN_D = var.d\nLIST = join("+", var.list)\nSIZE = "${var.object.name} ${var.object.size}"',
    {
      "variables.tf": `${variables.join("\n")}\n${typed}`,
      "terraform.tfvars": 'a = "file"\nb = "file"\nobject = { name = "n" }',
      "z.auto.tfvars.json": '{ "b": "later file" }',
    },
    { parameters: ["a=given"] },
  );

  expect(environment).toEqual({
    IN_A: "given",
    IN_B: "later file",
    IN_C: "environment",
    IN_D: "default",
    LIST: "x+y",
    SIZE: "n 3",
  });
});

test("the provider's region is the project's, and --region goes before it", async () => {
  const main = `${API}${functionWith("")}\nprovider "aws" {\n region = local.region\n}\nlocals {\n region = "eu-north-1"\n}`;

  expect((await load({ "main.tf": main })).project.region).toBe("eu-north-1");
});

test("faults are named with file, line and column, all at once", async () => {
  const main =
    API +
    functionWith(
      'timeout = var.seconds\n  memory_size = local.sizes["big"]\n  handler2 = made_up()',
    );
  const more = 'variable "seconds" {}\nlocals {\n  sizes = { small = 128 }\n}';

  expect(await faultsOf({ "main.tf": main, "more.tf": more })).toBe(
    `main.tf:38:13: aws_lambda_function.send.timeout: the variable seconds has no value. Set one in terraform.tfvars, as TF_VAR_seconds, or with --parameter-overrides seconds=VALUE.
main.tf:39:17: aws_lambda_function.send.memory_size: an object has no element "big".`,
  );
  expect(await faultsOf({ "main.tf": `${main}\nlocals {` })).toMatch(
    /^main\.tf:\d+:9: expected an attribute, a block or "}", found the end of the file\.$/,
  );
});

test("values that depend on themselves are a fault", async () => {
  const main = API + functionWith("timeout = local.a");

  expect(
    await faultsOf({ "main.tf": main, "l.tf": "locals {\n  a = local.b\n  b = local.a\n}" }),
  ).toMatch(/local\.a depends on itself\./);
  expect(
    await faultsOf({
      "main.tf": `${main}\nlocals {\n a = 3\n}\nmodule "m" {\n source = "./m"\n}`,
      "m/main.tf": 'module "m" {\n source = "../m"\n}',
    }),
  ).toMatch(/modules are nested too deeply/);
});

test("modules of terraform-aws-modules are read by their inputs", async () => {
  const { project: read, source } = await load({
    "main.tf": `
module "table" {
  source     = "terraform-aws-modules/dynamodb-table/aws"
  name       = "people"
  hash_key   = "id"
  range_key  = "at"
  attributes = [{ name = "id", type = "S" }, { name = "at", type = "N" }]
  ttl_enabled        = true
  ttl_attribute_name = "until"
}
module "send" {
  source                = "terraform-aws-modules/lambda/aws"
  version               = "~> 7.0"
  function_name         = "send"
  handler               = "app.handler"
  runtime               = "nodejs22.x"
  source_path           = "\${path.module}/"
  environment_variables = { TABLE = module.table.dynamodb_table_id }
  attach_policy_statements = true
  policy_statements = {
    table = { effect = "Allow", actions = ["dynamodb:PutItem"], resources = [module.table.dynamodb_table_arn] }
  }
  allowed_triggers = { gateway = { service = "apigateway", source_arn = "\${module.api.api_execution_arn}/*/*" } }
}
module "api" {
  source                     = "terraform-aws-modules/apigateway-v2/aws"
  version                    = "~> 5.0"
  name                       = "chat"
  protocol_type              = "WEBSOCKET"
  route_selection_expression = "$request.body.action"
  stage_name                 = "live"
  create_domain_name         = false
  authorizers = {
    pass = {
      authorizer_type  = "REQUEST"
      authorizer_uri   = module.send.lambda_function_invoke_arn
      identity_sources = ["route.request.querystring.pass"]
      name             = "pass"
    }
  }
  routes = {
    "$connect" = {
      authorization_type = "CUSTOM"
      authorizer_key     = "pass"
      integration        = { uri = module.send.lambda_function_invoke_arn }
    }
    "send" = { integration = { uri = module.send.lambda_function_invoke_arn, type = "AWS_PROXY" } }
  }
}`,
  });

  expect(read.functions.send).toMatchObject({
    handler: "app.handler",
    environment: { TABLE: "people" },
    permissions: {
      policies: { "send-0-policy": { Statement: [{ Action: ["dynamodb:PutItem"] }] } },
    },
  });
  expect(read.tables.table).toMatchObject({ name: "people", timeToLive: "until" });
  const { api } = read.apis;
  expect(Object.keys(api?.stages ?? {})).toEqual(["live"]);
  expect(api?.routes).toMatchObject({
    $connect: { authorizer: "api-pass-authorizer", integration: { function: "send" } },
    send: { integration: { function: "send" } },
  });
  expect(source.notServed).toEqual([]);
});

test("names modules that are not on this disk, and reads those that terraform init has fetched", async () => {
  const main = `${API}${functionWith("")}
module "queue" {
  source = "terraform-aws-modules/sqs/aws"
}
module "fetched" {
  source = "acme/table/aws"
}`;
  const { source, project: read } = await load({
    "main.tf": main,
    ".terraform/modules/modules.json": JSON.stringify({
      Modules: [
        {
          Key: "fetched",
          Source: "registry.terraform.io/acme/table/aws",
          Dir: ".terraform/modules/fetched",
        },
      ],
    }),
    ".terraform/modules/fetched/main.tf": `resource "aws_dynamodb_table" "this" {
      name = "fetched"
      hash_key = "id"
      attribute {
        name = "id"
        type = "S"
      }
    }`,
  });

  expect(source.remarks.filter((remark) => remark.includes("module"))).toEqual([
    "main.tf:41:1: module.queue: the module terraform-aws-modules/sqs/aws is not on this disk, so its resources are ignored. Run terraform init, or pass a plan with -t plan.json.",
  ]);
  expect(read.tables).toMatchObject({ fetched: { name: "fetched" } });
});

test("says in Terraform's words what API Gateway may not invoke", async () => {
  const main = (API + functionWith("")).replace(/resource "aws_lambda_permission"[^}]*}/, "");
  const { source } = await load({ "main.tf": main });

  expect(source.notServed).toMatchObject([
    {
      why: 'may not be invoked by API Gateway, so its calls fail with "Internal server error"',
      add: 'Add an aws_lambda_permission with function_name = "send", action = "lambda:InvokeFunction", principal = "apigateway.amazonaws.com" and source_arn = "${aws_apigatewayv2_api.chat.execution_arn}/*"',
    },
  ]);
});

test("triggers, policies that are attached, and what is left aside", async () => {
  const main = `${API}${functionWith("").replace('"arn:aws:iam::123456789012:role/app"', "aws_iam_role.app.arn")}
resource "aws_iam_role" "app" {
  name               = "app"
  assume_role_policy = jsonencode({ Statement = [] })
}
data "aws_iam_policy_document" "invoke" {
  statement {
    actions   = ["lambda:InvokeFunction"]
    resources = [aws_lambda_function.send.arn]
    condition {
      test     = "StringEquals"
      variable = "aws:RequestedRegion"
      values   = ["us-east-1"]
    }
  }
}
resource "aws_iam_policy" "invoke" {
  name   = "invoke"
  policy = data.aws_iam_policy_document.invoke.json
}
resource "aws_iam_role_policy_attachment" "invoke" {
  role       = aws_iam_role.app.name
  policy_arn = aws_iam_policy.invoke.arn
}
resource "aws_sqs_queue" "jobs" {
  name = "jobs"
}
resource "aws_lambda_event_source_mapping" "jobs" {
  event_source_arn = aws_sqs_queue.jobs.arn
  function_name    = aws_lambda_function.send.arn
  filter_criteria {
    filter {
      pattern = jsonencode({ body = { kind = ["mail"] } })
    }
  }
}
resource "aws_cloudwatch_event_rule" "hourly" {
  schedule_expression = "rate(1 hour)"
}
resource "aws_cloudwatch_event_target" "hourly" {
  rule = aws_cloudwatch_event_rule.hourly.name
  arn  = aws_lambda_function.send.arn
}
resource "aws_wafv2_web_acl" "shield" {
  name = "shield"
}
resource "random_id" "suffix" {
  byte_length = 4
}`;
  const loaded = await load({ "main.tf": main });
  const { source, project: read } = loaded;

  expect(source.triggers).toEqual([
    { kind: "queue", from: "jobs", function: "send", filters: ['{"body":{"kind":["mail"]}}'] },
    { kind: "schedule", from: "hourly-rule", function: "send", schedule: "rate(1 hour)" },
  ]);
  expect(read.functions.send?.permissions).toMatchObject({
    policies: {
      "invoke-policy": {
        Statement: [
          {
            Effect: "Allow",
            Action: ["lambda:InvokeFunction"],
            Resource: ["arn:aws:lambda:us-east-1:123456789012:function:send"],
            Condition: { StringEquals: { "aws:RequestedRegion": ["us-east-1"] } },
          },
        ],
      },
    },
  });
  expect(source.remarks.at(-1)).toBe(
    "2 resources are ignored: 1 of aws_wafv2_web_acl, 1 of random_id.",
  );
  expect(descriptionOf(read, source).apis).toHaveLength(1);
});

test("stages have their logs and whether routes are counted", async () => {
  const main = `${API}${functionWith("")}
resource "aws_apigatewayv2_stage" "logged" {
  api_id = aws_apigatewayv2_api.chat.id
  name   = "logged"
  access_log_settings {
    destination_arn = "arn:aws:logs:us-east-1:123456789012:log-group:access"
    format          = "$context.requestId"
  }
  default_route_settings {
    logging_level            = "ERROR"
    detailed_metrics_enabled = true
  }
  route_settings {
    route_key          = "send"
    logging_level      = "INFO"
    data_trace_enabled = true
  }
}`;
  const { project: read } = await load({ "main.tf": main });

  expect(read.apis.chat?.stages.logged).toMatchObject({
    accessLog: { format: "$context.requestId" },
    executionLog: { level: "ERROR", routes: { send: { level: "INFO", dataTrace: true } } },
    detailedMetrics: true,
  });
});

test("integrations with templates, their responses, and parameters of routes", async () => {
  const main = `${API}${functionWith("")}
resource "aws_apigatewayv2_integration" "ping" {
  api_id                        = aws_apigatewayv2_api.chat.id
  integration_type              = "MOCK"
  template_selection_expression = "\\\\$default"
  request_templates             = { "$default" = jsonencode({ statusCode = 200 }) }
}
resource "aws_apigatewayv2_integration_response" "ping" {
  api_id                   = aws_apigatewayv2_api.chat.id
  integration_id           = aws_apigatewayv2_integration.ping.id
  integration_response_key = "/200/"
  response_templates       = { "200" = "pong" }
}
resource "aws_apigatewayv2_route" "ping" {
  api_id                              = aws_apigatewayv2_api.chat.id
  route_key                           = "ping"
  target                              = "integrations/\${aws_apigatewayv2_integration.ping.id}"
  route_response_selection_expression = "$default"
}
resource "aws_apigatewayv2_route" "connect" {
  api_id    = aws_apigatewayv2_api.chat.id
  route_key = "$connect"
  target    = "integrations/\${aws_apigatewayv2_integration.send.id}"
  request_parameter {
    request_parameter_key = "route.request.querystring.name"
    required              = true
  }
}`;
  const { project: read, source } = await load({ "main.tf": main });

  expect(read.apis.chat?.routes).toMatchObject({
    ping: {
      integration: {
        type: "mock",
        requestTemplates: { $default: '{"statusCode":200}' },
        templateSelectionExpression: "\\$default",
        responses: { "/200/": { templates: { "200": "pong" } } },
      },
      routeResponse: true,
    },
    $connect: { requestParameters: { "route.request.querystring.name": { required: true } } },
  });
  expect(source.notServed).toEqual([]);
});

test("TypeScript runs from what tsc compiles, and what is not compiled from it as it is", async () => {
  const main = (source: string) =>
    (API + functionWith("")).replace('source_file = "${path.module}/app.js"', source);
  const files = {
    "tsconfig.json": '{ "compilerOptions": { "outDir": "build", "rootDir": "code" } }',
    "code/app.ts": "export const handler = async () => ({});",
    "build/other/app.js": "exports.handler = async () => ({});",
  };

  for (const [source, root] of [
    ['source_dir = "build"', "code"],
    ['source_file = "build/app.js"', "code"],
    ['source_dir = "build/other"', "build/other"],
  ] as const) {
    const { project: read } = await load({ ...files, "main.tf": main(source) });
    expect(read.functions.send?.root).toBe(root);
  }
});

test("code in S3 leads to the object that is put there, and an image is named", async () => {
  const withCode = (code: string) =>
    (API + functionWith("")).replace("filename      = data.archive_file.code.output_path", code);
  const object = `resource "aws_s3_object" "code" {
    bucket = "code"
    key    = "app.zip"
    source = data.archive_file.code.output_path
  }`;
  const inS3 = withCode('s3_bucket = "code"\n  s3_key = "app.zip"');

  expect((await load({ "main.tf": inS3 + object })).project.functions.send).toBeDefined();
  expect((await load({ "main.tf": inS3 })).source.unserved).toMatchObject([
    { key: "send", why: "has its code in S3 (code/app.zip)", isInS3: true },
  ]);
  const image = withCode(
    'package_type = "Image"\n  image_uri = "1.dkr.ecr.us-east-1.amazonaws.com/a:1"',
  );
  expect((await load({ "main.tf": image })).source.unserved).toMatchObject([
    { key: "send", why: "is a container image" },
  ]);
});

const PLAN = fileURLToPath(
  new URL("../../../fixtures/projects/ticker-plan/infra/plan.json", import.meta.url),
);

test("a plan without its files says by what it refers to what is known after apply", async () => {
  const { project: read, source } = await load(
    { "infra/plan.json": readFileSync(PLAN, "utf8"), "src/ticker.js": "exports.handler = 1;" },
    { template: "infra/plan.json" },
  );

  expect(read.region).toBe("us-west-2");
  expect(read.functions.ticker).toMatchObject({
    root: "../src",
    environment: { TABLE: "ticker-dev-subscribers", CURRENCY: "EUR" },
    permissions: {
      policies: {
        "ticker-policy": {
          Statement: [{ Resource: "{{resolve:terraform:known after apply}}" }],
        },
      },
    },
  });
  expect(Object.keys(read.apis["ticker-api"]?.routes ?? {})).toEqual([
    "$connect",
    "$disconnect",
    "price",
  ]);
  expect(source.notServed).toEqual([]);
});

test("reports an invalid plan with its place", async () => {
  const text = '{ "format_version": "1.2", "planned_values": ';

  expect(await faultsOf({ "plan.json": text }, { template: "plan.json" })).toBe(
    "plan.json:1:1: the file is not JSON. Create it with terraform show -json.",
  );
});
