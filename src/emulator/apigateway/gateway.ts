import { isUtf8 } from "node:buffer";
import type { FactId } from "../journal/journal.ts";
import { createHandshakes } from "./connect/handshakes.ts";
import { type Connection, createConnections } from "./connections.ts";
import { type Close, type CloseCause, clientClose, closeFor } from "./disconnect/rules/closing.ts";
import type { GatewayParts } from "./gateway-parts.ts";
import { createIntegrations } from "./integrations/lambda-proxy.ts";
import { errorFrame, interpretMessageResult } from "./integrations/rules/proxy-results.ts";
import type { ConnectionDescription } from "./management/rules/management.ts";
import { parseRouteExpression, type RouteExpression } from "./message/rules/route-expression.ts";
import { selectRoute } from "./message/rules/route-selection.ts";
import type { Gateway } from "./ports.ts";
import { disconnectEvent, messageEvent } from "./rules/build-events.ts";
import type { ConnectionIdentity, Stamp } from "./rules/events.ts";
import type { ServedApi } from "./rules/served-api.ts";

/** A gateway with the verbs of whoever built it. */
export type RunningGateway = Gateway & {
  /** From now on behaves as `api` says; open connections stay. */
  update(api: ServedApi): void;
  /** From now on refuses handshakes; what is open goes on, whatever its age. */
  drain(): void;
  /** The open connections, oldest first. */
  list(): readonly ({
    readonly connectionId: string;
    readonly stage: string;
  } & ConnectionDescription)[];
  /** Resolves once no handler runs for anybody. */
  idle(): Promise<void>;
  /** Closes every connection with 1001 and runs its `$disconnect`; resolves when those have ended. */
  stop(): Promise<void>;
};

/** What the verdict on a message has to say of it. */
type AnsweredMessage = {
  readonly connectionId: string;
  readonly requestId: string;
  /** `clock.elapsed()` when it came. */
  readonly since: number;
  /** The fact that its route was selected. */
  readonly because: FactId;
};

