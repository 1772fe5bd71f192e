import type { WebSocketEvent } from "../emulator/apigateway/rules/event-types.ts";
import type { Entry } from "../emulator/facts.ts";
import type { FactId } from "../emulator/journal/journal.ts";
import type { Outcome } from "../emulator/lambda/function-call.ts";
import { parseJson } from "../values/json.ts";

/** One invocation of a function; `Event` is the type of its event. */
export type Invocation<Event = WebSocketEvent> = {
  readonly functionName: string;
  readonly event: Event;
  /** Undefined if the event does not belong to a connection. */
  readonly connectionId: string | undefined;
  /** The event's `requestContext.requestId`, if it has one. */
  readonly requestId: string | undefined;
  /** Lambda's id, as in the handler's context. */
  readonly awsRequestId: string;
  readonly state: "running" | "returned" | "failed";
  /** The handler's result, once it has returned. */
  readonly result: unknown;
  /** The error, once it has failed. */
  readonly error: Omit<Extract<Outcome, { readonly kind: "failed" }>, "kind"> | undefined;
  /** Its output, one string per `console` call. */
  readonly logs: readonly string[];
  /** ms of the gateway's clock, once it has ended. */
  readonly durationMs: number | undefined;
  /** Whether it was the first of its environment. */
  readonly cold: boolean;
};

/** One `POST @connections` and its response. */
export type Post = {
  readonly connectionId: string;
  /** 200, or 410 if the connection is gone. */
  readonly statusCode: number;
  /** Undefined if nothing was delivered. */
  readonly text: string | undefined;
  /** The function whose key signed the call; undefined for other keys. */
  readonly functionName: string | undefined;
};

/** One call of an integration other than Lambda proxy, and its result. */
export type IntegrationCall = Pick<
  Extract<Entry, { readonly type: "integration.called" }>,
  "connectionId" | "requestId" | "routeKey" | "target" | "headers" | "body"
> & {
  readonly state: "running" | "answered" | "failed" | "timed-out";
  /** Of the response, once it has arrived. */
  readonly statusCode: number | undefined;
  readonly answer: string | undefined;
  /** Whether the service has no local endpoint, so that wsgw mocked the response. */
  readonly isRecorded: boolean;
};

/** A connection that is currently open. */
export type OpenConnection = {
  readonly connectionId: string;
  readonly sourceIp: string;
  /** Undefined if the client sent none. */
  readonly userAgent: string | undefined;
  /** Epoch ms on the gateway's clock. */
  readonly connectedAt: number;
};

/** The invocations of a function, or of all. */
export function invocationsIn(
  entries: readonly Entry[],
  of?: string,
): readonly Invocation<unknown>[] {
  const found: Invocation<unknown>[] = [];
  /** The index of an event's latest attempt: all attempts have one id. */
  const places = new Map<string, number>();
  for (const entry of entries) {
    if (entry.type === "function.started") {
      const { functionName, event, connectionId, requestId, awsRequestId, cold } = entry;
      places.set(awsRequestId, found.length);
      found.push({
        ...{ functionName, event, connectionId, requestId, awsRequestId, cold },
        state: "running",
        result: undefined,
        error: undefined,
        logs: [],
        durationMs: undefined,
      });
    }
    if (entry.type !== "function.logged" && entry.type !== "function.ended") continue;
    const place = places.get(entry.awsRequestId ?? "") ?? -1;
    const started = found[place];
    if (started !== undefined) found[place] = { ...started, ...laterPart(started, entry) };
  }
  return of === undefined ? found : found.filter(({ functionName }) => functionName === of);
}

function laterPart(
  { logs }: Invocation<unknown>,
  entry: Extract<Entry, { readonly type: "function.logged" | "function.ended" }>,
): Partial<Invocation<unknown>> {
  if (entry.type === "function.logged") return { logs: [...logs, entry.text.trimEnd()] };
  const { outcome, durationMs } = entry;
  if (outcome.kind === "returned") {
    return { state: "returned", result: parseJson(outcome.payload)?.value, durationMs };
  }
  const { kind: state, ...error } = outcome;
  return { state, error, durationMs };
}

/** The posts to a connection, or to all. */
export function postsIn(entries: readonly Entry[], to?: string): readonly Post[] {
  const frames = new Map<FactId, string>();
  return entries.flatMap((entry) => {
    if (entry.type === "frame.sent") frames.set(entry.id, entry.text);
    if (entry.type !== "management.answered" || entry.method !== "POST") return [];
    const { connectionId, statusCode, functionName, causedBy = 0 } = entry;
    if (connectionId === undefined || connectionId !== (to ?? connectionId)) return [];
    return [{ connectionId, statusCode, text: frames.get(causedBy), functionName }];
  });
}

/** The integration calls of a route, or of all. */
export function integrationCallsIn(
  entries: readonly Entry[],
  of?: string,
): readonly IntegrationCall[] {
  const calls = new Map<FactId, IntegrationCall>();
  for (const entry of entries) {
    if (entry.type === "integration.called" && entry.routeKey === (of ?? entry.routeKey)) {
      const { connectionId, requestId, routeKey, target, headers, body } = entry;
      const ended = { statusCode: undefined, answer: undefined, isRecorded: false };
      const asked = { connectionId, requestId, routeKey, target, headers, body };
      calls.set(entry.id, { ...asked, ...ended, state: "running" });
    }
    const call = entry.type === "integration.answered" ? calls.get(entry.causedBy ?? 0) : undefined;
    if (entry.type !== "integration.answered" || call === undefined) continue;
    const { outcome, isRecorded } = entry;
    const answered = outcome.kind === "answered" ? outcome : undefined;
    calls.set(entry.causedBy ?? 0, {
      ...call,
      state: outcome.kind,
      statusCode: answered?.statusCode,
      answer: answered?.body,
      isRecorded,
    });
  }
  return [...calls.values()];
}

export function openConnectionsIn(entries: readonly Entry[]): readonly OpenConnection[] {
  const clients = new Map<string, Pick<OpenConnection, "sourceIp" | "userAgent">>();
  const open = new Map<string, OpenConnection>();
  for (const entry of entries) {
    if (entry.type === "connection.requested") {
      const { connectionId, sourceIp, userAgent } = entry;
      clients.set(connectionId, { sourceIp, userAgent });
    }
    if (entry.type === "connection.closed") open.delete(entry.connectionId);
    if (entry.type !== "connection.opened") continue;
    const { connectionId, at } = entry;
    const { sourceIp = "", userAgent } = clients.get(connectionId) ?? {};
    open.set(connectionId, { connectionId, sourceIp, userAgent, connectedAt: at });
  }
  return [...open.values()];
}
