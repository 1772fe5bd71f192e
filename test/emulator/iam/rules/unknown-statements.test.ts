import { expect, test } from "vitest";
import { parsePolicy } from "../../../../src/emulator/iam/rules/policy-document.ts";
import {
  mayBeAllowed,
  withoutUnknown,
} from "../../../../src/emulator/iam/rules/unknown-statements.ts";

const STATEMENT = { Effect: "Allow", Action: "dynamodb:*", Resource: "*" };
const REQUEST = {
  action: "dynamodb:PutItem",
  resource: "arn:aws:dynamodb:us-east-1:123456789012:table/items",
  context: {},
};
const DENIED = { decision: "implicit-deny", nearest: undefined } as const;

function split(statement: object) {
  const parsed = parsePolicy({ Statement: { ...STATEMENT, ...statement } });
  if (parsed.kind !== "ok") throw new Error(parsed.problem);
  return withoutUnknown("own", parsed.policy.statements, ["only-on-aws"]);
}

const when = (key: string, value = "x") => ({ Condition: { StringEquals: { [key]: value } } });

test.each([
  ["of the account", when("aws:PrincipalAccount")],
  ["of the role", when("aws:PrincipalArn")],
  ["of the region", when("AWS:requestedregion")],
  ["of the time", when("aws:CurrentTime")],
  ["with a known variable", when("aws:PrincipalArn", "${aws:PrincipalAccount}")],
  ["with a literal star", when("aws:PrincipalArn", "x${*}")],
])("a statement with a condition %s is judged", (_, statement) => {
  expect(split(statement)).toMatchObject({ known: [{ number: 1 }], atMost: [], reports: [] });
});

test.each([
  [
    "a condition on another key",
    when("aws:SourceIp"),
    "depends on aws:SourceIp, which is not known here",
  ],
  [
    "a variable without a value",
    when("aws:PrincipalArn", "${aws:username}"),
    "has the policy variable ${aws:username}",
  ],
  ["a value that only AWS knows", { Resource: "only-on-aws/*" }, "has a value that only AWS knows"],
  [
    "a reason in braces",
    { Resource: "{{a stack exports it}}" },
    "has a value that only AWS knows: a stack exports it",
  ],
])("a statement with %s may allow its calls, and is reported", (_, statement, why) => {
  const { known, atMost, reports } = split(statement);

  expect(known).toEqual([]);
  const policies = [{ name: "own", document: { statements: atMost } }];
  expect(mayBeAllowed(DENIED, policies, REQUEST)).toBe(true);
  expect(reports).toEqual([
    { effect: "Allow", actions: "dynamodb:*", why: `of the policy own statement 1 ${why}` },
  ]);
});

test("an unknown statement does not allow what a known one denies", () => {
  const policies = [{ name: "own", document: { statements: split(when("aws:SourceIp")).atMost } }];
  const denied = { decision: "explicit-deny", by: { policy: "own", number: 1 } } as const;

  expect(mayBeAllowed(denied, policies, REQUEST)).toBe(false);
  expect(mayBeAllowed(DENIED, policies, { ...REQUEST, action: "s3:GetObject" })).toBe(false);
});

test("an unknown Deny denies nothing, and is reported", () => {
  expect(split({ Effect: "Deny", ...when("aws:SourceIp") })).toMatchObject({
    known: [],
    atMost: [],
    reports: [{ effect: "Deny" }],
  });
});

test("an unknown statement about calls that are never checked is not reported", () => {
  expect(split({ Action: "s3:*", ...when("aws:SourceIp") }).reports).toEqual([]);
});
