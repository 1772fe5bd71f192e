import { expect, test } from "vitest";
import { parsePolicy } from "../../../../src/emulator/iam/rules/policy-document.ts";

const STATEMENT = { Effect: "Allow", Action: "execute-api:Invoke", Resource: "*" };
const problemOf = (value: unknown) => {
  const parsed = parsePolicy(value);
  return parsed.kind === "malformed" ? parsed.problem : undefined;
};

test("3.5 (1): a policy without Version, whose Statement is an object and not a list, is read", () => {
  expect(parsePolicy({ Statement: STATEMENT })).toEqual({
    kind: "ok",
    policy: {
      statements: [
        {
          number: 1,
          effect: "Allow",
          actions: { not: false, patterns: ["execute-api:Invoke"] },
          resources: { not: false, patterns: ["*"] },
          conditions: [],
        },
      ],
    },
  });
});

test("3.5 (7): the Principal of a statement counts for nothing", () => {
  expect(problemOf({ Statement: [{ ...STATEMENT, Principal: "*" }] })).toBeUndefined();
});

test("conditions are read one by one, with values that are numbers and booleans as text", () => {
  const Condition = { NumericLessThan: { "a:one": 5 }, Bool: { "b:two": [true, "false"] } };

  expect(parsePolicy({ Statement: [{ ...STATEMENT, Condition }] })).toMatchObject({
    policy: {
      statements: [
        {
          conditions: [
            { operator: "NumericLessThan", key: "a:one", values: ["5"] },
            { operator: "Bool", key: "b:two", values: ["true", "false"] },
          ],
        },
      ],
    },
  });
});

test.each<[string, unknown, string]>([
  ["a text", "not-a-policy", "the policy is not an object"],
  ["nothing", null, "the policy is not an object"],
  ["no statement", { Version: "2012-10-17" }, "the policy has no Statement"],
  ["a statement that is a text", { Statement: ["Allow"] }, "statement 1 is not an object"],
  ["no Effect", { Statement: [{ Action: "*", Resource: "*" }] }, "statement 1 has no Effect"],
  [
    "3.5 (1): an Effect that is none",
    { Statement: [STATEMENT, { ...STATEMENT, Effect: "allow" }] },
    'statement 2 has the Effect "allow", which is neither Allow nor Deny',
  ],
  ["no Action", { Statement: [{ Effect: "Allow", Resource: "*" }] }, "statement 1 has no Action"],
  ["no Resource", { Statement: { Effect: "Deny", Action: "*" } }, "statement 1 has no Resource"],
  [
    "both Action and NotAction",
    { Statement: [{ ...STATEMENT, NotAction: "*" }] },
    "statement 1 has both Action and NotAction",
  ],
  [
    "an Action that is a number",
    { Statement: [{ ...STATEMENT, Action: [7] }] },
    "statement 1 has an Action that is not a string",
  ],
  [
    "an empty list of resources",
    { Statement: [{ ...STATEMENT, Resource: [] }] },
    "statement 1 has a Resource that is not a string",
  ],
  [
    "a Condition that is a list",
    { Statement: [{ ...STATEMENT, Condition: [] }] },
    "statement 1 has a Condition that is not an object",
  ],
  [
    "an operator that is a text",
    { Statement: [{ ...STATEMENT, Condition: { Bool: "true" } }] },
    "statement 1 has a Condition whose Bool is not an object",
  ],
  [
    "an operator that IAM does not have",
    { Statement: [{ ...STATEMENT, Condition: { IpAdress: { a: "1" } } }] },
    "statement 1 has a Condition with the operator IpAdress, which IAM does not have",
  ],
  [
    "a value that is an object",
    { Statement: [{ ...STATEMENT, Condition: { Bool: { a: {} } } }] },
    "statement 1 has a Condition whose Bool of a is not a string",
  ],
])("%s is not a policy", (_, value, problem) => {
  expect(problemOf(value)).toBe(problem);
});
