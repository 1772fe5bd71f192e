import { expect, test } from "vitest";
import {
  howToAdd,
  missingStatement,
} from "../../../../src/emulator/iam/rules/missing-statement.ts";
import { localProjectOf } from "../../../local-project.ts";

const api = {
  routeSelectionExpression: "$request.body.action",
  stages: { dev: {} },
  routes: { $default: { function: "say" } },
};
const table = (name: string) => ({
  name,
  partitionKey: { name: "id", type: "S" },
  functions: ["say"],
});
const definition = {
  name: "p",
  apis: { one: api, two: api },
  functions: { say: { handler: "x.say", functionName: "speaker" }, hear: { handler: "x.hear" } },
  tables: { items: table("Items"), others: table("Others"), "of-nested": table("Nested") },
};
const project = localProjectOf(definition);
const apiIdOf = (name: string) => `${name}-id`;

const ARN = "arn:aws:dynamodb:us-east-1:123456789012:table";
const EXECUTE_API = "arn:aws:execute-api:us-east-1:123456789012";
const LAMBDA = "arn:aws:lambda:us-east-1:123456789012:function";
const connection = `${EXECUTE_API}:p-two-id/dev/POST/@connections/{connectionId}`;

const resourceFor = (resource: string, form: object) =>
  missingStatement(project, { action: "a:B", resource }, { isTemplate: false, apiIdOf, ...form })
    .Resource;

test("the missing statement allows the action", () => {
  expect(
    missingStatement(
      project,
      { action: "dynamodb:PutItem", resource: `${ARN}/Items` },
      { isTemplate: false, apiIdOf },
    ),
  ).toEqual({ Effect: "Allow", Action: "dynamodb:PutItem", Resource: { ref: "table.items.arn" } });
});

const apiPlace = [{ ref: "region" }, ":", { ref: "accountId" }, ":"];

test.each([
  ["a table", `${ARN}/Others`, { ref: "table.others.arn" }],
  ["an index", `${ARN}/Others/index/x`, { join: [{ ref: "table.others.arn" }, "/index/x"] }],
  ["a function", `${LAMBDA}:hear`, { ref: "function.hear.arn" }],
  ["a function's alias", `${LAMBDA}:hear:live`, { join: [{ ref: "function.hear.arn" }, ":live"] }],
  ["a function by its AWS name", `${LAMBDA}:speaker`, { ref: "function.say.arn" }],
  [
    "a connection, of which a policy can name all",
    connection,
    {
      join: [
        "arn:aws:execute-api:",
        ...apiPlace,
        { ref: "api.two.id" },
        "/dev/POST/@connections/*",
      ],
    },
  ],
  ["a table of others", `${ARN}/Foreign`, `${ARN}/Foreign`],
  [
    "a connection of others",
    `${EXECUTE_API}:foreign/dev/GET/a`,
    `${EXECUTE_API}:foreign/dev/GET/a`,
  ],
  [
    "another service",
    "arn:aws:sns:us-east-1:123456789012:Items",
    "arn:aws:sns:us-east-1:123456789012:Items",
  ],
])("in a definition it names %s by a reference, where there is one", (_, resource, expected) => {
  expect(resourceFor(resource, {})).toEqual(expected);
});

test("the partition of an API's ARN is that of the project's region", () => {
  const local = { ...project, region: "cn-north-1" };
  const form = { isTemplate: false, apiIdOf };
  expect(missingStatement(local, { action: "a:B", resource: connection }, form).Resource).toEqual({
    join: [
      "arn:aws-cn:execute-api:",
      ...apiPlace,
      { ref: "api.two.id" },
      "/dev/POST/@connections/*",
    ],
  });
});

test.each([
  ["a table", `${ARN}/Items`, { "Fn::GetAtt": ["items", "Arn"] }],
  ["an index", `${ARN}/Items/index/x`, { "Fn::Sub": "${items.Arn}/index/x" }],
  ["a function", `${LAMBDA}:hear`, { "Fn::GetAtt": ["hear", "Arn"] }],
  [
    "a connection",
    connection,
    {
      "Fn::Sub":
        "arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${two}/dev/POST/@connections/*",
    },
  ],
  ["a table of others", `${ARN}/Foreign`, `${ARN}/Foreign`],
  ["a table of a nested stack, whose key is not a logical id", `${ARN}/Nested`, `${ARN}/Nested`],
])(
  "in a template it names %s by CloudFormation's functions, where they can",
  (_, resource, expected) => {
    expect(resourceFor(resource, { isTemplate: true, file: "template.yaml" })).toEqual(expected);
  },
);

test.each(["main.tf", "main.tofu"])("in %s it names the table by its ARN", (file) => {
  expect(resourceFor(`${ARN}/Items`, { isTemplate: true, file })).toBe(`${ARN}/Items`);
});

test("a definition's table may have a hyphen in its key", () => {
  expect(resourceFor(`${ARN}/Nested`, {})).toEqual({ ref: "table.of-nested.arn" });
});

const statement = (Resource: unknown) => ({ Effect: "Allow", Action: "a:B", Resource }) as const;

test("a definition gets the statement among the function's roleStatements", () => {
  expect(
    howToAdd(statement({ ref: "table.items.arn" }), "say", {
      isTemplate: false,
      file: "wsgw.config.ts",
    }),
  ).toBe(
    'Add to roleStatements of say: {"Effect":"Allow","Action":"a:B","Resource":{"ref":"table.items.arn"}}',
  );
});

test("a template of JSON gets the statement as JSON", () => {
  expect(
    howToAdd(statement("arn"), "say", { isTemplate: true, file: "cdk.out/app.template.json" }),
  ).toBe(
    'Add to a Statement in the policies of say: {"Effect":"Allow","Action":"a:B","Resource":"arn"}',
  );
});

test.each([
  ["an ARN", "arn:x", '"arn:x"'],
  ["an attribute", { "Fn::GetAtt": ["items", "Arn"] }, "!GetAtt items.Arn"],
  ["a substitution", { "Fn::Sub": "${items.Arn}/index/x" }, '!Sub "${items.Arn}/index/x"'],
])("a template of YAML gets %s in YAML's short form", (_, resource, expected) => {
  const add = (file: string) => howToAdd(statement(resource), "say", { isTemplate: true, file });
  const text = `Add to a Statement in the policies of say: - { Effect: Allow, Action: a:B, Resource: ${expected} }`;
  expect(add("template.yaml")).toBe(text);
  expect(add("template.yml")).toBe(text);
});
