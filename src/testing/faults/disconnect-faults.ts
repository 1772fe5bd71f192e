import type { Clock } from "../../clock.ts";
import type { Invoke } from "../../emulator/lambda/function-call.ts";
import { requestContextOf } from "../../emulator/lambda/rules/payload-context.ts";
import { type Duration, toMs } from "../duration.ts";
import type { Aliases } from "./aliases.ts";
import type { Delays } from "./delays.ts";
import type { Fault, FaultsOfKind } from "./fault-registry.ts";
import type { Selection } from "./selection.ts";

/**
 * Faults of `$disconnect`, which AWS only delivers on a best-effort basis.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-route-keys-connect-disconnect.html
 */
export type DisconnectVerbs = {
  /** It arrives this long after the end of the connection. */
  late(by: Duration): Fault;
  /** It never arrives. */
  never(): Fault;
};

/** ms, or infinity for never. */
export type DisconnectEffect = { readonly lateMs: number };

export function disconnectVerbs(
  shelf: FaultsOfKind<DisconnectEffect>,
  selection: Selection,
): DisconnectVerbs {
  const name = "disconnect";
  return {
    late: (by) =>
      shelf.add({ name, selection, verb: `late(${JSON.stringify(by)})` }, { lateMs: toMs(by) }),
    never: () =>
      shelf.add({ name, selection, verb: "never()" }, { lateMs: Number.POSITIVE_INFINITY }),
  };
}

/**
 * Adds faults between the gateway and the functions. The result of `$disconnect` is not awaited, so the
 * gateway counts as settled while one is late.
 */
export function faultyDisconnects(
  shelf: FaultsOfKind<DisconnectEffect>,
  parts: { readonly clock: Clock; readonly delays: Delays; readonly aliases: Aliases },
): (next: Invoke) => Invoke {
  const { clock, delays, aliases } = parts;
  return (next) => (call) => {
    if (shelf.isEmpty()) return next(call);
    const { eventType, connectionId } = requestContextOf(call.payload);
    if (eventType !== "DISCONNECT" || connectionId === undefined) return next(call);
    const { functionName, because } = call;
    const key = aliases.nameOf(connectionId);
    const lateMs = shelf.pick({ connectionId, functionName, because, key })?.effect.lateMs;
    if (lateMs === undefined) return next(call);
    if (lateMs < Number.POSITIVE_INFINITY) {
      clock.schedule(lateMs, () => {
        if (!delays.isStopped()) void next(call);
      });
    }
    return Promise.resolve({ kind: "returned", payload: "null" });
  };
}
