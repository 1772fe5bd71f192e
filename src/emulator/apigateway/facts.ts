import * as v from "valibot";
import { caller, described, fact, traceParent } from "../journal/facts.ts";

const connectionId = v.string();
const requestId = described(v.string(), "The event's `requestContext.requestId`.");
const durationMs = v.number();
const miss = v.picklist(["not-json", "no-value", "unknown-key"]);
const value = described(
  v.undefinedable(v.string()),
  "Result of the route selection expression, if it was evaluated.",
);

const api = described(v.string(), "The API, by its name in the project.");

/** Facts about connections, messages and posts. @internal */
export const API_GATEWAY_FACT = v.variant("type", [
  fact("connection.requested", "A client asks to connect.", {
    connectionId,
    api,
    stage: v.string(),
    handshakeId: described(v.string(), "`Sec-WebSocket-Accept` of the handshake's response."),
    sourceIp: v.string(),
    userAgent: described(v.undefinedable(v.string()), "Absent when the client sent none."),
    url: v.string(),
  }),
  fact(
    "connection.opened",
    "The gateway answered a handshake with 101. Caused by `connection.requested`.",
    { connectionId, durationMs },
  ),
  fact(
    "connection.refused",
    "The gateway answered a handshake with an HTTP error. Caused by `connection.requested`, if there was one.",
    {
      connectionId: described(
        v.undefinedable(v.string()),
        "Absent when the gateway rejected the handshake before it assigned an id.",
      ),
      statusCode: v.number(),
      because: described(
        v.string(),
        "Such as `unknown-stage`, `connect-handler-failed`, `$connect answered 401`.",
      ),
      path: v.exactOptional(
        described(v.string(), "The requested path, if it is not that of a stage."),
      ),
      durationMs,
    },
  ),
  fact("message.received", "A client sent a text message.", {
    connectionId,
    requestId,
    text: v.string(),
    bytes: v.number(),
  }),
  fact("route.selected", "The route of a message, and why. Caused by `message.received`.", {
    connectionId,
    api,
    requestId,
    selection: v.variant("kind", [
      v.pipe(
        v.strictObject({
          kind: v.literal("route"),
          routeKey: v.string(),
          because: v.picklist(["matched", ...miss.options]),
          value,
        }),
        v.readonly(),
      ),
      v.pipe(v.strictObject({ kind: v.literal("none"), because: miss, value }), v.readonly()),
    ]),
  }),
  fact(
    "integration.called",
    "The gateway called an integration other than a Lambda proxy. Caused by `route.selected`, `connection.requested` or `connection.closed`.",
    {
      connectionId,
      api,
      requestId,
      routeKey: v.string(),
      integrationType: v.picklist(["aws", "http", "http-proxy", "lambda", "mock"]),
      target: described(
        v.string(),
        "Such as `POST https://backend.example.com/in`, `sqs SendMessage`, the name of a function, or `mock`.",
      ),
      headers: described(
        v.record(v.string(), v.string()),
        "Several values of a header are joined by commas.",
      ),
      body: v.string(),
    },
  ),
  fact("integration.answered", "The result of an integration. Caused by `integration.called`.", {
    connectionId,
    requestId,
    routeKey: v.string(),
    target: described(v.string(), "The `target` of `integration.called`."),
    outcome: v.variant("kind", [
      v.pipe(
        v.strictObject({
          kind: v.literal("answered"),
          statusCode: v.number(),
          body: v.string(),
        }),
        v.readonly(),
      ),
      v.pipe(v.strictObject({ kind: v.literal("failed"), because: v.string() }), v.readonly()),
      v.pipe(v.strictObject({ kind: v.literal("timed-out") }), v.readonly()),
    ]),
    isRecorded: described(
      v.boolean(),
      "True when no program on this machine answers for the service. wsgw only recorded the call and generated the answer.",
    ),
    durationMs: v.number(),
  }),
  fact(
    "message.answered",
    "The gateway's answer to a message, and why. Caused by `route.selected`.",
    {
      connectionId,
      requestId,
      routeKey: v.undefinedable(v.string()),
      answer: v.picklist(["silence", "reply", "error"]),
      because: v.string(),
      durationMs,
    },
  ),
  fact(
    "frame.sent",
    "The gateway sent a message to a client. A post is caused by the `function.started` that posted it, replies and errors by `route.selected`.",
    { connectionId, text: v.string(), cause: v.picklist(["reply", "error", "post"]) },
  ),
  fact(
    "access.logged",
    "wsgw wrote a line to the access log of a stage. Caused by `connection.requested` or `route.selected` of the request, or by `connection.closed`.",
    {
      connectionId: described(
        v.undefinedable(v.string()),
        "Absent for a call of `@connections` without a connection id.",
      ),
      api,
      stage: v.string(),
      line: described(v.string(), "In the stage's own format."),
    },
  ),
  fact(
    "execution.logged",
    "The execution log of a stage got a line: all lines of a request come when it has been answered. Caused by what causes `access.logged`.",
    {
      connectionId: described(
        v.undefinedable(v.string()),
        "Absent for a call of `@connections` that names none.",
      ),
      api,
      stage: v.string(),
      requestId,
      logGroup: described(v.string(), "The log group in CloudWatch."),
      logStream: v.string(),
      line: described(v.string(), "Begins with the id of the request; 1,024 bytes at most."),
    },
  ),
  fact(
    "management.answered",
    "The gateway answered a call of `@connections`. Caused by its `frame.sent` or `connection.closed`, otherwise by the `function.started` that called.",
    {
      method: v.string(),
      connectionId: v.undefinedable(v.string()),
      functionName: caller,
      statusCode: v.number(),
      because: v.string(),
      path: v.optional(
        described(v.string(), "The requested path, if it is not below that of a stage."),
      ),
      traceParent,
    },
  ),
  fact(
    "connection.closed",
    "A connection ended. Caused by the `function.started` that deleted it, if one did.",
    {
      connectionId,
      code: v.number(),
      reason: v.string(),
      by: v.picklist(["client", "gateway"]),
      because: described(
        v.string(),
        "Such as `client-closed`, `idle`, `age`, `binary-message`, `too-large`, `protocol-error`, `invalid-utf8`, `deleted`, `gateway-stopped`, `lost`.",
      ),
    },
  ),
]);

export type ApiGatewayFact = v.InferOutput<typeof API_GATEWAY_FACT>;
