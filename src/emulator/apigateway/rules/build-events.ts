import type {
  AuthorizerContext,
  ConnectEvent,
  ConnectionIdentity,
  ContextEnd,
  DisconnectEvent,
  MessageEvent,
  Stamp,
  Strings,
} from "./event-types.ts";

/** A handshake as events of `$connect` contain it. */
export type SentHandshake = {
  readonly url: string;
  readonly rawHeaders: readonly string[];
  /** `X-Amzn-Trace-Id`. */
  readonly traceId: string;
};

/**
 * The event of `$connect`. Shape and key order are from published captures.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-integration-requests.html
 */
export function connectEvent(
  connection: ConnectionIdentity,
  handshake: SentHandshake,
  stamp: Stamp,
): ConnectEvent {
  const headers = connectHeaders(
    handshake.rawHeaders,
    connection.identity.sourceIp,
    handshake.traceId,
  );
  return {
    headers: lastValues(headers),
    multiValueHeaders: Object.fromEntries(headers),
    ...queryParameters(handshake.url),
    ...stageVariables(connection),
    requestContext: {
      routeKey: "$connect",
      ...authorizer(connection.authorizer),
      eventType: "CONNECT",
      extendedRequestId: stamp.requestId,
      requestTime: requestTime(stamp.at),
      messageDirection: "IN",
      ...contextEnd(connection, stamp),
    },
    isBase64Encoded: false,
  };
}

/** The event of a message. It has no headers and no query; `body` is the exact text received. */
export function messageEvent(
  connection: ConnectionIdentity,
  message: { readonly routeKey: string; readonly messageId: string; readonly text: string },
  stamp: Stamp,
): MessageEvent {
  const event: MessageEvent = {
    requestContext: {
      routeKey: message.routeKey,
      ...laterAuthorizer(connection),
      messageId: message.messageId,
      eventType: "MESSAGE",
      extendedRequestId: stamp.requestId,
      requestTime: requestTime(stamp.at),
      messageDirection: "IN",
      ...contextEnd(connection, stamp),
    },
    body: message.text,
    isBase64Encoded: false,
  };
  const { stageVariables } = connection;
  return Object.keys(stageVariables).length > 0 ? { stageVariables, ...event } : event;
}

/** The event of `$disconnect`, with its four fixed headers, of which only `Host` has a value. */
export function disconnectEvent(
  connection: ConnectionIdentity,
  close: { readonly code: number; readonly reason: string },
  stamp: Stamp,
): DisconnectEvent {
  const { domainName } = connection;
  return {
    headers: { Host: domainName, "x-api-key": "", "X-Forwarded-For": "", "x-restapi": "" },
    multiValueHeaders: {
      Host: [domainName],
      "x-api-key": [""],
      "X-Forwarded-For": [""],
      "x-restapi": [""],
    },
    ...stageVariables(connection),
    requestContext: {
      routeKey: "$disconnect",
      disconnectStatusCode: close.code,
      ...laterAuthorizer(connection),
      eventType: "DISCONNECT",
      extendedRequestId: stamp.requestId,
      requestTime: requestTime(stamp.at),
      messageDirection: "IN",
      disconnectReason: close.reason,
      ...contextEnd(connection, stamp),
    },
    isBase64Encoded: false,
  };
}

/** The last keys of every context, in order. */
export function contextEnd(connection: ConnectionIdentity, stamp: Stamp): ContextEnd {
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

/** A header or a query parameter with all its values. */
export type Named = readonly [name: string, values: readonly string[]];

const NOT_PASSED_ON = new Set(["connection", "upgrade", "content-length"]);

/**
 * The handshake's headers in an event of `$connect`: some removed, some added, `more` included, in
 * alphabetical order. Assumed: a repeated header has the spelling of its first occurrence, and all else about
 * repeated names.
 */
export function connectHeaders(
  rawHeaders: readonly string[],
  sourceIp: string,
  traceId: string,
  more: readonly Named[] = [],
): readonly Named[] {
  const headers = new Map<string, [name: string, values: string[]]>();
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] ?? "";
    const value = rawHeaders[at + 1] ?? "";
    const key = name.toLowerCase();
    if (NOT_PASSED_ON.has(key)) continue;
    const before = headers.get(key);
    if (before === undefined) headers.set(key, [name, [value]]);
    else before[1].push(value);
  }
  const [, forwardedFor = []] = headers.get("x-forwarded-for") ?? [];
  const chain = [...forwardedFor, sourceIp].join(", ");
  headers.set("x-amzn-trace-id", ["X-Amzn-Trace-Id", [traceId]]);
  headers.set("x-forwarded-for", ["X-Forwarded-For", [chain]]);
  headers.set("x-forwarded-port", ["X-Forwarded-Port", ["443"]]);
  headers.set("x-forwarded-proto", ["X-Forwarded-Proto", ["https"]]);
  const added = more.map((named) => [named[0].toLowerCase(), named] as const);
  return byName<Named>([...headers, ...added]).map(([, named]) => named);
}

/** In alphabetical order; names are unique. */
function byName<Value>(named: readonly (readonly [string, Value])[]): (readonly [string, Value])[] {
  return [...named].sort(([one], [other]) => (one < other ? -1 : 1));
}

function queryParameters(
  url: string,
): Pick<ConnectEvent, "queryStringParameters" | "multiValueQueryStringParameters"> {
  const values = queryValues(url);
  if (values.length === 0) return {};
  const query = byName(values);
  return {
    queryStringParameters: lastValues(query),
    multiValueQueryStringParameters: Object.fromEntries(query),
  };
}

/** The query parameters of a URL in order, each with all its values. */
export function queryValues(url: string): readonly Named[] {
  const start = url.indexOf("?");
  if (start === -1) return [];
  const values = new Map<string, string[]>();
  for (const [name, value] of new URLSearchParams(url.slice(start + 1))) {
    const before = values.get(name);
    if (before === undefined) values.set(name, [value]);
    else before.push(value);
  }
  return [...values];
}

/** Object.fromEntries, because assigning `__proto__` would change the prototype. */
export function lastValues(named: readonly Named[]): Record<string, string> {
  return Object.fromEntries(named.map(([name, values]) => [name, values.at(-1) ?? ""]));
}

function stageVariables({ stageVariables: variables }: ConnectionIdentity): {
  stageVariables?: Strings;
} {
  return Object.keys(variables).length > 0 ? { stageVariables: variables } : {};
}

function authorizer(context: AuthorizerContext | undefined): { authorizer?: AuthorizerContext } {
  return context === undefined ? {} : { authorizer: context };
}

/** After `$connect` the authorizer's latency is absent. */
function laterAuthorizer({ authorizer: context }: ConnectionIdentity): {
  authorizer?: AuthorizerContext;
} {
  if (context === undefined) return {};
  const { integrationLatency: _, ...later } = context;
  return { authorizer: later };
}

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** A cache of the last formatted second: a busy gateway formats the same one many times. */
let lastSecond = { second: Number.NaN, text: "" };

/** Common log format in UTC: `31/Aug/2022:13:34:52 +0000`. */
export function requestTime(at: number): string {
  const second = Math.floor(at / 1000);
  if (second !== lastSecond.second) lastSecond = { second, text: formatTime(at) };
  return lastSecond.text;
}

function formatTime(at: number): string {
  const date = new Date(at);
  const iso = date.toISOString();
  return `${iso.slice(8, 10)}/${MONTHS[date.getUTCMonth()]}/${iso.slice(0, 4)}:${iso.slice(11, 19)} +0000`;
}
