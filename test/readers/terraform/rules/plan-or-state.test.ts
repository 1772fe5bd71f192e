import { expect, test } from "vitest";
import {
  type PlanParts,
  readPlan,
  regionInPlan,
  variablesIn,
} from "../../../../src/readers/terraform/rules/plan-or-state.ts";
import { KeyBook } from "../../../../src/readers/terraform/rules/resource-names.ts";
import { resource } from "./resource.ts";

const PLACE = {
  stackName: "chat",
  region: "eu-west-1",
  accountId: "123456789012",
  apiIdOf: (name: string) => `id-of-${name}`,
};

type Part = Readonly<Record<string, unknown>>;

function read(json: unknown, parts: Partial<PlanParts> = {}, text = JSON.stringify(json)) {
  const plan = { file: "/chat/plan.json", text, json };
  const others = { place: PLACE, keys: new KeyBook(), inFiles: () => undefined, ...parts };
  return readPlan(plan, others);
}

/** An entry of a plan: `aws_sqs_queue.jobs`, also as `module.a.aws_sqs_queue.jobs[0]`. */
function planned(address: string, values: Part = {}, more: Part = {}): Part {
  const [, data, type, name, key] =
    /(data\.)?(\w+)\.(\w+)(?:\[(.*)\])?$/.exec(
      address.replace(/module\.\w+(?:\[[^\]]*\])?\./g, ""),
    ) ?? [];
  const mode = data === undefined ? "managed" : "data";
  const index = key === undefined ? {} : { index: JSON.parse(key) };
  return { address, mode, type, name, ...index, values, ...more };
}

const plan = (resources: readonly Part[], more: Part = {}): Part => ({
  planned_values: { root_module: { resources } },
  ...more,
});

/** A plan in which attributes of the resources are known only later, with their references. */
function laterPlan(
  resources: readonly Part[],
  later: Readonly<Record<string, { readonly unknown: Part; readonly expressions?: Part }>>,
) {
  const changes = Object.entries(later).map(([address, { unknown }]) => ({
    address,
    change: { after_unknown: unknown },
  }));
  const configured = Object.entries(later).map(([address, { expressions }]) => {
    const { type, name } = planned(address);
    return { type, name, expressions };
  });
  return plan(resources, {
    resource_changes: changes,
    configuration: { root_module: { resources: configured } },
  });
}

test("a plan's resources have types, addresses, values and keys", () => {
  const found = read(
    plan([
      planned("aws_lambda_function.join", { handler: "app.handler", layers: null }),
      planned("aws_iam_role.join", { name: "join" }),
      planned('aws_lambda_function.each["a"]'),
      planned("aws_sqs_queue.only[0]"),
      planned("aws_sqs_queue.several[0]"),
      planned("aws_sqs_queue.several[1]"),
    ]),
  );

  expect(found.map(({ type, address, key, isData }) => [type, address, key, isData])).toEqual([
    ["aws_lambda_function", "aws_lambda_function.join", "join", false],
    ["aws_iam_role", "aws_iam_role.join", "join-role", false],
    ["aws_lambda_function", 'aws_lambda_function.each["a"]', "each-a", false],
    ["aws_sqs_queue", "aws_sqs_queue.only[0]", "only", false],
    ["aws_sqs_queue", "aws_sqs_queue.several[0]", "several-0", false],
    ["aws_sqs_queue", "aws_sqs_queue.several[1]", "several-1", false],
  ]);
  expect(found[0]?.written("handler")).toBe("app.handler");
  expect(found[0]?.written("layers")).toBeUndefined();
  expect(found[0]?.written("runtime")).toBeUndefined();
  expect(found[0]?.value("handler")).toBe("app.handler");
  expect(found[0]?.value("arn")).toBe("arn:aws:lambda:eu-west-1:123456789012:function:chat-join");
});

test("equal names matter within one module only", () => {
  const found = read({
    planned_values: {
      root_module: {
        resources: [planned("aws_sqs_queue.jobs"), planned("aws_dynamodb_table.other")],
        child_modules: [
          {
            address: "module.a",
            resources: [planned("module.a.aws_dynamodb_table.jobs")],
            child_modules: [
              {
                address: 'module.a.module.b["x"]',
                resources: [planned('module.a.module.b["x"].aws_sqs_queue.this')],
              },
            ],
          },
          { address: "module.c[1]", resources: [planned("module.c[1].aws_sqs_queue.jobs")] },
        ],
      },
    },
  });

  expect(found.map(({ key }) => key)).toEqual(["jobs", "other", "a-jobs", "a-b-x", "c-1-jobs"]);
});

