import { expect, test } from "vitest";
import type { AuthorizerEvent } from "../../../../../src/emulator/apigateway/authorizers/rules/authorizer-event.ts";
import { missingSource } from "../../../../../src/emulator/apigateway/authorizers/rules/identity-sources.ts";

const EVENT: AuthorizerEvent = {
  type: "REQUEST",
  methodArn: "arn:x",
  headers: { "X-Token": "t", "X-Empty": "" },
  multiValueHeaders: {},
  queryStringParameters: { token: "t", empty: "" },
  multiValueQueryStringParameters: {},
  stageVariables: { table: "rooms" },
  requestContext: {
    routeKey: "$connect",
    eventType: "CONNECT",
    extendedRequestId: "r",
    requestTime: "now",
    messageDirection: "IN",
    stage: "dev",
    connectedAt: 0,
    requestTimeEpoch: 5,
    identity: { sourceIp: "127.0.0.1", userAgent: "probe", apiKey: "k" },
    requestId: "r",
    domainName: "h",
    connectionId: "c",
    apiId: "abc",
  },
};

test.each([
  ...["route.request.header.X-Token", "route.request.header.x-tOKEN"],
  ...["route.request.querystring.token", "stageVariables.table", "context.apiId"],
  ...["context.connectedAt", "context.connectionId", "context.domainName"],
  ...["context.identity.sourceIp", "context.identity.userAgent", "context.requestId"],
  ...["context.requestTimeEpoch", "context.routeKey", "context.stage"],
])("%s is found", (source) => {
  expect(missingSource([source], EVENT)).toBeUndefined();
});

test.each([
  ...["route.request.header.X-Other", "route.request.header.X-Empty"],
  ...["route.request.querystring.Token", "route.request.querystring.empty"],
  ...["route.request.querystring.toString", "stageVariables.other"],
  ...["context.eventType", "context.messageDirection", "context.identity.apiKey"],
  ...["context.other", "other.table", "xstageVariables.table", "route.request.header."],
])("%s is missing", (source) => {
  expect(missingSource([source], EVENT)).toBe(source);
});

test("names the first source that is missing", () => {
  const sources = ["stageVariables.table", "context.a", "context.b"];

  expect(missingSource(sources, EVENT)).toBe("context.a");
  expect(missingSource([], EVENT)).toBeUndefined();
});

test("a user agent that is not sent is missing", () => {
  const { userAgent: _, ...identity } = EVENT.requestContext.identity;
  const event = { ...EVENT, requestContext: { ...EVENT.requestContext, identity } };

  expect(missingSource(["context.identity.userAgent"], event)).toBe("context.identity.userAgent");
});
