import * as v from "valibot";

const connectionId = v.string();
const requestId = v.pipe(v.string(), v.description("The event's `requestContext.requestId`."));
const durationMs = v.number();
const traceParent = v.optional(
  v.pipe(
    v.string(),
    v.description(
      "Last 16 digits of the `awsRequestId` of the caller's event, where its SDK sends them.",
    ),
  ),
);
const caller = v.pipe(
  v.undefinedable(v.string()),
  v.description("The function that called, when its key signed the call."),
);

const miss = v.picklist(["not-json", "no-value", "unknown-key"]);
const value = v.pipe(
  v.undefinedable(v.string()),
  v.description("What the route selection expression gave, if it was evaluated."),
);

const api = v.pipe(v.string(), v.description("The API, by its name in the project."));

/** What happens to connections, messages and posts. @internal */
export const API_GATEWAY_FACT = v.variant("type", [
  v.pipe(
    v.strictObject({
      type: v.literal("connection.requested"),
      connectionId,
      api,
      stage: v.string(),
      handshakeId: v.pipe(
        v.string(),
        v.description("`x-amzn-RequestId` of the answer to the handshake."),
      ),
      sourceIp: v.string(),
      userAgent: v.pipe(
        v.undefinedable(v.string()),
        v.description("Absent when the client sent none."),
      ),
      url: v.string(),
    }),
    v.readonly(),
    v.description("A client asks to connect."),
  ),
  v.pipe(
    v.strictObject({ type: v.literal("connection.opened"), connectionId, durationMs }),
    v.readonly(),
    v.description("A handshake was answered with 101. Caused by `connection.requested`."),
  ),
  v.pipe(
    v.strictObject({
      type: v.literal("connection.refused"),
      connectionId: v.pipe(
        v.undefinedable(v.string()),
        v.description("Absent when the handshake was refused before an id was given."),
      ),
      statusCode: v.number(),
      because: v.pipe(
        v.string(),
        v.description(
          "Such as `unknown-stage`, `connect-handler-failed`, `$connect answered 401`.",
        ),
      ),
      durationMs,
    }),
    v.readonly(),
    v.description(
      "A handshake was answered with an HTTP error. Caused by `connection.requested`, if there was one.",
    ),
  ),
  v.pipe(
    v.strictObject({
      type: v.literal("message.received"),
      connectionId,
      requestId,
      text: v.string(),
      bytes: v.number(),
    }),
    v.readonly(),
    v.description("A client sent a text message."),
  ),
  v.pipe(
    v.strictObject({
      type: v.literal("route.selected"),
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
    v.readonly(),
    v.description("The route of a message, and why. Caused by `message.received`."),
  ),
  v.pipe(
    v.strictObject({
      type: v.literal("message.answered"),
      connectionId,
      requestId,
      routeKey: v.undefinedable(v.string()),
      answer: v.picklist(["silence", "reply", "error"]),
      because: v.string(),
      durationMs,
    }),
    v.readonly(),
    v.description(
      "The gateway's verdict on a message: what went back to its sender, and why. Caused by `route.selected`.",
    ),
  ),
  v.pipe(
    v.strictObject({
      type: v.literal("frame.sent"),
      connectionId,
      text: v.string(),
      cause: v.picklist(["reply", "error", "post"]),
    }),
    v.readonly(),
    v.description(
      "A message went out to a client. A post is caused by the `function.started` whose code posted it; replies and errors are caused by `route.selected`.",
    ),
  ),
  v.pipe(
    v.strictObject({
      type: v.literal("management.answered"),
      method: v.string(),
      connectionId: v.undefinedable(v.string()),
      functionName: caller,
      statusCode: v.number(),
      because: v.string(),
      traceParent,
    }),
    v.readonly(),
    v.description(
      "A call of `@connections` was answered. Caused by the `frame.sent` that it delivered or the `connection.closed` that it brought about, otherwise by the `function.started` whose code called.",
    ),
  ),
  v.pipe(
    v.strictObject({
      type: v.literal("connection.closed"),
      connectionId,
      code: v.number(),
      reason: v.string(),
      by: v.picklist(["client", "gateway"]),
      because: v.pipe(
        v.string(),
        v.description(
          "Such as `client-closed`, `idle`, `age`, `binary-message`, `too-large`, `protocol-error`, `invalid-utf8`, `deleted`, `gateway-stopped`, `lost`.",
        ),
      ),
    }),
    v.readonly(),
    v.description(
      "A connection ended. Caused by the `function.started` whose code deleted it, if that is why.",
    ),
  ),
]);

export type ApiGatewayFact = v.InferOutput<typeof API_GATEWAY_FACT>;
