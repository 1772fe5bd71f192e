import { expect, test } from "vitest";
import { createManualClock } from "../../../../src/clock.ts";
import { Authorizers } from "../../../../src/emulator/apigateway/authorizers/authorizers.ts";
import { createIntegrations } from "../../../../src/emulator/apigateway/integrations/integration-timeout.ts";
import type { FactId } from "../../../../src/emulator/journal/journal.ts";
import type { FunctionCall, Outcome } from "../../../../src/emulator/lambda/function-call.ts";
import { CONNECTION, held, START } from "../started-gateway.ts";

const ARN = "arn:aws:execute-api:us-east-1:123456789012:abc/dev/$connect";
const ASKED = {
  identity: {
    ...CONNECTION,
    connectionId: "c",
    domainName: "h",
    apiId: "abc",
  },
  sent: { url: "/dev?token=t", rawHeaders: ["X-Own", "x"], traceId: "trace" },
  stamp: { requestId: "r", at: START },
  requested: 3 as FactId,
};
const CHECK = {
  name: "check",
  function: "checker",
  identitySource: [] as readonly string[],
  denied: undefined,
};
const ALLOWS = JSON.stringify({
  principalId: "ann",
  policyDocument: {
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Action: "execute-api:Invoke", Resource: "*" }],
  },
});

function started(answer: (call: FunctionCall) => Promise<Outcome>) {
  const clock = createManualClock(START);
  const calls: FunctionCall[] = [];
  const invoke = (call: FunctionCall) => {
    calls.push(call);
    return answer(call);
  };
  const integrations = createIntegrations(invoke, clock, 60_000);
  const place = { region: "us-east-1", accountId: "123456789012" };
  return { clock, calls, authorizers: new Authorizers({ ...place, clock, integrations }) };
}

const rejection = (statusCode: number, message: string, because: string) => ({
  kind: "reject",
  statusCode,
  headers: { "Content-Type": "application/json; charset=UTF-8", "x-amz-apigw-id": "r" },
  body: `{"message": "${message}", "connectionId":"c", "requestId":"r"}`,
  because,
});

test("calls the authorizer with its event, and allows with the latency rounded", async () => {
  const { clock, calls, authorizers } = started(async () => {
    clock.advance(2.6);
    return { kind: "returned", payload: ALLOWS };
  });
  clock.advance(100);

  expect(await authorizers.authorize(CHECK, ASKED)).toEqual({
    kind: "allowed",
    context: { principalId: "ann", integrationLatency: 3 },
    usageIdentifierKey: undefined,
  });
  expect(calls).toMatchObject([
    {
      functionName: "checker",
      payload: {
        type: "REQUEST",
        methodArn: ARN,
        headers: { "X-Own": "x" },
        queryStringParameters: { token: "t" },
        requestContext: { connectionId: "c", requestId: "r" },
      },
      because: 3,
    },
  ]);
});

test("rejects without a call when an identity source is missing", async () => {
  const { calls, authorizers } = started(async () => ({ kind: "returned", payload: ALLOWS }));
  const sources = ["route.request.querystring.token", "route.request.header.auth"];

  expect(await authorizers.authorize({ ...CHECK, identitySource: sources }, ASKED)).toEqual(
    rejection(
      401,
      "Unauthorized",
      "the identity source route.request.header.auth of the authorizer check is missing or empty",
    ),
  );
  expect(calls).toEqual([]);
});

test("rejects without a call when API Gateway may not invoke the authorizer", async () => {
  const { calls, authorizers } = started(async () => ({ kind: "returned", payload: ALLOWS }));

  expect(await authorizers.authorize({ ...CHECK, denied: "it may not" }, ASKED)).toEqual(
    rejection(500, "Internal server error", "it may not"),
  );
  expect(calls).toEqual([]);
});

test("waits 30 seconds for the authorizer", async () => {
  const slow = held();
  const { clock, authorizers } = started(() => slow.promise);
  let isDecided = false;
  const decided = authorizers.authorize(CHECK, ASKED).finally(() => {
    isDecided = true;
  });

  clock.advance(29_999);
  await new Promise(setImmediate);
  expect(isDecided).toBe(false);
  clock.advance(1);

  expect(await decided).toEqual(
    rejection(500, "Internal server error", "the authorizer check did not answer in time"),
  );
});

test("a policy sees the time of the answer", async () => {
  const { clock, authorizers } = started(async () => {
    clock.advance(2000);
    const condition = { DateGreaterThan: { "aws:CurrentTime": "2026-01-01T00:00:01Z" } };
    return {
      kind: "returned",
      payload: ALLOWS.replace('"Resource"', `"Condition":${JSON.stringify(condition)},"Resource"`),
    };
  });

  expect(await authorizers.authorize(CHECK, ASKED)).toMatchObject({ kind: "allowed" });
});
