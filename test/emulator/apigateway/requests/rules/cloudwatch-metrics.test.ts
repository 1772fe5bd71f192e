import { expect, test } from "vitest";
import { samplesOf } from "../../../../../src/emulator/apigateway/requests/rules/cloudwatch-metrics.ts";
import { ended } from "../ended.ts";

const NONE = {
  ConnectCount: 0,
  MessageCount: 0,
  ClientError: 0,
  ExecutionError: 0,
  IntegrationError: 0,
  IntegrationLatency: undefined,
};
const INTERNAL = { message: "Internal server error" };
const POST = "POST /@connections/{connectionId}";

test.each<[string, Parameters<typeof ended>[0], object]>([
  [
    "a handshake",
    { eventType: "CONNECT", integrationLatency: 3 },
    { ConnectCount: 1, MessageCount: 1, IntegrationLatency: 3 },
  ],
  [
    "a rejected handshake",
    { eventType: "CONNECT", status: 400 },
    { ConnectCount: 1, MessageCount: 1, ClientError: 1 },
  ],
  [
    "a handshake with the last status of clients",
    { eventType: "CONNECT", status: 499 },
    { ConnectCount: 1, MessageCount: 1, ClientError: 1 },
  ],
  [
    "a redirected handshake",
    { eventType: "CONNECT", status: 399 },
    { ConnectCount: 1, MessageCount: 1 },
  ],
  [
    "a failed handshake",
    { eventType: "CONNECT", status: 500 },
    { ConnectCount: 1, MessageCount: 1, ExecutionError: 1 },
  ],
  [
    "a disconnect",
    { eventType: "DISCONNECT", integrationLatency: 0 },
    { MessageCount: 1, IntegrationLatency: 0 },
  ],
  ["a message without an answer", { isAnswered: false }, { MessageCount: 1 }],
  ["a message with an answer", { isAnswered: true }, { MessageCount: 2 }],
  [
    "a message that no route takes",
    { routeKey: undefined, status: 403, isAnswered: true, error: { message: "Forbidden" } },
    { ClientError: 1 },
  ],
  [
    "a message that the gateway rejects",
    { status: 499, isAnswered: true, error: { message: "Forbidden" } },
    { MessageCount: 1, ClientError: 1 },
  ],
  [
    "a message that fails",
    { status: 500, isAnswered: true, error: INTERNAL },
    { MessageCount: 2, ExecutionError: 1 },
  ],
  [
    "a failed message without an answer",
    { status: 500, isAnswered: false, error: INTERNAL },
    { MessageCount: 1, ExecutionError: 1 },
  ],
  [
    "a post",
    { eventType: "CONNECTION_API", routeKey: POST, integrationLatency: 3 },
    { MessageCount: 1 },
  ],
  [
    "a deletion",
    { eventType: "CONNECTION_API", routeKey: "DELETE /@connections/{connectionId}" },
    {},
  ],
  [
    "a call without a route",
    { eventType: "CONNECTION_API", routeKey: undefined, status: 403 },
    { ClientError: 1 },
  ],
])("the samples of %s", (_, request, samples) => {
  expect(samplesOf(ended(request))).toEqual({ ...NONE, ...samples });
});
