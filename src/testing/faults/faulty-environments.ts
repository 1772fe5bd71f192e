import type {
  Environment,
  EnvironmentEvent,
  Report,
  StartEnvironment,
} from "../../emulator/lambda/environment-contract.ts";
import { requestContextOf } from "../../emulator/lambda/rules/payload-context.ts";
import type { Aliases } from "./aliases.ts";
import type { Delays } from "./delays.ts";
import type { FaultsOfKind, Injected } from "./fault-registry.ts";
import type { FunctionEffect } from "./function-faults.ts";

/** Makes a client leave; resolves when the gateway has noticed. */
export type Leave = (connectionId: string, waitsForDisconnect: boolean) => Promise<void>;

type Parts = {
  readonly shelf: FaultsOfKind<FunctionEffect>;
  readonly delays: Delays;
  readonly aliases: Aliases;
  readonly leave: Leave;
};

/** Adds faults between the functions' pools and their environments. */
export function faultyEnvironments(parts: Parts): (next: StartEnvironment) => StartEnvironment {
  return (next) => (spec, report) => new FaultyEnvironment(parts, next, spec, report);
}

class FaultyEnvironment implements Environment {
  readonly #parts: Parts;
  readonly #functionName: string;
  readonly #report: (report: Report) => void;
  readonly #environment: Environment;
  #isCold = true;
  #isStopped = false;
  #extraInitMs = 0;
  /** The effect on the running event's response. */
  #current: FunctionEffect | undefined;

  constructor(
    parts: Parts,
    next: StartEnvironment,
    ...[spec, report]: Parameters<StartEnvironment>
  ) {
    this.#parts = parts;
    this.#functionName = spec.name;
    this.#report = report;
    this.#environment = next(spec, (heard) => this.#hear(heard));
  }

  run(event: EnvironmentEvent): void {
    const effect = this.#pick(event)?.effect;
    this.#isCold = false;
    this.#current = effect;
    switch (effect?.kind) {
      case "fails":
      case "returns":
      case "crashes":
        if (effect.runs) break;
        this.#current = undefined;
        // The caller has not returned yet and must not see a synchronous response.
        queueMicrotask(() => this.#report(answerOf(effect)));
        return;
      case "times-out":
        if (effect.runs) break;
        // From here on the function's own timeout applies, not that of initialization.
        queueMicrotask(() => this.#report({ kind: "initialized", initMs: 0 }));
        return;
      case "starts-slowly":
        this.#current = undefined;
        this.#extraInitMs = effect.ms;
        this.#parts.delays.late(effect.ms, () => this.#runUnlessStopped(event));
        return;
      case "sender-leaves": {
        this.#current = undefined;
        const { connectionId } = requestContextOf(JSON.parse(event.event));
        if (connectionId === undefined) break;
        const left = this.#parts.leave(connectionId, effect.waitsForDisconnect);
        void left.then(() => this.#runUnlessStopped(event));
        return;
      }
    }
    this.#environment.run(event);
  }

  stop(): Promise<void> {
    this.#isStopped = true;
    return this.#environment.stop();
  }

  /** An environment that timed out is gone when its event is released. */
  #runUnlessStopped(event: EnvironmentEvent): void {
    if (!this.#isStopped) this.#environment.run(event);
  }

  #hear(heard: Report): void {
    const effect = this.#current;
    const isAnswer = heard.kind === "returned" || heard.kind === "failed";
    if (heard.kind === "initialized") {
      this.#report({ ...heard, initMs: heard.initMs + this.#extraInitMs });
    } else if (effect === undefined || !isAnswer) {
      this.#report(heard);
    } else if (effect.kind === "answers") {
      this.#current = undefined;
      effect.later(() => this.#report(heard));
    } else if (effect.kind === "fails" || effect.kind === "returns" || effect.kind === "crashes") {
      this.#current = undefined;
      this.#report(answerOf(effect));
    } // a response after the timeout is never reported
  }

  #pick(event: EnvironmentEvent): Injected<FunctionEffect> | undefined {
    const { shelf, aliases } = this.#parts;
    if (shelf.isEmpty()) return undefined;
    const { connectionId, routeKey: route, eventType } = requestContextOf(JSON.parse(event.event));
    const functionName = this.#functionName;
    const occurrence = {
      connectionId,
      functionName,
      route,
      awsRequestId: event.awsRequestId,
      key:
        connectionId === undefined ? functionName : `${route} of ${aliases.nameOf(connectionId)}`,
    };
    return shelf.pick(occurrence, ({ kind }) => {
      if (kind === "sender-leaves") return eventType === "MESSAGE";
      return kind !== "starts-slowly" || this.#isCold;
    });
  }
}

/** The response that replaces the handler's own. */
function answerOf(
  effect: Extract<FunctionEffect, { kind: "fails" | "returns" | "crashes" }>,
): Report {
  switch (effect.kind) {
    case "fails":
      return { kind: "failed", error: effect.error, leaving: false };
    case "returns": {
      const { payload } = effect;
      return { kind: "returned", payload, bytes: Buffer.byteLength(payload) };
    }
    case "crashes":
      return { kind: "ended", end: { kind: "signalled", signal: "SIGKILL" } };
    default:
      return effect satisfies never;
  }
}
