import { expect, test } from "vitest";
import type { LocalProject } from "../../../../src/definition/local-project.ts";
import {
  integrationRole,
  mayAllow,
  type Role,
  roleOf,
} from "../../../../src/emulator/iam/rules/function-role.ts";
import { evaluatePolicies } from "../../../../src/emulator/iam/rules/policy-evaluation.ts";
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

test("a role has the policies that AWS manages in addition to those of its own", () => {
  const managedPolicies = ["arn:aws:iam::aws:policy/AmazonDynamoDBFullAccess"];
  const known = role(project({ permissions: { managedPolicies } }));
  expect(decisions(known, table("PutItem"), connections("p-one"))).toEqual([
    "allow",
    "implicit-deny",
  ]);
});

test.each(["ABCD", "${aws:username}", "x${*}"])(
  "a condition's value %s is judged if it is known",
  (value) => {
    const Condition = { StringLike: { "aws:PrincipalArn": value } };
    const statement = { Effect: "Allow", Action: "dynamodb:*", Resource: "*", Condition };
    const why = "of the policy roleStatements statement 1 has the policy variable ${aws:username}";
    expect(role(project({ roleStatements: [statement] }))).toMatchObject({
      unjudged: value.includes("username") ? [{ effect: "Allow", actions: "dynamodb:*", why }] : [],
    });
  },
);

test("an integration's role is not known where the definition has its ARN alone", () => {
  const credentials = "arn:aws:iam::123456789012:role/there";
  const integration = { type: "aws", credentials } as Parameters<typeof integrationRole>[1];
  expect(integrationRole("chat $default", integration)).toEqual({
    kind: "unknown",
    name: "chat $default",
    why: `the definition does not say what ${credentials} allows`,
  });
});

const PUT = "dynamodb:PutItem";
const ITEMS = "arn:aws:dynamodb:us-east-1:123456789012:table/items";

test.each([
  ["the same region and account", { Effect: "Allow", Resource: ITEMS }, true],
  [
    "those of the author",
    { Effect: "Allow", Resource: ITEMS.replace(/us.*012/, "eu-west-1:2") },
    true,
  ],
  ["another table", { Effect: "Allow", Resource: ITEMS.replace("items", "others") }, false],
  [
    "a condition that does not hold",
    { Effect: "Allow", Resource: ITEMS, Condition: { StringEquals: { "aws:PrincipalArn": "x" } } },
    true,
  ],
])("a role may allow an action by a statement with %s: %j", (_, statement, expected) => {
  const policies = { own: { Statement: { Action: PUT, ...statement } } };
  expect(mayAllow({ policies }, PUT, ITEMS)).toBe(expected);
});

test("a Deny counts where it has no condition", () => {
  const denied = (more: object) => ({
    policies: {
      own: {
        Statement: [
          { Effect: "Allow", Action: "*", Resource: "*" },
          { Effect: "Deny", Action: PUT, Resource: "*", ...more },
        ],
      },
    },
  });
  expect(mayAllow(denied({}), PUT, ITEMS)).toBe(false);
  const Condition = { StringEquals: { "aws:RequestedRegion": "us-east-1" } };
  expect(mayAllow(denied({ Condition }), PUT, ITEMS)).toBe(true);
});

test("a role that is not known may allow everything", () => {
  expect(mayAllow({ unknown: "it is of another stack" }, PUT, ITEMS)).toBe(true);
  expect(mayAllow({ managedPolicies: ["arn:aws:iam::1:policy/own"] }, PUT, ITEMS)).toBe(true);
  expect(mayAllow({}, PUT, ITEMS)).toBe(false);
});