test("data sources come from the prior state, and later entries replace earlier ones", () => {
  const found = read({
    planned_values: {
      root_module: { resources: [planned("aws_sqs_queue.jobs", { name: "new" })] },
    },
    prior_state: {
      values: {
        root_module: {
          resources: [
            planned("aws_sqs_queue.jobs", { name: "old" }),
            planned("data.aws_caller_identity.me", { account_id: "111111111111" }),
          ],
        },
      },
    },
  });

  expect(found.map(({ address, isData }) => [address, isData])).toEqual([
    ["aws_sqs_queue.jobs", false],
    ["data.aws_caller_identity.me", true],
  ]);
  expect(found[0]?.written("name")).toBe("new");
  expect(found[1]?.written("account_id")).toBe("111111111111");
});

test.each([[{}], [null], [{ planned_values: { root_module: { resources: "none" } } }]])(
  "%j has no resources",
  (json) => {
    expect(read(json)).toEqual([]);
  },
);

test("an entry without its parts is a resource without a name", () => {
  const [found] = read(plan([{ values: "none", index: true }]));

  expect([found?.type, found?.address, found?.key]).toEqual(["", "", "resource"]);
});

test.each([
  ['{"address":"aws_sqs_queue.a"}', 1, 2],
  ['{\n  "address": "aws_sqs_queue.a"\n}', 2, 3],
  ["{}", 1, 1],
])("the place of a resource in %j is where its address is", (text, line, column) => {
  const [found] = read(plan([planned("aws_sqs_queue.a")]), {}, text);

  const place = { file: "/chat/plan.json", line, column, path: ["aws_sqs_queue.a"] };
  expect(found?.origin()).toEqual(place);
});

test("what the neighbouring files know goes before references", () => {
  const json = laterPlan([planned("aws_sqs_queue.jobs", { known: "plan" })], {
    "aws_sqs_queue.jobs": { unknown: { name: true, known: false, tags: true } },
  });
  const own = resource("aws_sqs_queue", { name: "by-files", known: "files" }, { key: "own-key" });
  const [found] = read(json, { inFiles: () => own });

  expect(found?.key).toBe("own-key");
  expect(found?.written("name")).toBe("by-files");
  expect(found?.written("known")).toBe("plan");
  expect(found?.written("tags")).toBeUndefined();
});

test("what the files do not know either comes from references", () => {
  const json = laterPlan([planned("aws_sqs_queue.jobs"), planned("aws_lambda_permission.jobs")], {
    "aws_lambda_permission.jobs": {
      unknown: { source_arn: true },
      expressions: { source_arn: { references: ["aws_sqs_queue.jobs.arn", "aws_sqs_queue.jobs"] } },
    },
  });
  const own = resource("aws_lambda_permission", { source_arn: "{{resolve:terraform:x}}" });
  const found = read(json, {
    inFiles: (address) => (address.startsWith("aws_lambda") ? own : undefined),
  });

  expect(found[1]?.written("source_arn")).toBe("arn:aws:sqs:eu-west-1:123456789012:chat-jobs");
});

const API = planned("aws_apigatewayv2_api.chat", { name: "room", protocol_type: "WEBSOCKET" });
const STAGE = planned("aws_apigatewayv2_stage.dev", { name: "dev", api_id: "abc" });
const FN = planned("aws_lambda_function.join", { function_name: "join" });
const ROLE = planned("aws_iam_role.app", { name: "app" });
const TOPIC = planned("aws_sns_topic.news", { name: "news" });
const POLICY = planned("aws_iam_policy.read", { name: "read" });
const LAYERS = [
  planned("aws_lambda_layer_version.a", { layer_name: "a" }),
  planned("aws_lambda_layer_version.b", { layer_name: "b" }),
];
const INTEGRATION = planned("aws_apigatewayv2_integration.join");
const QUEUE = planned("aws_sqs_queue.jobs");
const ROUTE = planned("aws_apigatewayv2_route.say");
const AUTHORIZER = planned("aws_apigatewayv2_authorizer.door");
/** What a variable would take, had it to guess. */
const DECOY =
  "aws_sqs_queue.api_arn_authorizer_event_function_id_integration_name_policy_role_route_source_stage_topic";
