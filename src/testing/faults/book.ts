import type { Entry, Journal } from "../../emulator/facts.ts";
import { failure } from "../failure.ts";
import {
  type CallSelection,
  createSelector,
  type EventSelection,
  type Occurrence,
  selectionText,
} from "./selection.ts";

/** A fault that has been set up. */
export type Fault = {
  /** As it was written, such as `post({"nth":2}).gone()`. */
  readonly description: string;
  /** How often it has taken place. */
  readonly fired: number;
  /** From now on it takes place no more. */
  remove(): void;
};

/** What there is to be done about something that happens. */
export type Injected<Effect> = { readonly effect: Effect; readonly fault: Fault };

/** Faults of one kind. */
export type Shelf<Effect> = {
  add(
    written: {
      readonly name: string;
      readonly selection: object;
      /** As the test wrote it, where that differs. */
      readonly shown?: object;
      readonly verb: string;
    },
    effect: Effect,
  ): Fault;
  /** The fault that befalls this, of several the first that was set up; all of them count it. */
  pick(occurrence: Occurrence, applies?: (effect: Effect) => boolean): Injected<Effect> | undefined;
  isEmpty(): boolean;
};

/** Where all faults of a gateway are written down. */
export type Book = {
  readonly seed: number;
  shelf<Effect>(): Shelf<Effect>;
  /** Writes down a fault that takes place by other means; `fire` tells that it has. */
  note(description: string): { readonly fault: Fault; fire(whom: Whom): void };
  all(): readonly Fault[];
  unused(): readonly Fault[];
  /** Fails with EXPECTATION_FAILED when a fault never took place. */
  assertAllFired(lastFacts: () => string): void;
  /** Removes all, those that were used too. */
  clear(): void;
  /** Ends all faults, and records those that never took place. */
  stop(): void;
};

type Whom = Pick<Occurrence, "connectionId" | "functionName" | "awsRequestId" | "because">;

export function createBook(journal: Journal, seed: number): Book {
  const faults = new Set<Fault>();
  const clearing: (() => void)[] = [];
  let salt = 0;
  let isStopped = false;

  function write(description: string, isRandom: boolean, remove: () => void) {
    let fired = 0;
    const fault: Fault = {
      description,
      get fired() {
        return fired;
      },
      remove() {
        remove();
        faults.delete(fault);
      },
    };
    faults.add(fault);
    const fire = ({ connectionId, functionName, awsRequestId, because }: Whom): void => {
      if (!faults.has(fault)) return;
      fired += 1;
      journal.record(
        {
          type: "fault.injected",
          fault: description,
          connectionId,
          functionName,
          ...(awsRequestId !== undefined && { awsRequestId }),
          ...(isRandom && { seed }),
        },
        because ?? startOf(awsRequestId),
      );
    };
    return { fault, fire };
  }

  function startOf(awsRequestId: string | undefined): number | undefined {
    if (awsRequestId === undefined) return undefined;
    const isStart = (entry: Entry): boolean =>
      entry.type === "function.started" && entry.awsRequestId === awsRequestId;
    return journal.entries().findLast(isStart)?.id;
  }

  const unused = (): readonly Fault[] => [...faults].filter(({ fired }) => fired === 0);

  return {
    seed,
    shelf<Effect>(): Shelf<Effect> {
      type Entry = {
        readonly effect: Effect;
        readonly fault: Fault;
        readonly fire: (whom: Whom) => void;
        readonly selects: (occurrence: Occurrence) => boolean;
      };
      const entries = new Set<Entry>();
      clearing.push(() => entries.clear());
      return {
        add({ name, selection, shown = selection, verb }, effect) {
          salt += 1;
          const asked = selection as EventSelection & CallSelection;
          const { selects } = createSelector(asked, seed, salt);
          const description = `${callText(name, selectionText(shown))}.${verb}`;
          const isRandom = asked.probability !== undefined;
          const { fault, fire } = write(description, isRandom, () => entries.delete(entry));
          const entry: Entry = { effect, fault, fire, selects };
          entries.add(entry);
          return fault;
        },
        pick(occurrence, applies = () => true) {
          let picked: Entry | undefined;
          for (const entry of [...entries]) {
            if (applies(entry.effect) && entry.selects(occurrence)) picked ??= entry;
          }
          if (picked === undefined || isStopped) return undefined;
          picked.fire(occurrence);
          return picked;
        },
        isEmpty: () => entries.size === 0,
      };
    },
    note: (description) => write(description, false, () => {}),
    all: () => [...faults],
    unused,
    assertAllFired(lastFacts) {
      const left = unused().map(({ description }) => description);
      if (left.length === 0) return;
      const said =
        left.length === 1
          ? `The fault ${left[0]} never took place.`
          : `These faults never took place: ${left.join(", ")}.`;
      throw failure("EXPECTATION_FAILED", said, lastFacts);
    },
    clear() {
      for (const clear of clearing) clear();
      faults.clear();
    },
    stop() {
      if (isStopped) return;
      isStopped = true;
      for (const { description } of unused()) {
        journal.record({ type: "fault.unused", fault: description });
      }
    },
  };
}

/** `table:connections` and a selection become `table("connections",{…})`. */
function callText(name: string, selection: string): string {
  const [verb = "", subject] = name.split(":");
  const parts = [subject === undefined ? "" : JSON.stringify(subject), selection];
  return `${verb}(${parts.filter((part) => part !== "").join(",")})`;
}
