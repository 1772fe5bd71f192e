import { expect, test } from "vitest";
import type { LocalProject } from "../../../../src/definition/local-project.ts";
import {
  howToAdd,
  missingStatement,
} from "../../../../src/emulator/iam/rules/missing-statement.ts";
import { evaluatePolicies } from "../../../../src/emulator/iam/rules/policy-evaluation.ts";
import { type Role, roleOf } from "../../../../src/emulator/iam/rules/roles.ts";
import { localProjectOf } from "../../../local-project.ts";

const ALLOW_S3 = { Effect: "Allow", Action: "s3:GetObject", Resource: "*" };
const apiIdOf = (name: string) => `${name}-id`;

/** A project of two APIs and a table, whose functions `a` and `b` have these settings. */
function project(a: object, b: object = {}, more: object = {}): LocalProject {
  const api = (fn: string) => ({
    routeSelectionExpression: "$request.body.action",
    stages: { dev: {} },
    routes: { $default: { function: fn } },
  });
  return localProjectOf({
    name: "p",
    apis: { one: api("a"), two: api("b") },
    functions: { a: { handler: "x.a", ...a }, b: { handler: "x.b", ...b } },
    tables: {
      items: { name: "items", partitionKey: { name: "id", type: "S" }, functions: ["a"] },
    },
    ...more,
  });
}

function role(of: LocalProject, name = "a"): Role {
  const fn = of.functions[name];
  if (fn === undefined) throw new Error(`${name} is missing`);
  return roleOf(of, fn, apiIdOf);
}

function decisions(known: Role, ...requests: readonly (readonly [string, string])[]) {
  const policies = known.kind === "known" ? known.policies : [];
  return requests.map(
    ([action, resource]) => evaluatePolicies(policies, { action, resource, context: {} }).decision,
  );
}

const connections = (api: string) =>
  [
    "execute-api:ManageConnections",
    `arn:aws:execute-api:us-east-1:123456789012:${api}-id/dev/GET/@connections/{connectionId}`,
  ] as const;
const table = (action: string) =>
  [`dynamodb:${action}`, "arn:aws:dynamodb:us-east-1:123456789012:table/items"] as const;

test("one function with role statements has all functions checked, by what wsgw deploy allows", () => {
  const both = project({ roleStatements: [ALLOW_S3] });
  const asked = [connections("p-one"), connections("p-two"), table("Query"), table("DeleteTable")];
  const [yes, no] = ["allow", "implicit-deny"];
  expect(decisions(role(both), ...asked)).toEqual([yes, no, yes, no]);
  expect(decisions(role(both, "b"), ...asked)).toEqual([no, yes, no, no]);
  expect(role(project({}))).toEqual({ kind: "unstated", name: "a" });
});

test.each([
  [
    { role: "arn:aws:iam::123456789012:role/x/there" },
    {},
    "the definition does not say what arn:aws:iam::123456789012:role/x/there allows",
  ],
  [
    {},
    { hooks: { template: (template: unknown) => template } },
    "the hook `template` may change the role",
  ],
])("is not known whole: %j", (a, more, why) => {
  const made = project(a, { roleStatements: [ALLOW_S3] }, more);
  expect(role(made)).toMatchObject({ kind: "unknown", why });
});

const ONLY_AWS = { "Fn::GetAtt": ["Bucket", "Arn"] };

test.each([
  [{ ...ALLOW_S3, Resource: ONLY_AWS }, undefined],
  [{ ...ALLOW_S3, Condition: { StringEquals: { "aws:PrincipalArn": ONLY_AWS } } }, undefined],
  [
    { ...ALLOW_S3, Action: ["dynamo*:*"], Resource: ["*", ONLY_AWS] },
    "has a value that only AWS knows",
  ],
  [
    { ...ALLOW_S3, Action: "dynamo*:*", Resource: "arn:aws:dynamodb:*:*:table/${aws:username}" },
    "has the policy variable arn:aws:dynamodb:*:*:table/${aws:username}",
  ],
])("a statement that is not known whole matters to its own calls: %j", (statement, why) => {
  const known = role(project({ roleStatements: [statement] }));

  expect(known).toMatchObject({
    kind: "known",
    unjudged:
      why === undefined
        ? []
        : [
            {
              effect: "Allow",
              actions: "dynamo*:*",
              why: `of the policy roleStatements statement 1 ${why}`,
            },
          ],
  });
  const mayAllow = known.kind === "known" ? known.mayAllow : [];
  const { decision } = evaluatePolicies(mayAllow, {
    action: "dynamodb:DeleteTable",
    resource: "arn:aws:dynamodb:us-east-1:123456789012:table/items",
    context: {},
  });
  expect(decision).toBe(why === undefined ? "implicit-deny" : "allow");
});

test("conditions on what is known of every call are judged", () => {
  const where = (region: string) => ({
    permissions: {
      policies: {
        own: {
          Statement: {
            Effect: "Allow",
            Action: "dynamodb:*",
            Resource: "*",
            Condition: { StringEquals: { "aws:RequestedRegion": region } },
          },
        },
      },
    },
  });
  expect(role(project(where("us-east-1")))).toMatchObject({ kind: "known" });
});

test.each([
  ["AdministratorAccess", "allow", "allow"],
  ["PowerUserAccess", "allow", "allow"],
  ["AmazonDynamoDBFullAccess", "allow", "implicit-deny"],
  ["AmazonDynamoDBFullAccess_v2", "allow", "implicit-deny"],
  ["AmazonDynamoDBReadOnlyAccess", "implicit-deny", "implicit-deny"],
  ["AmazonAPIGatewayInvokeFullAccess", "implicit-deny", "allow"],
  ["AWSLambda_FullAccess", "implicit-deny", "implicit-deny"],
  ["service-role/AWSLambdaBasicExecutionRole", "implicit-deny", "implicit-deny"],
])("knows the policy %s that AWS manages", (name, put, post) => {
  const managedPolicies = [`arn:aws:iam::aws:policy/${name}`];
  const known = role(project({ permissions: { managedPolicies } }));
  expect(known.kind).toBe("known");
  expect(decisions(known, table("PutItem"), connections("p-one"))).toEqual([put, post]);
});

test("the missing statement names what is not in the definition by its ARN", () => {
  const [, resource] = table("PutItem");
  const form = { isTemplate: true, apiIdOf };
  const other = resource.replace("items", "others");
  expect(
    missingStatement(project({}), { action: "dynamodb:PutItem", resource: other }, form),
  ).toMatchObject({ Resource: other });
  const [action, arn] = connections("p-one");
  expect(
    missingStatement(project({}), { action, resource: arn }, { ...form, isTemplate: false }),
  ).toEqual({
    Effect: "Allow",
    Action: action,
    Resource: {
      join: [
        "arn:aws:execute-api:",
        { ref: "region" },
        ":",
        { ref: "accountId" },
        ":",
        { ref: "api.one.id" },
        "/dev/GET/@connections/*",
      ],
    },
  });
});

test("the missing statement is JSON in a template of JSON, and names others by their ARNs in YAML", () => {
  const [, resource] = table("PutItem");
  const action = "dynamodb:PutItem";
  const statement = { Effect: "Allow", Action: action, Resource: resource } as const;
  const add = (file: string) => howToAdd(statement, "a", { isTemplate: true, file });

  expect(add("cdk.out/app.template.json")).toBe(
    `Add to a Statement in the policies of a: ${JSON.stringify(statement)}`,
  );
  expect(add("template.yml")).toBe(
    `Add to a Statement in the policies of a: - { Effect: Allow, Action: ${action}, Resource: "${resource}" }`,
  );
});
