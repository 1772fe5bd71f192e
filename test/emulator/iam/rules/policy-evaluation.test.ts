import { expect, test } from "vitest";
import type { RequestContext } from "../../../../src/emulator/iam/rules/condition-operators.ts";
import { parsePolicy } from "../../../../src/emulator/iam/rules/policy-document.ts";
import { evaluatePolicies } from "../../../../src/emulator/iam/rules/policy-evaluation.ts";

const CONNECT = "arn:aws:execute-api:us-east-1:123456789012:abcdef1234/dev/$connect";
const API = "arn:aws:execute-api:us-east-1:123456789012:abcdef1234";

function decide(statements: unknown, context: RequestContext = {}) {
  const parsed = parsePolicy({ Statement: statements });
  if (parsed.kind === "malformed") throw new Error(parsed.problem);
  return evaluatePolicies([{ name: "own", document: parsed.policy }], {
    action: "execute-api:Invoke",
    resource: CONNECT,
    context,
  });
}

const allow = (more: object = {}) => ({
  Effect: "Allow",
  Action: "execute-api:Invoke",
  Resource: CONNECT,
  ...more,
});

test.each([
  ["3.5 (2): the resource is the route's own ARN", {}, "allow"],
  ["3.5 (3): actions match without regard to case", { Action: "EXECUTE-API:invoke" }, "allow"],
  ["3.5 (3): an action with *", { Action: "execute-api:*" }, "allow"],
  ["3.5 (3): an action with ?", { Action: "execute-api:Invok?" }, "allow"],
  ["3.5 (3): a list of actions", { Action: ["s3:GetObject", "execute-api:Invoke"] }, "allow"],
  ["3.5 (3): another action", { Action: "execute-api:ManageConnections" }, "implicit-deny"],
  ["3.5 (3): NotAction of another", { Action: undefined, NotAction: "s3:*" }, "allow"],
  ["3.5 (3): NotAction of this", { Action: undefined, NotAction: "*:invoke" }, "implicit-deny"],
  ["3.5 (3): NotResource of another", { Resource: undefined, NotResource: `${API}/a` }, "allow"],
  ["3.5 (3): NotResource of this", { Resource: undefined, NotResource: "*" }, "implicit-deny"],
  ["3.5 (5): * for everything", { Resource: "*" }, "allow"],
  ["3.5 (5): * over slashes", { Resource: `${API}/*` }, "allow"],
  ["3.5 (5): * behind the stage", { Resource: `${API}/dev/*` }, "allow"],
  ["3.5 (5): a REST-shaped resource", { Resource: `${API}/dev/*/*` }, "implicit-deny"],
  ["3.5 (5): a resource with a method", { Resource: `${API}/dev/GET/*` }, "implicit-deny"],
  ["3.5 (5): * in the place of a method", { Resource: `${API}/dev/*/$connect` }, "implicit-deny"],
  ["3.5 (5): ? for one character", { Resource: CONNECT.replace("dev", "d?v") }, "allow"],
  ["3.5 (5): ? for none", { Resource: `${CONNECT}?` }, "implicit-deny"],
  ["resources match with regard to case", { Resource: CONNECT.toUpperCase() }, "implicit-deny"],
])("%s", (_, more, decision) => {
  expect(decide([allow(more)]).decision).toBe(decision);
});

test("3.5 (4): a statement that denies takes precedence over one that allows, in any order", () => {
  const deny = allow({ Effect: "Deny", Resource: "*" });

  expect(decide([allow(), deny])).toEqual({
    decision: "explicit-deny",
    by: { policy: "own", number: 2 },
  });
  expect(decide([deny, allow()]).decision).toBe("explicit-deny");
});

test("3.5 (4): without a statement that applies the answer is an implicit deny", () => {
  expect(decide([])).toEqual({ decision: "implicit-deny", nearest: undefined });
  expect(decide([allow({ Effect: "Deny", Resource: "arn:other" })])).toEqual({
    decision: "implicit-deny",
    nearest: undefined,
  });
});

test("the statement that allows is named", () => {
  expect(decide([allow({ Action: "s3:*" }), allow()])).toEqual({
    decision: "allow",
    by: { policy: "own", number: 2 },
  });
});

test("the statement that almost allows is named, one with the right action first", () => {
  const otherAction = allow({ Action: "execute-api:ManageConnections" });
  const rest = allow({ Resource: [`${API}/dev/*/*`, `${API}/prod/*`] });

  expect(decide([otherAction, rest])).toMatchObject({
    nearest: {
      policy: "own",
      number: 2,
      part: "Resource",
      written: `${API}/dev/*/*, ${API}/prod/*`,
    },
  });
  expect(decide([otherAction])).toMatchObject({
    nearest: { number: 1, part: "Action", written: "execute-api:ManageConnections" },
  });
  expect(decide([allow({ Action: "s3:*", Resource: "*:no" })])).toMatchObject({
    nearest: undefined,
  });
  const ipOnly = allow({ Condition: { IpAddress: { "aws:SourceIp": "10.0.0.0/8" } } });
  expect(decide([ipOnly])).toMatchObject({
    nearest: { part: "Condition", written: "IpAddress aws:SourceIp 10.0.0.0/8" },
  });
});

const REQUEST: RequestContext = {
  "aws:sourceip": "10.1.2.3",
  "aws:securetransport": "true",
  "aws:currenttime": "2026-09-25T12:00:00.000Z",
  "aws:epochtime": "1790337600",
  "aws:useragent": "my-client/1.0",
  "aws:arn": "arn:aws:iam::123456789012:user/ann",
  "aws:tagkeys": ["a", "b"],
};

