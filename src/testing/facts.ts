import { waitFor } from "../client/waiting.ts";
import type { Entry, Fact, Journal } from "../emulator/facts.ts";
import { matchesValue } from "../values/match.ts";
import { describeExpected } from "./expected.ts";
import { failure, type WaitLimits } from "./failure.ts";

/** Entries of one type of fact. */
export type EntryOf<Type extends Fact["type"]> = Extract<Entry, { readonly type: Type }>;

/** Selects facts: by their values, which may contain matchers, or by a function. */
export type FactFilter<Type extends Fact["type"]> =
  | { readonly [Key in keyof EntryOf<Type>]?: unknown }
  | ((entry: EntryOf<Type>) => boolean);

export type FactReader = {
  /** All facts of one type so far that match the filter, oldest first. */
  all<Type extends Fact["type"]>(type: Type, filter?: FactFilter<Type>): readonly EntryOf<Type>[];
  /**
   * The first such fact, already recorded or in the future. Rejects with WAIT_TIMED_OUT after `waitMs` of
   * real time, with the last facts.
   */
  first<Type extends Fact["type"]>(type: Type, filter?: FactFilter<Type>): Promise<EntryOf<Type>>;
};

/** Reads a journal that keeps everything. */
export function createFactReader(journal: Journal, { waitMs, lastFacts }: WaitLimits): FactReader {
  return {
    all: <Type extends Fact["type"]>(type: Type, filter?: FactFilter<Type>) =>
      journal.entries().filter((entry): entry is EntryOf<Type> => passes(entry, type, filter)),
    first(type, filter) {
      let seen = 0;
      const look = (): EntryOf<typeof type> | undefined => {
        const entries = journal.entries();
        for (; seen < entries.length; seen += 1) {
          const entry = entries[seen];
          if (entry === undefined || !passes(entry, type, filter)) continue;
          seen += 1;
          return entry;
        }
        return undefined;
      };
      const which = filter === undefined ? "" : ` with ${describeExpected(filter)}`;
      const said = `No fact "${type}"${which} came within ${waitMs} ms.`;
      return waitFor({
        look,
        subscribe: journal.subscribe,
        timeoutMs: waitMs,
        missed: () => failure("WAIT_TIMED_OUT", said, lastFacts),
      });
    },
  };
}

function passes<Type extends Fact["type"]>(
  entry: Entry,
  type: Type,
  filter: FactFilter<Type> | undefined,
): entry is EntryOf<Type> {
  if (entry.type !== type) return false;
  if (filter === undefined) return true;
  return typeof filter === "function"
    ? filter(entry as EntryOf<Type>)
    : matchesValue(filter, entry);
}
