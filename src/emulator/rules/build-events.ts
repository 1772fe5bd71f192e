import type {
  AuthorizerContext,
  CommonContext,
  ConnectEvent,
  ConnectionIdentity,
  DisconnectEvent,
  MessageEvent,
  Stamp,
  Strings,
} from "./events.ts";

/**
 * The event of `$connect`. `rawHeaders` and `url` are the handshake's own; `traceId` becomes
 * `X-Amzn-Trace-Id`. Shape and key order are from published captures.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-integration-requests.html
 */
export function connectEvent(
  connection: ConnectionIdentity,
  handshake: {
    readonly url: string;
    readonly rawHeaders: readonly string[];
    readonly traceId: string;
  },
  stamp: Stamp,
): ConnectEvent {
  const headers = connectHeaders(
    handshake.rawHeaders,
    connection.identity.sourceIp,
    handshake.traceId,
  );
  const query = [...new URLSearchParams(handshake.url.split("?").slice(1).join("?"))];
  return {
    headers: lastValues(headers),
    multiValueHeaders: allValues(headers),
    ...(query.length > 0 && {
      queryStringParameters: lastValues(query),
      multiValueQueryStringParameters: allValues(query),
    }),
    ...stageVariables(connection),
    requestContext: {
      routeKey: "$connect",
      ...authorizer(connection.authorizer),
      eventType: "CONNECT",
      ...requestPart(stamp),
      ...connectionPart(connection, stamp),
    },
    isBase64Encoded: false,
  };
}

/** The event of a message: no headers, no query; `body` is the exact text that came. */
export function messageEvent(
  connection: ConnectionIdentity,
  message: { readonly routeKey: string; readonly messageId: string; readonly text: string },
  stamp: Stamp,
): MessageEvent {
  // Written out: spreading the common parts would take three times as long, for every message.
  return {
    ...stageVariables(connection),
    requestContext: {
      routeKey: message.routeKey,
      ...laterAuthorizer(connection),
      messageId: message.messageId,
      eventType: "MESSAGE",
      extendedRequestId: stamp.requestId,
      requestTime: requestTime(stamp.at),
      messageDirection: "IN",
      stage: connection.stage,
      connectedAt: connection.connectedAt,
      requestTimeEpoch: stamp.at,
      identity: connection.identity,
      requestId: stamp.requestId,
      domainName: connection.domainName,
      connectionId: connection.connectionId,
      apiId: connection.apiId,
    },
    body: message.text,
    isBase64Encoded: false,
  };
}

/** The event of `$disconnect`, with its four fixed headers of which only `Host` has a value. */
export function disconnectEvent(
  connection: ConnectionIdentity,
  close: { readonly code: number; readonly reason: string },
  stamp: Stamp,
): DisconnectEvent {
  const headers: [string, string][] = [
    ["Host", connection.domainName],
    ["x-api-key", ""],
    ["X-Forwarded-For", ""],
    ["x-restapi", ""],
  ];
  return {
    headers: lastValues(headers),
    multiValueHeaders: allValues(headers),
    ...stageVariables(connection),
    requestContext: {
      routeKey: "$disconnect",
      disconnectStatusCode: close.code,
      ...laterAuthorizer(connection),
      eventType: "DISCONNECT",
      ...requestPart(stamp),
      disconnectReason: close.reason,
      ...connectionPart(connection, stamp),
    },
    isBase64Encoded: false,
  };
}

const NOT_PASSED_ON = new Set(["connection", "upgrade", "content-length"]);

/**
 * The handshake's headers as `$connect` sees them: some taken out, some added, in alphabetical order.
 * One that came several times has the name as it came first; assumed, as all about repeated names is.
 */
function connectHeaders(
  rawHeaders: readonly string[],
  sourceIp: string,
  traceId: string,
): [string, string][] {
  const headers: [string, string][] = [];
  const spellings = new Map<string, string>();
  const forwardedFor: string[] = [];
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] ?? "";
    const value = rawHeaders[at + 1] ?? "";
    const key = name.toLowerCase();
    if (key === "x-forwarded-for") forwardedFor.push(value);
    else if (!NOT_PASSED_ON.has(key) && !ADDED.has(key)) {
      const spelling = spellings.get(key) ?? name;
      spellings.set(key, spelling);
      headers.push([spelling, value]);
    }
  }
  headers.push(["X-Amzn-Trace-Id", traceId]);
  headers.push(["X-Forwarded-For", [...forwardedFor, sourceIp].join(", ")]);
  headers.push(["X-Forwarded-Port", "443"], ["X-Forwarded-Proto", "https"]);
  return headers.sort(([a], [b]) => compare(a.toLowerCase(), b.toLowerCase()));
}

const ADDED = new Set(["x-amzn-trace-id", "x-forwarded-port", "x-forwarded-proto"]);

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function lastValues(pairs: readonly (readonly [string, string])[]): Record<string, string> {
  return Object.fromEntries(pairs);
}

function allValues(pairs: readonly (readonly [string, string])[]): Record<string, string[]> {
  const values = new Map<string, string[]>();
  for (const [name, value] of pairs) values.set(name, [...(values.get(name) ?? []), value]);
  return Object.fromEntries(values);
}

function stageVariables({ stageVariables: variables }: ConnectionIdentity): {
  stageVariables?: Strings;
} {
  return Object.keys(variables).length > 0 ? { stageVariables: variables } : {};
}

function authorizer(context: AuthorizerContext | undefined): { authorizer?: AuthorizerContext } {
  return context === undefined ? {} : { authorizer: context };
}

/** After `$connect` the authorizer's latency is gone. */
function laterAuthorizer({ authorizer: context }: ConnectionIdentity): {
  authorizer?: AuthorizerContext;
} {
  if (context === undefined) return {};
  const { integrationLatency: _, ...later } = context;
  return { authorizer: later };
}

function requestPart(
  stamp: Stamp,
): Pick<CommonContext, "extendedRequestId" | "requestTime" | "messageDirection"> {
  return {
    extendedRequestId: stamp.requestId,
    requestTime: requestTime(stamp.at),
    messageDirection: "IN",
  };
}

function connectionPart(
  connection: ConnectionIdentity,
  stamp: Stamp,
): Omit<CommonContext, "extendedRequestId" | "requestTime" | "messageDirection"> {
  return {
    stage: connection.stage,
    connectedAt: connection.connectedAt,
    requestTimeEpoch: stamp.at,
    identity: connection.identity,
    requestId: stamp.requestId,
    domainName: connection.domainName,
    connectionId: connection.connectionId,
    apiId: connection.apiId,
  };
}

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** The text of the second that was asked for last: a busy gateway asks for the same one many times. */
let lastSecond = { second: Number.NaN, text: "" };

/** Common log format in UTC: `31/Aug/2022:13:34:52 +0000`. */
function requestTime(at: number): string {
  const second = Math.floor(at / 1000);
  if (second !== lastSecond.second) lastSecond = { second, text: formatTime(at) };
  return lastSecond.text;
}

function formatTime(at: number): string {
  const date = new Date(at);
  const iso = date.toISOString();
  return `${iso.slice(8, 10)}/${MONTHS[date.getUTCMonth()]}/${iso.slice(0, 4)}:${iso.slice(11, 19)} +0000`;
}
