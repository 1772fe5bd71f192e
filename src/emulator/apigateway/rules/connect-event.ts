import { contextEnd, requestTime, stageVariables } from "./event-context.ts";
import type {
  AuthorizerContext,
  ConnectEvent,
  ConnectionIdentity,
  Identity,
  Stamp,
} from "./event-types.ts";

/** A handshake as events of `$connect` contain it. */
export type SentHandshake = {
  readonly url: string;
  readonly rawHeaders: readonly string[];
  /** `X-Amzn-Trace-Id`. */
  readonly traceId: string;
};

/**
 * The event of `$connect`. Shape and key order are from published captures. Assumed: only this event has the
 * client's API key, before `userAgent` as in REST APIs; later events have no headers.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-integration-requests.html
 */
export function connectEvent(
  connection: ConnectionIdentity,
  handshake: SentHandshake,
  stamp: Stamp,
  apiKey: Pick<Identity, "apiKey" | "apiKeyId"> = {},
): ConnectEvent {
  const identity = { ...apiKey, ...connection.identity };
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
      ...contextEnd({ ...connection, identity }, stamp),
    },
    isBase64Encoded: false,
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

function authorizer(context: AuthorizerContext | undefined): { authorizer?: AuthorizerContext } {
  return context === undefined ? {} : { authorizer: context };
}
