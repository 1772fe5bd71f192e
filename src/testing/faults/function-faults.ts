import type { FunctionError } from "../../emulator/lambda/rules/function-errors.ts";
import { type Duration, toMs } from "../duration.ts";
import type { Delays } from "./delays.ts";
import type { Fault, FaultsOfKind } from "./fault-registry.ts";
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
