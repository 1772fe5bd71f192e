import type {
  Environment,
  EnvironmentEvent,
  Report,
  StartEnvironment,
} from "../../emulator/lambda/environment-contract.ts";
import type { FunctionError } from "../../emulator/lambda/rules/function-errors.ts";
import { requestContextOf } from "../../emulator/lambda/rules/payload-context.ts";
import { type Duration, toMs } from "../duration.ts";
import type { Aliases } from "./aliases.ts";
import type { Delays } from "./delays.ts";
import type { Fault, FaultsOfKind, Injected } from "./fault-registry.ts";
import type { EventSelection } from "./selection.ts";

/** A function's error: an error, its message, or Lambda's own fields. */
export type ErrorSpec =
  | Error
  | string
  | { readonly errorType: string; readonly errorMessage: string };

/** Whether the handler still does its work. Default: `skipped`, it is not called. */
export type WorkOptions = { readonly work?: "skipped" | "done" };

/** A response that is delayed until the test releases it. */
export type HeldFault = Fault & {
  /** Releases delayed responses, and delays no more. */
  release(): void;
};

/** Faults of a function that gets an event. */
export type FunctionVerbs = {
  /** The invocation fails with this error. Default: an `Error`. */
  fails(error?: ErrorSpec, options?: WorkOptions): Fault;
  /** The invocation returns this value, for example one that is not a valid proxy result. Any JSON value. */
  returns(result: unknown, options?: WorkOptions): Fault;
  /** The environment's process ends, as when it runs out of memory. */
  crashes(options?: WorkOptions): Fault;
  /** No response until the function's timeout, for which the clock must be advanced. */
  timesOut(options?: WorkOptions): Fault;
  /** Cold starts take this much longer; other invocations do not count. */
  startsSlowly(by: Duration): Fault;
  /** The handler does its work at once, and its response arrives this much later. */
  answersLate(by: Duration): Fault;
  /** The handler does its work at once, and its response arrives when the test releases it. */
  holdsAnswer(): HeldFault;
  /**
   * The sender of the message leaves before the handler is called. With `disconnect: "first"`, its
   * `$disconnect` also ends before that. For messages only; default `disconnect: "meanwhile"`.
   */
  senderLeaves(options?: { readonly disconnect?: "first" | "meanwhile" }): Fault;
};

/** The effect on one event. */
export type FunctionEffect =
  | { readonly kind: "fails"; readonly error: FunctionError; readonly runs: boolean }
  | { readonly kind: "returns"; readonly payload: string; readonly runs: boolean }
  | { readonly kind: "crashes"; readonly runs: boolean }
  | { readonly kind: "times-out"; readonly runs: boolean }
  | { readonly kind: "starts-slowly"; readonly ms: number }
  | { readonly kind: "answers"; readonly later: (answer: () => void) => void }
  | { readonly kind: "sender-leaves"; readonly waitsForDisconnect: boolean };

/** The methods for one selection; `shown` is the selection as the test wrote it. */
export function functionVerbs(
  shelf: FaultsOfKind<FunctionEffect>,
  delays: Delays,
  name: string,
  selection: EventSelection,
  shown: object = selection,
): FunctionVerbs {
  const add = (verb: string, effect: FunctionEffect): Fault =>
    shelf.add({ name, selection, shown, verb }, effect);

  return {
    fails(spec = "An injected fault", options) {
      const error = errorOf(spec);
      const verb = `fails(${JSON.stringify(error.errorMessage)}${optionsText(options)})`;
      return add(verb, { kind: "fails", error, runs: runs(options) });
    },
    returns(result, options) {
      const payload = JSON.stringify(result ?? null);
      const verb = `returns(${payload}${optionsText(options)})`;
      return add(verb, { kind: "returns", payload, runs: runs(options) });
    },
    crashes: (options) =>
      add(`crashes(${optionsText(options, "")})`, { kind: "crashes", runs: runs(options) }),
    timesOut: (options) =>
      add(`timesOut(${optionsText(options, "")})`, { kind: "times-out", runs: runs(options) }),
    startsSlowly: (by) =>
      add(`startsSlowly(${JSON.stringify(by)})`, { kind: "starts-slowly", ms: toMs(by) }),
    answersLate(by) {
      const ms = toMs(by);
      const later = (answer: () => void): void => delays.late(ms, answer);
      return add(`answersLate(${JSON.stringify(by)})`, { kind: "answers", later });
    },
    holdsAnswer() {
      const held: (() => void)[] = [];
      let isReleased = false;
      const later = (answer: () => void): void => {
        if (isReleased) answer();
        else held.push(delays.hold(answer));
      };
      const fault = add("holdsAnswer()", { kind: "answers", later });
      const release = (): void => {
        isReleased = true;
        for (const go of held.splice(0)) go();
      };
      return Object.defineProperties(
        { release } as HeldFault,
        Object.getOwnPropertyDescriptors(fault),
      );
    },
    senderLeaves({ disconnect = "meanwhile" } = {}) {
      const waitsForDisconnect = disconnect === "first";
      const verb = waitsForDisconnect ? 'senderLeaves({"disconnect":"first"})' : "senderLeaves()";
      return add(verb, { kind: "sender-leaves", waitsForDisconnect });
    },
  };
}

function runs({ work = "skipped" }: WorkOptions = {}): boolean {
  return work === "done";
}

function optionsText(options: WorkOptions | undefined, before = ","): string {
  return options === undefined ? "" : `${before}${JSON.stringify(options)}`;
}

function errorOf(spec: ErrorSpec): FunctionError {
  if (typeof spec === "string") return { errorType: "Error", errorMessage: spec, trace: [] };
  if (!(spec instanceof Error)) return { ...spec, trace: [] };
  const { name, message, stack = "" } = spec;
  return { errorType: name, errorMessage: message, trace: stack.split("\n") };
}

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
