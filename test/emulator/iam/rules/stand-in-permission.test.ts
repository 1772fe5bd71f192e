import { expect, test } from "vitest";
import { parsePolicy } from "../../../../src/emulator/iam/rules/policy-document.ts";
import { allowsStandIn } from "../../../../src/emulator/iam/rules/stand-in-permission.ts";

function policies(Effect: string, Action: string) {
  const parsed = parsePolicy({ Statement: { Effect, Action, Resource: "arn:aws:sqs:::orders" } });
  return parsed.kind === "ok" ? [{ name: "own", document: parsed.policy }] : [];
}

const NOTHING = { policies: [], mayAllow: [], ownPolicies: [] };

test.each([
  ["Allow", "SQS:send*", true],
  ["Allow", "sqs:ReceiveMessage", false],
  ["Deny", "sqs:*", false],
])("%s of %s lets a function send to any local queue: %s", (effect, action, expected) => {
  const role = { ...NOTHING, policies: policies(effect, action) };
  expect(allowsStandIn(role, "sqs", "sqs:SendMessage")).toBe(expected);
});

test("a statement that is not known completely may allow it too", () => {
  const role = { ...NOTHING, mayAllow: policies("Allow", "sqs:*") };
  expect(allowsStandIn(role, "sqs", "sqs:SendMessage")).toBe(true);
  expect(allowsStandIn(NOTHING, "sqs", "sqs:SendMessage")).toBe(false);
});

test("calls to a service whose queues have policies of their own are not checked", () => {
  const role = { ...NOTHING, ownPolicies: ["sqs"] };
  expect(allowsStandIn(role, "sqs", "sqs:SendMessage")).toBe(true);
  expect(allowsStandIn(role, "sns", "sns:Publish")).toBe(false);
});
