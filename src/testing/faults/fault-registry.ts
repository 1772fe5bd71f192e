import type { Entry, Journal } from "../../emulator/facts.ts";
import { failure } from "../failure.ts";
import {
  type CallSelection,
  createSelector,
  type EventSelection,
  type Occurrence,
  type Selector,
  selectionText,
} from "./selection.ts";

/** A configured fault. */
export type Fault = {
  /** As written, for example `post({"nth":2}).gone()`. */
  readonly description: string;
  /** How often it has fired. */
  readonly fired: number;
  /** Disables the fault. */
  remove(): void;
};

/** The effect of a fault on an occurrence. */
export type Injected<Effect> = { readonly effect: Effect; readonly fault: Fault };

/** How a fault is written in reports. */
type Written = {
  readonly name: string;
  readonly selection: object;
  /** As the test wrote it, if different. */
  readonly shown?: object;
  readonly verb: string;
};

type Whom = Pick<Occurrence, "connectionId" | "functionName" | "awsRequestId" | "because">;

/** A registered fault; `fire` counts and records it. */
type Noted = { readonly fault: Fault; fire(whom: Whom): void };

/** All faults of a gateway. */
export class FaultRegistry {
  readonly seed: number;
  readonly #journal: Journal;
  readonly #faults = new Set<Fault>();
  #isStopped = false;
  /** Number of the last selection, which gives it its own random draws. */
  #selections = 0;

  constructor(journal: Journal, seed: number) {
    this.#journal = journal;
    this.seed = seed;
  }

  get isStopped(): boolean {
    return this.#isStopped;
  }

  selector(selection: EventSelection & CallSelection): Selector {
    this.#selections += 1;
    return createSelector(selection, this.seed, this.#selections);
  }

  /** Registers a fault; `onRemove` removes it from its other containers. */
  note(description: string, isRandom = false, onRemove = () => {}): Noted {
    let fired = 0;
    const fault: Fault = {
      description,
      get fired() {
        return fired;
      },
      remove: () => {
        onRemove();
        this.#faults.delete(fault);
      },
    };
    this.#faults.add(fault);
    const fire = (whom: Whom): void => {
      if (!this.#faults.has(fault)) return;
      fired += 1;
      this.#record(description, whom, isRandom);
    };
    return { fault, fire };
  }

  #record(description: string, whom: Whom, isRandom: boolean): void {
    const { connectionId, functionName, awsRequestId, because } = whom;
    this.#journal.record(
      {
        type: "fault.injected",
        fault: description,
        connectionId,
        functionName,
        ...(awsRequestId !== undefined && { awsRequestId }),
        ...(isRandom && { seed: this.seed }),
      },
      because ?? startOf(awsRequestId, this.#journal),
    );
  }

  /** Those that never fired. */
  unused(): readonly Fault[] {
    return [...this.#faults].filter(({ fired }) => fired === 0);
  }

  /** Throws EXPECTATION_FAILED if a fault never fired. */
  assertAllFired(lastFacts: () => string): void {
    const left = this.unused().map(({ description }) => description);
    if (left.length === 0) return;
    const said =
      left.length === 1
        ? `The fault ${left[0]} never occurred.`
        : `These faults never occurred: ${left.join(", ")}.`;
    throw failure("EXPECTATION_FAILED", said, lastFacts);
  }

  /** Removes all, including those that fired. */
  clear(): void {
    for (const fault of this.#faults) fault.remove();
  }

  /** Disables all faults, and records those that never fired. */
  stop(): void {
    if (this.#isStopped) return;
    this.#isStopped = true;
    for (const { description } of this.unused()) {
      this.#journal.record({ type: "fault.unused", fault: description });
    }
  }
}

/** Faults of one kind. */
export class FaultsOfKind<Effect> {
  readonly #registry: FaultRegistry;
  readonly #entries = new Set<Injected<Effect> & Noted & Selector>();

  constructor(registry: FaultRegistry) {
    this.#registry = registry;
  }

  add({ name, selection, shown = selection, verb }: Written, effect: Effect): Fault {
    const asked = selection as EventSelection & CallSelection;
    const { selects } = this.#registry.selector(asked);
    const description = `${callText(name, selectionText(shown))}.${verb}`;
    const isRandom = asked.probability !== undefined;
    const noted = this.#registry.note(description, isRandom, () => this.#entries.delete(entry));
    const entry = { ...noted, effect, selects };
    this.#entries.add(entry);
    return noted.fault;
  }

  /** The fault for an occurrence, the first configured of several; all of them count it. */
  pick(
    occurrence: Occurrence,
    applies: (effect: Effect) => boolean = () => true,
  ): Injected<Effect> | undefined {
    const selecting = [...this.#entries].filter(
      ({ effect, selects }) => applies(effect) && selects(occurrence),
    );
    const [picked] = selecting;
    if (picked === undefined || this.#registry.isStopped) return undefined;
    picked.fire(occurrence);
    return picked;
  }

  isEmpty(): boolean {
    return this.#entries.size === 0;
  }
}

/** The fact that started a function's invocation. */
function startOf(awsRequestId: string | undefined, journal: Journal): number | undefined {
  if (awsRequestId === undefined) return undefined;
  const isStart = (entry: Entry): boolean =>
    entry.type === "function.started" && entry.awsRequestId === awsRequestId;
  return journal.entries().findLast(isStart)?.id;
}

/** `table:connections` and a selection become `table("connections",{…})`. */
function callText(name: string, selection: string): string {
  const [verb = "", subject] = name.split(":");
  const parts = [subject === undefined ? "" : JSON.stringify(subject), selection];
  return `${verb}(${parts.filter((part) => part !== "").join(",")})`;
}
