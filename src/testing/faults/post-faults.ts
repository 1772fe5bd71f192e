import type { StepIntoCall } from "../../emulator/apigateway/management/management-api.ts";
import { type Duration, toMs } from "../duration.ts";
import type { Aliases } from "./aliases.ts";
import type { Delays } from "./delays.ts";
import type { Fault, FaultsOfKind } from "./fault-registry.ts";
import type { CallSelection } from "./selection.ts";

/** Faults of `POST @connections`. `connection` selects the recipient, `function` the sender. */
export type PostVerbs = {
  /** 410 `GoneException`, even if the connection is open. */
  gone(): Fault;
  /** 429 `LimitExceededException`. */
  limitExceeded(): Fault;
  /** The message is delivered at once, and the response arrives this much later. */
  slow(by: Duration): Fault;
  /**
   * The message is delivered this much later, if its connection is still open, and then the response arrives.
   */
  deliveredLate(by: Duration): Fault;
};

export type PostEffect =
  | { readonly kind: "gone" }
  | { readonly kind: "throttled" }
  | { readonly kind: "slow"; readonly ms: number }
  | { readonly kind: "delivered-late"; readonly ms: number };

export function postVerbs(shelf: FaultsOfKind<PostEffect>, selection: CallSelection): PostVerbs {
  const add = (verb: string, effect: PostEffect): Fault =>
    shelf.add({ name: "post", selection, verb }, effect);

  return {
    gone: () => add("gone()", { kind: "gone" }),
    limitExceeded: () => add("limitExceeded()", { kind: "throttled" }),
    slow: (by) => add(`slow(${JSON.stringify(by)})`, { kind: "slow", ms: toMs(by) }),
    deliveredLate: (by) =>
      add(`deliveredLate(${JSON.stringify(by)})`, { kind: "delivered-late", ms: toMs(by) }),
  };
}

/** Adds faults between calls of the management API and the gateway. */
export function faultyPosts(
  shelf: FaultsOfKind<PostEffect>,
  delays: Delays,
  aliases: Aliases,
): StepIntoCall {
  return (call, proceed, answer) => {
    if (call.operation !== "post" || shelf.isEmpty()) return answer(proceed());
    const { connectionId, functionName, because, sdkCallId: callId } = call;
    const key = `post of ${functionName} to ${aliases.nameOf(connectionId)}`;
    const effect = shelf.pick({ connectionId, functionName, because, callId, key })?.effect;
    switch (effect?.kind) {
      case "gone":
      case "throttled":
        return answer({ kind: effect.kind });
      case "slow": {
        const outcome = proceed();
        return delays.lateCall(effect.ms, () => answer(outcome));
      }
      case "delivered-late":
        return delays.lateCall(effect.ms, () => answer(proceed()));
      default:
        return answer(proceed());
    }
  };
}