const ALL = [
  planned(DECOY),
  API,
  STAGE,
  FN,
  ROLE,
  TOPIC,
  POLICY,
  QUEUE,
  ...LAYERS,
  INTEGRATION,
  ROUTE,
  AUTHORIZER,
];

/** An attribute of a resource that is known only later, by its references. */
function referring(attribute: string, references: readonly unknown[], type = "aws_x") {
  const found = read(
    laterPlan([...ALL, planned(`${type}.it`)], {
      [`${type}.it`]: {
        unknown: { [attribute]: true },
        expressions: { [attribute]: { references } },
      },
    }),
  );
  return found.at(-1)?.written(attribute);
}

const LAMBDA = "arn:aws:lambda:eu-west-1:123456789012";
const URI = `arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/${LAMBDA}:function:join/invocations`;

test.each([
  ["arn", "aws_lambda_function.join", `${LAMBDA}:function:join`],
  ["credentials_arn", "aws_iam_role.app", "arn:aws:iam::123456789012:role/app"],
  ["endpoint", "aws_lambda_function.join", `${LAMBDA}:function:join`],
  ["event_source_arn", "aws_sqs_queue.jobs", "arn:aws:sqs:eu-west-1:123456789012:chat-jobs"],
  ["policy_arn", "aws_iam_policy.read", "arn:aws:iam::123456789012:policy/read"],
  ["source_arn", "aws_sns_topic.news", "arn:aws:sns:eu-west-1:123456789012:news"],
  ["topic_arn", "aws_sns_topic.news", "arn:aws:sns:eu-west-1:123456789012:news"],
  ["api_id", "aws_apigatewayv2_api.chat", "id-of-room"],
  ["authorizer_id", "aws_apigatewayv2_authorizer.door", "door"],
  ["authorizer_uri", "aws_lambda_function.join", URI],
  ["function_name", "aws_lambda_function.join", "join"],
  ["integration_id", "aws_apigatewayv2_integration.join", "join-integration"],
  ["integration_uri", "aws_lambda_function.join", URI],
  ["role", "aws_iam_role.app", "app"],
  ["route_id", "aws_apigatewayv2_route.say", "say-route"],
  ["stage", "aws_apigatewayv2_stage.dev", "dev"],
  ["target", "aws_apigatewayv2_integration.join", "integrations/join-integration"],
])("%s that refers to %s is %s", (attribute, reference, value) => {
  expect(referring(attribute, [reference, DECOY])).toBe(value);
});

test.each([
  ["role", ["aws_iam_role.app.arn", "aws_iam_role.app"], "arn:aws:iam::123456789012:role/app"],
  ["role", ["aws_iam_role.app", "aws_iam_role.app.arn"], "arn:aws:iam::123456789012:role/app"],
  ["role", ["var.role", "aws_iam_role.app.name"], "app"],
  ["role", [7, "aws_iam_role.app"], "app"],
  ["role", ["aws_iam_role.gone"], undefined],
  ["role", ["var.role"], undefined],
  [
    "source_arn",
    ["aws_apigatewayv2_api.chat.execution_arn"],
    "arn:aws:execute-api:eu-west-1:123456789012:id-of-room/*",
  ],
  [
    "layers",
    ["aws_lambda_layer_version.a.arn", "aws_lambda_layer_version.b"],
    [`${LAMBDA}:layer:a:1`, `${LAMBDA}:layer:b:1`],
  ],
])("%s with the references %j is %j", (attribute, references, value) => {
  expect(referring(attribute, references)).toEqual(value);
});

test.each(["policy", "assume_role_policy"])("%s that is known later allows everything", (name) => {
  expect(JSON.parse(String(referring(name, [])))).toEqual({
    Version: "2012-10-17",
    Statement: [
      { Effect: "Allow", Action: "*", Resource: "{{resolve:terraform:known after apply}}" },
    ],
  });
});

