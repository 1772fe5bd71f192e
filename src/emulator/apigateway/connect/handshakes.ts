import { resolved } from "../../../definition/references.ts";
import type { FactId } from "../../journal/journal.ts";
import type { GatewayParts } from "../gateway-parts.ts";
import type { Integrations } from "../integrations/lambda-proxy.ts";
import type { Gateway } from "../ports.ts";
import { connectEvent } from "../rules/build-events.ts";
import type { ConnectionIdentity } from "../rules/events.ts";
import { type ServedApi, stagesByPath } from "../rules/served-api.ts";
import {
  describeHandshake,
  interpretConnectResult,
  type Rejection,
  refuse,
  screenHandshake,
  withHost,
} from "./rules/handshake.ts";

/** A connection that `$connect` accepted. Until its 101 is out nothing can be posted to it. */
type Accepted = {
  readonly identity: ConnectionIdentity;
  /** `clock.elapsed()` at the start of the handshake. */
  readonly since: number;
  /** The fact that the client asked to connect. */
  readonly requested: FactId;
};

export type Handshakes = {
  connect: Gateway["connect"];
  /** From now on every handshake is refused. */
  close(): void;
  /** Hands over an accepted connection, once. */
  take(connectionId: string): Accepted | undefined;
};

/** Answers handshakes: holds the upgrade while `$connect` runs and decides by its result. */
export function createHandshakes(
  parts: GatewayParts,
  integrations: Integrations,
  api: () => ServedApi,
): Handshakes {
  const { limits, journal, clock, ids } = parts;
  const accepted = new Map<string, Accepted>();
  let closed = false;

  async function connect(
    handshake: Parameters<Gateway["connect"]>[0],
  ): ReturnType<Gateway["connect"]> {
    const since = clock.elapsed();
    const current = api();
    const reached = parts.reachedBy(handshake.rawHeaders);
    const refusalIds = { requestId: ids.uuid(), apigwId: ids.requestId() };
    const screened = closed
      ? refuse("stopping", refusalIds)
      : screenHandshake(handshake, stagesByPath(current, reached.entrance), limits, refusalIds);
    if (screened.kind === "reject") return refused(screened, since);
    const { stage } = screened;

    const stamp = { requestId: ids.requestId(), at: clock.now() };
    const identity: ConnectionIdentity = {
      connectionId: ids.connectionId(),
      connectedAt: stamp.at,
      stage,
      stageVariables: resolved(current.stages[stage]?.variables ?? {}),
      domainName: reached.domainName,
      apiId: current.apiId,
      identity: describeHandshake(handshake),
    };
    const { connectionId } = identity;
    const requested = journal.record({
      type: "connection.requested",
      connectionId,
      api: current.key,
      stage,
      handshakeId: refusalIds.requestId,
      sourceIp: handshake.sourceIp,
      userAgent: identity.identity.userAgent,
      url: handshake.url,
    });

    let subprotocol: string | undefined;
    const route = current.routes.$connect;
    if (route !== undefined) {
      const event = connectEvent(
        identity,
        {
          ...handshake,
          rawHeaders: withHost(handshake.rawHeaders, reached.host),
          traceId: ids.traceId(),
        },
        stamp,
      );
      const call = { functionName: route.integration.function, payload: event, because: requested };
      const outcome = await integrations.run(call, route.integrationTimeout);
      const answer = interpretConnectResult(outcome, parts.nullIsSuccess, refusalIds);
      if (answer.kind === "reject") return refused(answer, since, { connectionId, requested });
      subprotocol = answer.subprotocol;
    }
    accepted.set(connectionId, { identity, since, requested });
    return {
      kind: "accept",
      connectionId,
      subprotocol,
      headers: { "x-amzn-RequestId": refusalIds.requestId },
    };
  }

  function refused(
    rejection: Rejection,
    since: number,
    of?: { readonly connectionId: string; readonly requested: FactId },
  ): Rejection {
    const { statusCode, because } = rejection;
    const durationMs = clock.elapsed() - since;
    const connectionId = of?.connectionId;
    journal.record(
      { type: "connection.refused", connectionId, statusCode, because, durationMs },
      of?.requested,
    );
    return rejection;
  }

  return {
    connect,
    close() {
      closed = true;
    },
    take(connectionId) {
      const entry = accepted.get(connectionId);
      accepted.delete(connectionId);
      return entry;
    },
  };
}
