import type { FactId } from "../../emulator/journal/journal.ts";
import { WsgwError } from "../../errors.ts";
import { createCallAttempts } from "./call-attempts.ts";
import { createDraws } from "./probability.ts";

/** A connection: a client of the harness, or an id. */
export type ConnectionRef = string | { readonly connectionId: string };

/** The occurrences that a fault applies to: those that match every condition. Without any: all. */
export type Selection = {
  readonly connection?: ConnectionRef;
  /** Key of `functions`. */
  readonly function?: string;
  /** The n-th match of the other conditions, from 1. */
  readonly nth?: number;
  /** How many, from the n-th on or from the first. Default: one with `nth`, else all. */
  readonly times?: number;
  /** From 0 to 1. The draws depend on the gateway's seed. */
  readonly probability?: number;
};

/** Selects events of functions. */
export type EventSelection = Selection & {
  /** A route key, such as `$connect`. */
  readonly route?: string;
};

/** Selects calls made by functions. */
export type CallSelection = Selection & {
  /**
   * How many attempts of a call fail. SDKs retry, by default three attempts in total. Default: all, so that
   * the function gets the error.
   */
  readonly attempts?: number;
};

/** An occurrence that a fault may apply to. */
export type Occurrence = {
  readonly connectionId: string | undefined;
  readonly functionName: string | undefined;
  readonly route?: string | undefined;
  /** The call to which this attempt belongs. */
  readonly callId?: string | undefined;
  /** Identifies it in the same way in every run of a test: without ids or times. */
  readonly key: string;
  readonly awsRequestId?: string;
  /** The fact that caused it, if `awsRequestId` does not determine it. */
  readonly because?: FactId | undefined;
};

/** Matches and counts for one selection. */
export type Selector = { selects(occurrence: Occurrence): boolean };

/** Creates a selector. `salt` distinguishes the draws of two selections with the same seed. */
export function createSelector(
  selection: EventSelection & CallSelection,
  seed: number,
  salt: number,
): Selector {
  check(selection);
  const { nth, probability } = selection;
  const first = nth ?? 1;
  const times = selection.times ?? (nth === undefined ? Number.POSITIVE_INFINITY : 1);
  const attempts = createCallAttempts(selection.attempts);
  const isDrawn = createDraws(probability, seed, salt);
  let count = 0;

  return {
    selects(occurrence) {
      if (!meets(selection, occurrence)) return false;
      return attempts.fails(occurrence.callId, () => {
        if (!isDrawn(occurrence.key)) return false;
        count += 1;
        return count >= first && count < first + times;
      });
    },
  };
}

function idOf(connection: ConnectionRef): string {
  return typeof connection === "string" ? connection : connection.connectionId;
}

/** A selection as code, for the names of faults. */
export function selectionText(selection: object): string {
  const { connection, ...rest } = selection as Selection;
  const shown = { ...rest, ...(connection !== undefined && { connection: idOf(connection) }) };
  return Object.keys(shown).length === 0 ? "" : JSON.stringify(shown);
}

function meets(selection: EventSelection, occurrence: Occurrence): boolean {
  const { connection, function: functionName, route } = selection;
  return (
    (connection === undefined || idOf(connection) === occurrence.connectionId) &&
    (functionName === undefined || functionName === occurrence.functionName) &&
    (route === undefined || route === occurrence.route)
  );
}

function check({ nth, times, probability, attempts }: CallSelection): void {
  for (const [name, value] of Object.entries({ nth, times, attempts })) {
    if (value === undefined || (Number.isInteger(value) && value >= 1)) continue;
    throw new WsgwError("USAGE", `A fault's ${name} is ${value}. It must be an integer from 1.`);
  }
  if (probability === undefined || (probability >= 0 && probability <= 1)) return;
  throw new WsgwError("USAGE", `A fault's probability is ${probability}. It must be from 0 to 1.`);
}
