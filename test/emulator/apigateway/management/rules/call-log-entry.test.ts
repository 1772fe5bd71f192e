import { expect, test } from "vitest";
import { endedCall } from "../../../../../src/emulator/apigateway/management/rules/call-log-entry.ts";

test("a call of @connections has in the access log what was captured on AWS", () => {
  const identity = { userAgent: "sdk", sourceIp: "192.0.2.1" };
  const answer = { statusCode: 410, headers: { a: "b" }, body: "" };
  const body = Buffer.from("hi");

  expect(
    endedCall({
      method: "POST",
      connectionId: "gbgZYs78uQAYKEiBfA==",
      host: "abcdef1234.execute-api.us-east-1.amazonaws.com",
      identity,
      ids: { requestId: "r-1", apigwId: "x=" },
      body,
      answer,
      at: 5,
    }),
  ).toEqual({
    eventType: "CONNECTION_API",
    routeKey: "POST /@connections/{connectionId}",
    status: 410,
    stamp: { requestId: "r-1", at: 5 },
    extendedRequestId: "x=",
    connection: {
      connectionId: "gbgZYs78uQAYKEiBfA==",
      domainName: "abcdef1234.execute-api.us-east-1.amazonaws.com",
      identity,
    },
    integrationLatency: 0,
    call: { body, answer },
  });
});
