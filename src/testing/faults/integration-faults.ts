import type { StepIntoIntegration } from "../../emulator/apigateway/integrations/calls.ts";
import { type Duration, toMs } from "../duration.ts";
import type { Aliases } from "./aliases.ts";
import type { Delays } from "./delays.ts";
import type { Fault, FaultsOfKind } from "./fault-registry.ts";
import type { EventSelection } from "./selection.ts";

/** Faults of a route's integration other than a Lambda proxy. */
export type IntegrationVerbs = {
  /** The backend is unreachable: the client gets `Internal server error`. */
  fails(): Fault;
  /** The backend is not called, and this is its response. Default status: 200. */
  answers(answer: { readonly statusCode?: number; readonly body?: string }): Fault;
  /** The backend is not called, and its response is truncated JSON. */
  malformed(): Fault;
  /** The backend is called at once, and its response arrives this much later. */
  slow(by: Duration): Fault;
};

export type IntegrationEffect =
  | { readonly kind: "fails" }
  | { readonly kind: "answers"; readonly statusCode: number; readonly body: string }
  | { readonly kind: "slow"; readonly ms: number };

export function integrationVerbs(
  shelf: FaultsOfKind<IntegrationEffect>,
  routeKey: string,
  selection: EventSelection,
  shown: object,
): IntegrationVerbs {
  const name = `integration:${routeKey}`;
  const add = (verb: string, effect: IntegrationEffect): Fault =>
    shelf.add({ name, selection, shown, verb }, effect);
  return {
    fails: () => add("fails()", { kind: "fails" }),
    answers(answer) {
      const { statusCode = 200, body = "" } = answer;
      return add(`answers(${JSON.stringify(answer)})`, { kind: "answers", statusCode, body });
    },
    malformed: () => add("malformed()", { kind: "answers", statusCode: 200, body: '{"cut":' }),
    slow: (by) => add(`slow(${JSON.stringify(by)})`, { kind: "slow", ms: toMs(by) }),
  };
}

/** Adds faults between the gateway and its integrations. */
export function faultyIntegrations(
  shelf: FaultsOfKind<IntegrationEffect>,
  delays: Delays,
  aliases: Aliases,
): StepIntoIntegration {
  return async ({ connectionId, routeKey: route, because }, start) => {
    if (shelf.isEmpty()) return start();
    const key = `${route} of ${aliases.nameOf(connectionId)}`;
    const occurrence = { connectionId, functionName: undefined, route, because, key };
    const effect = shelf.pick(occurrence)?.effect;
    switch (effect?.kind) {
      case "fails":
        return { kind: "failed", because: "a fault was injected" };
      case "answers": {
        const { statusCode, body } = effect;
        return { kind: "answered", statusCode, headers: {}, body: Buffer.from(body) };
      }
      case "slow": {
        const outcome = await start();
        await new Promise<void>((resolve) => delays.lateCall(effect.ms, resolve));
        return outcome;
      }
      case undefined:
        return start();
      default:
        return effect satisfies never;
    }
  };
}