/** Creates the gateway: what API Gateway does with connections and messages, put into effect. */
export function createGateway(parts: GatewayParts): RunningGateway {
  const { limits, journal, clock, ids } = parts;
  let api = parts.api;
  let routing = readRouting(api);
  let isStopping = false;
  const longestMs = parts.untimed === true ? undefined : limits.integrationTimeoutMs;
  const integrations = createIntegrations(parts.invoke, clock, longestMs);
  const connections = createConnections(clock, limits, (connection, because) => {
    end(connection, because);
  });
  const handshakes = createHandshakes(parts, integrations, () => api);

  async function message(
    connectionId: string,
    incoming: Parameters<Gateway["message"]>[1],
  ): Promise<void> {
    const connection = connections.get(connectionId);
    if (connection === undefined) return; // closed while the frame was in flight
    if (incoming.kind === "binary") return void end(connection, "binary-message");
    if (incoming.bytes > limits.messageBytes) return void end(connection, "too-large");

    const since = clock.elapsed();
    const stamp = newStamp();
    const { requestId } = stamp;
    const { text, bytes } = incoming;
    connection.lastActiveAt = stamp.at;
    const received = journal.record({
      type: "message.received",
      connectionId,
      requestId,
      text,
      bytes,
    });

    const selection = selectRoute(routing.keys, routing.expression, text);
    const because = journal.record(
      { type: "route.selected", connectionId, api: api.key, requestId, selection },
      received,
    );
    const message = { connectionId, requestId, since, because };
    const route = selection.kind === "route" ? api.routes[selection.routeKey] : undefined;
    if (route === undefined) {
      sendError(connection, "Forbidden", requestId, because);
      return answered(message, undefined, "error", selection.because);
    }

    const event = messageEvent(
      connection.identity,
      { routeKey: route.routeKey, messageId: ids.messageId(connectionId), text },
      stamp,
    );
    const call = { functionName: route.integration.function, payload: event, because };
    const outcome = await integrations.run(call, route.integrationTimeout);
    const answer = interpretMessageResult(outcome, {
      twoWay: route.routeResponse,
      nullIsSuccess: parts.nullIsSuccess,
      messageBytes: limits.messageBytes,
    });
    if (answer.kind === "reply") send(connection, answer.text, "reply", because);
    if (answer.kind === "error") sendError(connection, answer.message, requestId, because);
    answered(message, route.routeKey, answer.kind, answer.because);
  }

  function answered(
    { connectionId, requestId, since, because: selected }: AnsweredMessage,
    routeKey: string | undefined,
    answer: "silence" | "reply" | "error",
    because: string,
  ): void {
    const durationMs = clock.elapsed() - since;
    const type = "message.answered";
    journal.record(
      { type, connectionId, requestId, routeKey, answer, because, durationMs },
      selected,
    );
  }

  function sendError(
    connection: Connection,
    text: Parameters<typeof errorFrame>[0],
    requestId: string,
    because: FactId,
  ): void {
    const frame = errorFrame(text, connection.identity.connectionId, requestId);
    send(connection, frame, "error", because);
  }

  function send(
    connection: Connection,
    text: string,
    cause: "reply" | "error" | "post",
    because: FactId | undefined,
  ): FactId | undefined {
    const { connectionId } = connection.identity;
    if (connections.get(connectionId) !== connection) return undefined; // closed while the handler ran
    connection.lastActiveAt = clock.now();
    connection.socket.send(text);
    return journal.record({ type: "frame.sent", connectionId, text, cause }, because);
  }

  /** Closes a connection for a reason of the gateway's own. */
  function end(connection: Connection, because: CloseCause, causedBy?: FactId): FactId | undefined {
    const { connectionId } = connection.identity;
    if (connections.take(connectionId) === undefined) return undefined;
    const { code, reason } = closeFor(because);
    connection.socket.close(code, reason);
    return disconnect(connection.identity, { code, reason }, "gateway", because, causedBy);
  }

  /** The one end of every connection: reports it and runs `$disconnect`, whose result goes nowhere. */
  function disconnect(
    identity: ConnectionIdentity,
    close: Close,
    by: "client" | "gateway",
    because: string,
    causedBy?: FactId,
  ): FactId {
    const { connectionId } = identity;
    const { code, reason } = close;
    const closed = journal.record(
      { type: "connection.closed", connectionId, code, reason, by, because },
      causedBy,
    );
    const route = api.routes.$disconnect;
    if (route === undefined) return closed;
    const stamp = newStamp();
    const event = disconnectEvent(identity, close, stamp);
    const call = { functionName: route.integration.function, payload: event, because: closed };
    void integrations.run(call, route.integrationTimeout);
    return closed;
  }

  function newStamp(): Stamp {
    return { requestId: ids.requestId(), at: clock.now() };
  }

  return {
    connect: (handshake) => integrations.track(handshakes.connect(handshake)),
    open(connectionId, socket) {
      const accepted = handshakes.take(connectionId);
      if (accepted === undefined) return;
      const connection = connections.add(accepted.identity, socket);
      const durationMs = clock.elapsed() - accepted.since;
      journal.record({ type: "connection.opened", connectionId, durationMs }, accepted.requested);
      if (isStopping) end(connection, "gateway-stopped"); // its $connect took until now
    },
    abandon(connectionId) {
      const accepted = handshakes.take(connectionId);
      if (accepted === undefined) return;
      disconnect(accepted.identity, { code: 1006, reason: "" }, "client", "lost");
    },
    message: (connectionId, incoming) => integrations.track(message(connectionId, incoming)),
    pinged(connectionId) {
      const connection = connections.get(connectionId);
      if (connection !== undefined && parts.pingsResetIdle) connection.lastActiveAt = clock.now();
    },
    oversized(connectionId) {
      const connection = connections.get(connectionId);
      if (connection !== undefined) end(connection, "too-large");
    },
    broken(connectionId, how) {
      const connection = connections.get(connectionId);
      if (connection !== undefined) end(connection, how);
    },
    closed(connectionId, code, reason) {
      const connection = connections.take(connectionId);
      if (connection === undefined) return; // the gateway closed it and has told of it
      const close = clientClose(code, reason);
      disconnect(connection.identity, close, "client", close.because);
    },
    post(connectionId, body, _, facts) {
      const connection = connections.get(connectionId);
      if (connection === undefined) return { kind: "gone" };
      if (!isUtf8(body)) {
        const message = `A post to ${connectionId} was not UTF-8; its other bytes were replaced.`;
        journal.record({ type: "warning", message }, facts?.because);
      }
      const text = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString("utf8");
      const sent = send(connection, text, "post", facts?.because);
      if (facts !== undefined && sent !== undefined) facts.effect = sent;
      return { kind: "delivered" };
    },
    describe(connectionId) {
      const connection = connections.get(connectionId);
      return connection === undefined ? undefined : describe(connection);
    },
    list: () =>
      connections.all().map((connection) => ({
        connectionId: connection.identity.connectionId,
        stage: connection.identity.stage,
        ...describe(connection),
      })),
    remove(connectionId, _, facts) {
      const connection = connections.get(connectionId);
      if (connection === undefined) return false;
      const closed = end(connection, "deleted", facts?.because);
      if (facts !== undefined && closed !== undefined) facts.effect = closed;
      return true;
    },
    update(next) {
      api = next;
      routing = readRouting(next);
    },
    drain() {
      handshakes.close();
      connections.stop();
    },
    idle: integrations.idle,
    async stop() {
      isStopping = true;
      handshakes.close();
      connections.stop();
      for (const connection of connections.all()) end(connection, "gateway-stopped");
      await integrations.idle();
    },
  };
}

function describe({ identity, lastActiveAt }: Connection): ConnectionDescription {
  const { sourceIp, userAgent } = identity.identity;
  return { sourceIp, userAgent, connectedAt: identity.connectedAt, lastActiveAt };
}

function readRouting(api: ServedApi): { keys: ReadonlySet<string>; expression: RouteExpression } {
  const parsed = parseRouteExpression(api.routeSelectionExpression);
  if (parsed.kind === "invalid")
    throw new Error(`unchecked route selection expression: ${parsed.problem}`);
  return { keys: new Set(Object.keys(api.routes)), expression: parsed.expression };
}
