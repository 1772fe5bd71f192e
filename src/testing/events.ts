import {
  type AuthorizerEvent,
  authorizerEvent as buildAuthorizerEvent,
} from "../emulator/apigateway/authorizers/rules/authorizer-event.ts";
import { connectArn } from "../emulator/apigateway/authorizers/rules/connect-permission.ts";
import {
  connectEvent as buildConnectEvent,
  type SentHandshake,
} from "../emulator/apigateway/rules/connect-event.ts";
import { disconnectEvent as buildDisconnectEvent } from "../emulator/apigateway/rules/disconnect-event.ts";
import type {
  AuthorizerContext,
  ConnectEvent,
  ConnectionIdentity,
  DisconnectEvent,
  MessageEvent,
  SignerIdentity,
} from "../emulator/apigateway/rules/event-types.ts";
import { messageEvent as buildMessageEvent } from "../emulator/apigateway/rules/message-event.ts";
import { pairsOf, type Repeatable } from "./pairs.ts";

/** Options for the connection and time of an event; the rest has fixed values. */
export type EventOptions = {
  readonly connectionId?: string;
  readonly stage?: string;
  readonly stageVariables?: Readonly<Record<string, string>>;
  readonly domainName?: string;
  readonly apiId?: string;
  readonly sourceIp?: string;
  readonly userAgent?: string;
  readonly authorizer?: AuthorizerContext;
  /**
   * The signer of the handshake, for `$connect` with AWS_IAM: additional fields of `requestContext.identity`.
   */
  readonly signer?: SignerIdentity;
  /** Epoch ms. */
  readonly connectedAt?: number;
  /** Epoch ms of the event. Default: `connectedAt`. */
  readonly at?: number;
  readonly requestId?: string;
};

/** Additional options for a handshake. */
export type ConnectEventOptions = EventOptions & {
  /** Query string parameters; an array repeats the name. */
  readonly query?: Repeatable;
  /** Headers that replace a client's default ones or are added to them. */
  readonly headers?: Repeatable;
};

/** Additional options for a message. */
export type MessageEventOptions = EventOptions & {
  /** Default `$default`. */
  readonly routeKey?: string;
  readonly messageId?: string;
};

/** Additional options for the end of a connection. */
export type DisconnectEventOptions = EventOptions & {
  /** Default 1005: the client sent no code. */
  readonly code?: number;
  /** Default: API Gateway's own reason for 1005, else none. */
  readonly reason?: string;
};

const DEFAULTS = {
  connectionId: "Xux7aeaAFiACHZQ=",
  connectedAt: Date.UTC(2026, 0, 1),
  requestId: "Xux7cFpBFiAFi5w=",
  messageId: "Xux7dd4TlIACHZQ=",
  apiId: "a1b2c3d4e5",
  traceId: "Root=1-6955b900-000000000000000000000000",
} as const;

/** The event of `$connect` as API Gateway would send it, for unit tests of a handler. */
export function connectEvent(options: ConnectEventOptions = {}): ConnectEvent {
  const connection = connectionOf(options);
  return buildConnectEvent(connection, sentBy(connection, options), stampOf(options));
}

/** The event of a Lambda authorizer as API Gateway would send it, for unit tests of one. */
export function authorizerEvent(options: ConnectEventOptions = {}): AuthorizerEvent {
  const connection = connectionOf(options);
  const arn = connectArn({ region: "us-east-1", accountId: "123456789012" }, connection);
  return buildAuthorizerEvent(connection, sentBy(connection, options), stampOf(options), arn);
}

/** The handshake of a client other than a browser. */
function sentBy(connection: ConnectionIdentity, options: ConnectEventOptions): SentHandshake {
  const query = pairsOf(options.query);
  const search = query.length === 0 ? "" : `?${new URLSearchParams(query)}`;
  const headers: [string, string][] = [
    ["Host", connection.domainName],
    ["Sec-WebSocket-Extensions", "permessage-deflate; client_max_window_bits"],
    ["Sec-WebSocket-Key", "AAAAAAAAAAAAAAAAAAAAAA=="],
    ["Sec-WebSocket-Version", "13"],
    ...(options.userAgent === undefined
      ? []
      : ([["User-Agent", options.userAgent]] satisfies [string, string][])),
  ];
  const own = pairsOf(options.headers);
  const named = new Set(own.map(([name]) => name.toLowerCase()));
  const rawHeaders = [...headers.filter(([name]) => !named.has(name.toLowerCase())), ...own].flat();
  return { url: `/${connection.stage}${search}`, rawHeaders, traceId: DEFAULTS.traceId };
}

/** The event of a message: a string unchanged, any other value as JSON. For unit tests of a handler. */
export function messageEvent(body: unknown, options: MessageEventOptions = {}): MessageEvent {
  const { routeKey = "$default", messageId = DEFAULTS.messageId } = options;
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return buildMessageEvent(connectionOf(options), { routeKey, messageId, text }, stampOf(options));
}

/** The event of `$disconnect`, for unit tests of a handler. */
export function disconnectEvent(options: DisconnectEventOptions = {}): DisconnectEvent {
  const { code = 1005 } = options;
  const reason = options.reason ?? (code === 1005 ? "Client-side close frame status not set" : "");
  return buildDisconnectEvent(connectionOf(options), { code, reason }, stampOf(options));
}

function connectionOf(options: EventOptions): ConnectionIdentity {
  const { connectionId, connectedAt, apiId } = { ...DEFAULTS, ...options };
  const { sourceIp = "127.0.0.1", userAgent, authorizer, signer } = options;
  return {
    connectionId,
    connectedAt,
    stage: options.stage ?? "prod",
    stageVariables: options.stageVariables ?? {},
    domainName: options.domainName ?? `${apiId}.execute-api.us-east-1.amazonaws.com`,
    apiId,
    identity: { ...(userAgent !== undefined && { userAgent }), sourceIp, ...signer },
    ...(authorizer !== undefined && { authorizer }),
  };
}

function stampOf({ requestId, at, connectedAt }: EventOptions) {
  return {
    requestId: requestId ?? DEFAULTS.requestId,
    at: at ?? connectedAt ?? DEFAULTS.connectedAt,
  };
}