test.each([
  ["TOPIC_ARN", ["aws_lambda_function.join.arn", "aws_sns_topic.news.arn"], /:news$/],
  ["API_URL", ["aws_lambda_function.join.arn", "aws_apigatewayv2_stage.dev.invoke_url"], /^https:/],
  ["api_endpoint", ["aws_apigatewayv2_api.chat.api_endpoint"], /^https:\/\/id-of-room/],
  ["WS_HOST", ["aws_sns_topic.news.arn", "aws_apigatewayv2_stage.dev.invoke_url"], /^wss:/],
  ["NAME", ["aws_apigatewayv2_api.chat.api_endpoint", "aws_sns_topic.news.name"], /^news$/],
  ["A_B", ["aws_sns_topic.news.name", "aws_lambda_function.join.arn"], /^news$/],
  ["API_ID", ["aws_apigatewayv2_api.chat"], /^id-of-room$/],
])("%s is what suits it best among %j", (variable, references, value) => {
  expect(referring(variable, references)).toMatch(value);
});

test("a variable without a usable reference has no value", () => {
  expect(referring("TABLE", ["var.table"])).toBeUndefined();
});

test("blocks are filled where something in them is known later", () => {
  const json = laterPlan(
    [
      FN,
      API,
      planned("aws_x.it", {
        environment: [{ variables: { LEVEL: "info" } }],
        plain: ["a", { b: "c" }],
      }),
    ],
    {
      "aws_x.it": {
        unknown: {
          environment: [{ variables: { API: true } }],
          plain: [false, {}],
          more: { function_name: true, other: false },
        },
        expressions: {
          environment: [{ variables: { references: ["aws_apigatewayv2_api.chat.id"] } }],
          more: { function_name: { references: ["aws_lambda_function.join.function_name"] } },
        },
      },
    },
  );
  const it = read(json).at(-1);

  expect(it?.written("environment")).toEqual([{ variables: { LEVEL: "info", API: "id-of-room" } }]);
  expect(it?.written("plain")).toEqual(["a", { b: "c" }]);
  expect(it?.written("more")).toEqual({ function_name: "join" });
});

test("each block of several has its own expression, and what the files say of it", () => {
  const resources = [FN, ROLE, planned("aws_x.it", { target: [{}, {}, {}] })];
  const later = {
    "aws_x.it": {
      unknown: { target: [{ role: true }, { role: true }, { role: true }] },
      expressions: {
        target: [
          { role: { references: ["aws_iam_role.app.name"] } },
          { role: { references: ["aws_lambda_function.join.function_name"] } },
        ],
      },
    },
  };
  const own = resource("aws_x", { target: [{}, { role: "by-files" }] });
  const roles = (parts?: Partial<PlanParts>) =>
    read(laterPlan(resources, later), parts).at(-1)?.written("target");

  expect(roles()).toEqual([{ role: "app" }, { role: "join" }, { role: "app" }]);
  expect(roles({ inFiles: () => own })).toEqual([
    { role: "app" },
    { role: "by-files" },
    { role: "app" },
  ]);
});

test("references of one instance lead to the same instance, also within a module", () => {
  const resources = [
    planned('module.a.aws_sqs_queue.jobs["x"]', { name: "jobs-x" }),
    planned('module.a.aws_sqs_queue.jobs["y"]', { name: "jobs-y" }),
    planned("module.a.aws_sqs_queue.first[0]", { name: "first" }),
    planned('module.a.aws_x.it["y"]'),
  ];
  const references = (list: readonly string[]) => ({ function_name: { references: list } });
  const named = (list: readonly string[]) => {
    const root = { address: "module.a", resources };
    const config = { resources: [{ type: "aws_x", name: "it", expressions: references(list) }] };
    const json = {
      planned_values: { root_module: { child_modules: [root] } },
      resource_changes: [
        { address: 'module.a.aws_x.it["y"]', change: { after_unknown: { function_name: true } } },
      ],
      configuration: { root_module: { module_calls: { a: { module: config } } } },
    };
    return read(json).at(-1)?.written("function_name");
  };

  expect(named(["aws_sqs_queue.jobs.name"])).toBe("jobs-y");
  expect(named(['aws_sqs_queue.jobs["x"].name'])).toBe("jobs-x");
  expect(named(["aws_sqs_queue.first.name"])).toBe("first");
  expect(named(["aws_sqs_queue.first[0].name", "aws_sqs_queue.first[0]"])).toBe("first");
});