test.each([
  ["IpAddress", "aws:SourceIp", "10.0.0.0/8", true],
  ["IpAddress", "aws:SourceIp", ["192.168.0.0/16", "10.1.2.3"], true],
  ["IpAddress", "aws:SourceIp", "10.1.2.4/32", false],
  ["IpAddress", "aws:SourceIp", "10.1.2.0/99", false],
  ["IpAddress", "aws:SourceIp", "2001:db8::/32", false],
  ["IpAddress", "aws:SourceIp", "not an address", false],
  ["NotIpAddress", "aws:SourceIp", "10.0.0.0/8", false],
  ["NotIpAddress", "aws:SourceIp", "192.168.0.0/16", true],
  ["Bool", "aws:SecureTransport", "true", true],
  ["Bool", "aws:SecureTransport", true, true],
  ["Bool", "aws:SecureTransport", "false", false],
  ["DateGreaterThan", "aws:CurrentTime", "2026-09-25T11:59:59Z", true],
  ["DateGreaterThan", "aws:CurrentTime", "2026-09-25T12:00:00Z", false],
  ["DateGreaterThanEquals", "aws:CurrentTime", "2026-09-25T12:00:00Z", true],
  ["DateLessThan", "aws:CurrentTime", "2026-09-25T12:00:01Z", true],
  ["DateLessThan", "aws:CurrentTime", "2026-09-25T12:00:00Z", false],
  ["DateLessThanEquals", "aws:CurrentTime", "1790337600", true],
  ["DateEquals", "aws:EpochTime", "2026-09-25T12:00:00Z", true],
  ["DateNotEquals", "aws:EpochTime", "2026-09-25T12:00:00Z", false],
  ["DateLessThan", "aws:CurrentTime", "no date", false],
  ["NumericEquals", "aws:EpochTime", 1790337600, true],
  ["NumericNotEquals", "aws:EpochTime", 1790337600, false],
  ["NumericLessThan", "aws:EpochTime", 1790337600, false],
  ["NumericLessThanEquals", "aws:EpochTime", 1790337600, true],
  ["NumericGreaterThan", "aws:EpochTime", 1790337599, true],
  ["NumericGreaterThan", "aws:EpochTime", 1790337600, false],
  ["NumericGreaterThanEquals", "aws:EpochTime", 1790337600, true],
  ["NumericEquals", "aws:UserAgent", 1, false],
  ["StringEquals", "aws:UserAgent", "my-client/1.0", true],
  ["StringEquals", "AWS:useragent", "my-client/1.0", true],
  ["StringEquals", "aws:UserAgent", "My-Client/1.0", false],
  ["StringNotEquals", "aws:UserAgent", ["a", "b"], true],
  ["StringNotEquals", "aws:UserAgent", ["a", "my-client/1.0"], false],
  ["StringEqualsIgnoreCase", "aws:UserAgent", "My-Client/1.0", true],
  ["StringNotEqualsIgnoreCase", "aws:UserAgent", "My-Client/1.0", false],
  ["StringLike", "aws:UserAgent", "my-*", true],
  ["StringNotLike", "aws:UserAgent", "my-*", false],
  ["BinaryEquals", "aws:UserAgent", "my-client/1.0", true],
  ["ArnLike", "aws:Arn", "arn:aws:iam::*:user/*", true],
  ["ArnEquals", "aws:Arn", "arn:*:user/ann", false],
  ["ArnNotLike", "aws:Arn", "arn:aws:iam::*:role/*", true],
  ["ArnNotEquals", "aws:Arn", "arn:aws:iam::*:user/*", false],
  ["Null", "aws:Referer", "true", true],
  ["Null", "aws:Referer", "false", false],
  ["Null", "aws:UserAgent", "false", true],
  ["Null", "aws:UserAgent", true, false],
  ["Null", "aws:Referer", "True", true],
  ["StringEquals", "aws:Referer", "x", false],
  ["StringNotEquals", "aws:Referer", "x", true],
  ["StringEqualsIfExists", "aws:Referer", "x", true],
  ["StringEqualsIfExists", "aws:UserAgent", "x", false],
  ["ForAnyValue:StringEquals", "aws:TagKeys", ["b", "c"], true],
  ["ForAnyValue:StringEquals", "aws:TagKeys", ["c"], false],
  ["ForAnyValue:StringEquals", "aws:Referer", ["c"], false],
  ["ForAnyValue:StringNotEquals", "aws:Referer", ["c"], false],
  ["ForAllValues:StringEquals", "aws:TagKeys", ["a", "b", "c"], true],
  ["ForAllValues:StringEquals", "aws:TagKeys", ["a"], false],
  ["ForAllValues:StringEquals", "aws:Referer", ["a"], true],
  ["StringLike", "aws:Arn", "*:user/${aws:UserAgent}", false],
  ["StringEquals", "aws:UserAgent", "${aws:UserAgent}", true],
  ["StringEquals", "aws:UserAgent", "${*}", false],
])("3.5 (6): %s of %s with %j is %s", (operator, key, value, holds) => {
  const statement = allow({ Condition: { [operator]: { [key]: value } } });

  expect(decide([statement], REQUEST).decision).toBe(holds ? "allow" : "implicit-deny");
});

test("all conditions of a statement must hold", () => {
  const Condition = {
    Bool: { "aws:SecureTransport": "true" },
    StringLike: { "aws:UserAgent": "other*" },
  };

  expect(decide([allow({ Condition })], REQUEST).decision).toBe("implicit-deny");
});

test("a pattern of many stars is decided at once", () => {
  const Resource = `${"*a".repeat(60)}b`;
  const statement = allow({ Resource });

  expect(decide([statement]).decision).toBe("implicit-deny");
});
