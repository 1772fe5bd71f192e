import { expect, test } from "vitest";
import { authorizerEvent } from "../../../../../src/emulator/apigateway/authorizers/rules/authorizer-event.ts";
import {
  allowedAs,
  failed,
  interpretAuthorizerResult,
} from "../../../../../src/emulator/apigateway/authorizers/rules/authorizer-result.ts";

const ARN = "arn:aws:execute-api:us-east-1:123456789012:abc/dev/$connect";
const NOW = Date.UTC(2026, 8, 25);
const ALLOW = { Effect: "Allow", Action: "execute-api:Invoke", Resource: "*" };
const policy = (...statements: object[]) => ({ Version: "2012-10-17", Statement: statements });

const EVENT = authorizerEvent(
  {
    connectionId: "c",
    connectedAt: 0,
    stage: "dev",
    stageVariables: {},
    domainName: "h",
    apiId: "abc",
    identity: { sourceIp: "192.0.2.1", userAgent: "probe" },
  },
  { url: "/dev", rawHeaders: ["rEFERER", "http://page"], traceId: "t" },
  { requestId: "r", at: NOW },
  ARN,
);
const CALL = { name: "check", event: EVENT, latencyMs: 7, now: NOW };

const interpretText = (payload: string) =>
  interpretAuthorizerResult({ kind: "returned", payload }, CALL);
const interpret = (value: object) =>
  interpretText(JSON.stringify({ principalId: "ann", policyDocument: policy(ALLOW), ...value }));

const refused = (statusCode: number, message: string, because: string) => ({
  kind: "rejected",
  statusCode,
  message,
  because,
});
const unusable = (because: string) => refused(500, "", `the authorizer check ${because}`);

test.each([
  [
    "does not answer in time",
    { kind: "timed-out" } as const,
    refused(500, "Internal server error", "the authorizer check did not answer in time"),
  ],
  [
    "fails with Unauthorized",
    { kind: "failed", errorType: "Error", errorMessage: "Unauthorized", trace: [] } as const,
    refused(401, "Unauthorized", 'the authorizer check failed with "Unauthorized"'),
  ],
  [
    "fails",
    { kind: "failed", errorType: "Error", errorMessage: "unauthorized", trace: [] } as const,
    refused(500, "Internal server error", "the authorizer check failed: Error: unauthorized"),
  ],
])("rejects when the authorizer %s", (_, outcome, verdict) => {
  expect(interpretAuthorizerResult(outcome, CALL)).toEqual(verdict);
});

test("an authorizer that cannot be called is an internal error", () => {
  expect(failed("why")).toEqual(refused(500, "Internal server error", "why"));
});

test("allows with the context as strings, the latency, and the usage identifier key", () => {
  const context = { text: "t", number: 1.5, boolean: false, none: null };
  const verdict = interpret({ context, usageIdentifierKey: "key", more: 1 });

  expect(verdict).toEqual({
    kind: "allowed",
    context: {
      principalId: "ann",
      integrationLatency: 7,
      text: "t",
      number: "1.5",
      boolean: "false",
    },
    usageIdentifierKey: "key",
  });
});

test("the context is in the order of a Java hash map, with the gateway's own values", () => {
  const context = { p: "1", o: "2", principalId: "eve", integrationLatency: 1 };
  const verdict = interpret({ context });

  expect(verdict).toMatchObject({ context: { principalId: "ann", integrationLatency: 7 } });
  const names = verdict.kind === "allowed" ? Object.keys(verdict.context) : [];
  expect(names.filter((name) => name.length === 1)).toEqual(["p", "o"]);
  expect(names).toHaveLength(4);
});

test.each([[undefined], [null]])("a principalId of %s is absent", (principalId) => {
  expect(interpret({ principalId, context: null })).toEqual({
    kind: "allowed",
    context: { integrationLatency: 7 },
    usageIdentifierKey: undefined,
  });
});

