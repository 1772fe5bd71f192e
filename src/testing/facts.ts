import { WsgwError } from "../errors.ts";
import type { Entry, Fact, Journal } from "../journal.ts";

/** Entries of one type of fact. */
export type EntryOf<Type extends Fact["type"]> = Extract<Entry, { readonly type: Type }>;

export type FactReader = {
  /** All facts of one type so far, oldest first. */
  all<Type extends Fact["type"]>(type: Type): readonly EntryOf<Type>[];
  /**
   * The first fact of one type that `matches`, of those already recorded or of those to come. Fails
   * with WAIT_TIMED_OUT after `timeoutMs` of real time, naming the last facts.
   */
  first<Type extends Fact["type"]>(
    type: Type,
    matches: (entry: EntryOf<Type>) => boolean,
    timeoutMs: number,
  ): Promise<EntryOf<Type>>;
};

export function createFactReader(journal: Journal): FactReader {
  return {
    all: (type) => journal.entries().filter((entry) => isOf(entry, type)),
    first(type, matches, timeoutMs) {
      const found = journal.entries().find((entry) => isOf(entry, type) && matches(entry));
      if (found !== undefined && isOf(found, type)) return Promise.resolve(found);
      return new Promise((resolve, reject) => {
        const unsubscribe = journal.subscribe((entry) => {
          if (!isOf(entry, type) || !matches(entry)) return;
          stop();
          resolve(entry);
        });
        const timer = setTimeout(() => {
          stop();
          reject(new WsgwError("WAIT_TIMED_OUT", missed(type, timeoutMs, journal)));
        }, timeoutMs);
        const stop = (): void => {
          clearTimeout(timer);
          unsubscribe();
        };
      });
    },
  };
}

function isOf<Type extends Fact["type"]>(entry: Entry, type: Type): entry is EntryOf<Type> {
  return entry.type === type;
}

const SHOWN_FACTS = 10;

function missed(type: string, timeoutMs: number, journal: Journal): string {
  const last = journal
    .entries()
    .slice(-SHOWN_FACTS)
    .map((entry) => `  ${JSON.stringify(entry)}`);
  const before =
    last.length === 0 ? "No fact was recorded." : `The last facts:\n${last.join("\n")}`;
  return `No fact "${type}" that matches came within ${timeoutMs} ms. ${before}`;
}
