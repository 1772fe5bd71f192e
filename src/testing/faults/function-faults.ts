import type { FunctionError } from "../../emulator/lambda/rules/function-faults.ts";
import { type Duration, toMs } from "../duration.ts";
import type { Fault, Shelf } from "./book.ts";
import type { Delays } from "./delays.ts";
import type { EventSelection } from "./selection.ts";

/** What a function's error is made of: an error, its message, or Lambda's own words. */
export type ErrorSpec =
  | Error
  | string
  | { readonly errorType: string; readonly errorMessage: string };

/** Whether the handler does its work all the same. Default: `skipped`, it is not called. */
export type WorkOptions = { readonly work?: "skipped" | "done" };

/** An answer that is held until the test lets it go. */
export type HeldFault = Fault & {
  /** Lets go what is held now, and holds nothing from now on. */
  release(): void;
};

/** What may befall a function that gets an event. */
export type FunctionVerbs = {
  /** The invocation fails with this error. Default: an `Error`. */
  fails(error?: ErrorSpec, options?: WorkOptions): Fault;
  /** The invocation returns this, such as what API Gateway can make nothing of. Any JSON value. */
  returns(result: unknown, options?: WorkOptions): Fault;
  /** The process of the environment ends, as when it runs out of memory. */
  crashes(options?: WorkOptions): Fault;
  /** Nothing comes until the function's own time limit, to which the clock has to be moved. */
  timesOut(options?: WorkOptions): Fault;
  /** Cold starts take so much longer; others are not counted. */
  startsSlowly(by: Duration): Fault;
  /** The handler does its work at once, and its answer comes so much later. */
  answersLate(by: Duration): Fault;
  /** The handler does its work at once, and its answer comes when the test releases it. */
  holdsAnswer(): HeldFault;
  /**
   * The client that the event is about leaves before the handler is called. With `disconnect: "first"` its
   * `$disconnect` has ended by then too. For messages; default `disconnect: "meanwhile"`.
   */
  senderLeaves(options?: { readonly disconnect?: "first" | "meanwhile" }): Fault;
};

/** What is done about one event. */
export type FunctionEffect =
  | { readonly kind: "fails"; readonly error: FunctionError; readonly runs: boolean }
  | { readonly kind: "returns"; readonly payload: string; readonly runs: boolean }
  | { readonly kind: "crashes"; readonly runs: boolean }
  | { readonly kind: "times-out"; readonly runs: boolean }
  | { readonly kind: "starts-slowly"; readonly ms: number }
  | { readonly kind: "answers"; readonly later: (answer: () => void) => void }
  | { readonly kind: "sender-leaves"; readonly waitsForDisconnect: boolean };

/** The verbs for one selection, which is named as the test wrote it. */
export function functionVerbs(
  shelf: Shelf<FunctionEffect>,
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