test("a reference to a data source is one of the data sources", () => {
  const json = laterPlan(
    [planned("data.aws_iam_role.app", { name: "read" }), ROLE, planned("aws_x.it")],
    {
      "aws_x.it": {
        unknown: { role: true },
        expressions: { role: { references: ["data.aws_iam_role.app"] } },
      },
    },
  );

  expect(read(json).at(-1)?.written("role")).toBe("read");
});

test("in a state what AWS made is what is made here, wherever it occurs", () => {
  const resources = [
    planned("aws_apigatewayv2_api.chat", {
      id: "a1b2c3d4e5",
      name: "room",
      protocol_type: "WEBSOCKET",
      api_endpoint: "wss://a1b2c3d4e5.execute-api.us-east-1.amazonaws.com",
    }),
    planned("aws_lambda_function.join", {
      arn: "arn:aws:lambda:us-east-1:999999999999:function:join",
      function_name: "join",
      environment: [
        {
          variables: {
            API: "id a1b2c3d4e5 at wss://a1b2c3d4e5.execute-api.us-east-1.amazonaws.com",
            SIZE: 3,
            SELF: "arn:aws:lambda:us-east-1:999999999999:function:join",
          },
        },
      ],
    }),
    planned("aws_x.it", { id: "a1b2c", more: "a1b2c" }),
    planned("aws_apigatewayv2_route.say", { id: "abcd", target: "abcd" }),
    planned("data.aws_sqs_queue.jobs", { url: "https://sqs.us-east-1.amazonaws.com/9/jobs" }),
  ];
  const found = read({ values: { root_module: { resources } } });

  expect(found[0]?.written("id")).toBe("id-of-room");
  expect(found[0]?.written("name")).toBe("room");
  expect(found[1]?.written("environment")).toEqual([
    {
      variables: {
        API: "id id-of-room at wss://id-of-room.execute-api.eu-west-1.amazonaws.com",
        SIZE: 3,
        SELF: "arn:aws:lambda:eu-west-1:123456789012:function:join",
      },
    },
  ]);
  expect(found[2]?.written("more")).toBe("a1b2c");
  expect(found[3]?.written("target")).toBe("abcd");
  expect(found[4]?.written("url")).toBe("https://sqs.us-east-1.amazonaws.com/9/jobs");
});

test("in a plan values stay as they are", () => {
  const [found] = read(plan([planned("aws_apigatewayv2_api.chat", { id: "a1b2c3d4e5" })]));

  expect(found?.written("id")).toBe("a1b2c3d4e5");
});

const provider = (region: unknown, more: Part = {}) => ({
  configuration: { provider_config: { aws: { expressions: { region } } } },
  ...more,
});

test.each<[unknown, string, string | undefined]>([
  [provider({ constant_value: "eu-central-1" }), "", "eu-central-1"],
  [
    provider({ references: ["var.region"] }, { variables: { region: { value: "us-west-2" } } }),
    "",
    "us-west-2",
  ],
  [
    provider({ references: ["local.var.region"] }, { variables: { region: { value: "x" } } }),
    "",
    undefined,
  ],
  [
    provider({ references: ["var.region.x"] }, { variables: { region: { value: "x" } } }),
    "",
    undefined,
  ],
  [{}, '"arn:aws:lambda:ap-south-1:1:function:a"', "ap-south-1"],
  [{}, '"arn:aws-cn:dynamodb:cn-north-1:1:table/a"', "cn-north-1"],
  [{}, '"arn:aws:iam::1:role/a"', undefined],
  [provider({ constant_value: "" }), "", undefined],
])("the region in %j and %j is %s", (json, text, region) => {
  expect(regionInPlan({ json, text })).toBe(region);
});

test("the variables of a plan have their values, or null", () => {
  expect(variablesIn({ variables: { a: { value: "x" }, b: {}, c: { value: false } } })).toEqual({
    a: "x",
    b: null,
    c: false,
  });
  expect(variablesIn({})).toEqual({});
  expect(variablesIn({ variables: ["a"] })).toEqual({});
});