test.each<[string, object, string]>([
  [
    "a principalId of another kind",
    { principalId: {} },
    "returned an answer of which the principalId is not a string",
  ],
  [
    "a context of another kind",
    { context: [] },
    "returned an answer of which the context is not an object",
  ],
  [
    "a nested context",
    { context: { a: "b", list: [] } },
    "returned an answer of which list in the context is not a string, number or boolean",
  ],
  ["no policy", { policyDocument: undefined }, "returned no policyDocument"],
  [
    "a resource that is too long",
    { policyDocument: policy({ ...ALLOW, Resource: ["*", "x".repeat(513)] }) },
    "returned a Resource of more than 512 characters",
  ],
])("rejects an answer with %s", (_, answer, because) => {
  expect(interpret(answer)).toEqual(unusable(because));
});

test.each(["null", "[]", "1", "not JSON"])("rejects the answer %s", (payload) => {
  expect(interpretText(payload)).toEqual(unusable("did not return an object"));
});

test("rejects a malformed policy with its problem", () => {
  expect(interpret({ policyDocument: "no" })).toEqual({
    ...unusable(""),
    because: expect.stringMatching(/^the authorizer check returned an invalid policyDocument: .+/),
  });
});

test("a resource of 512 characters is not too long", () => {
  const long = { ...ALLOW, Resource: ["*", "x".repeat(512)] };

  expect(interpret({ policyDocument: policy(long) })).toMatchObject({ kind: "allowed" });
});

test("an answer of 8 KB is read, one more byte is not", () => {
  const bytes = (length: number) => {
    const answer = JSON.stringify({ principalId: "ann", policyDocument: policy(ALLOW), more: "" });
    return interpretText(answer.replace('""', `"${"x".repeat(length - answer.length)}"`));
  };

  expect(bytes(8192)).toMatchObject({ kind: "allowed" });
  expect(bytes(8193)).toEqual(
    unusable("returned 8193 bytes, which exceeds API Gateway's limit of 8192"),
  );
});

test.each<[string, readonly object[], string, string]>([
  [
    "denies",
    [ALLOW, { ...ALLOW, Effect: "Deny" }],
    "User is not authorized to access this resource with an explicit deny in an identity-based policy",
    "the policy of the authorizer check denies execute-api:Invoke in statement 2",
  ],
  [
    "does not allow",
    [{ ...ALLOW, Resource: "arn:other" }],
    "User is not authorized to access this resource because no identity-based policy allows the execute-api:Invoke action",
    `the policy of the authorizer check does not allow execute-api:Invoke on ${ARN}; the Resource of statement 1 is arn:other`,
  ],
])("a policy that %s is a 403", (_, statements, message, because) => {
  expect(interpret({ policyDocument: policy(...statements) })).toEqual(
    refused(403, message, because),
  );
});

test.each([
  ["aws:SourceIp", "192.0.2.1"],
  ["aws:UserAgent", "probe"],
  ["aws:Referer", "http://page"],
  ["aws:CurrentTime", "2026-09-25T00:00:00.000Z"],
])("a condition of the policy sees %s", (key, value) => {
  const when = (wanted: string) => ({ ...ALLOW, Condition: { StringEquals: { [key]: wanted } } });

  expect(interpret({ policyDocument: policy(when(value)) })).toMatchObject({ kind: "allowed" });
  expect(interpret({ policyDocument: policy(when("x")) })).toMatchObject({ statusCode: 403 });
});

test("a mock identity is allowed without a latency", () => {
  const identity = { principalId: "ann", context: { plan: "free" }, usageIdentifierKey: "key" };

  expect(allowedAs(identity)).toEqual({
    kind: "allowed",
    context: { principalId: "ann", plan: "free", integrationLatency: 0 },
    usageIdentifierKey: "key",
  });
  expect(() => allowedAs({ context: { list: [] } } as never)).toThrow(
    "an unchecked identity: list in the context is not a string, number or boolean",
  );
});
