import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import {
  type AuthorizerEvent,
  authorizerEvent,
} from "../../../../../src/emulator/apigateway/authorizers/rules/authorizer-event.ts";

const path = "../../../../../fixtures/events/authorizer.json";
const golden: AuthorizerEvent = JSON.parse(readFileSync(new URL(path, import.meta.url), "utf8"));

test("3.3: makes the captured event of an authorizer, its keys in their order", () => {
  const { requestContext, stageVariables, headers, methodArn } = golden;
  const { connectionId, connectedAt, stage, domainName, apiId, identity } = requestContext;
  const sent = Object.entries(headers).filter(
    ([name]) => !/^(connection|content-length|upgrade|x-amzn-trace-id|x-forwarded-.*)$/i.test(name),
  );
  const event = authorizerEvent(
    { connectionId, connectedAt, stage, stageVariables, domainName, apiId, identity },
    {
      url: "/dev?marker=m1&encoded=a%2Bb+space&repeat=one&repeat=two&tenant=probe-tenant",
      rawHeaders: [["Upgrade", "websocket"], ["Connection", "Upgrade"], ...sent.reverse()].flat(),
      traceId: headers["X-Amzn-Trace-Id"] ?? "",
    },
    { requestId: requestContext.requestId, at: requestContext.requestTimeEpoch },
    methodArn,
  );

  expect(JSON.stringify(event, undefined, 2)).toBe(JSON.stringify(golden, undefined, 2));
});
