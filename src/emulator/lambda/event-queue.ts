import type { Wanted } from "./invocation.ts";

/** The events of one function that wait for an environment, oldest first. */
export class EventQueue {
  readonly #events: Wanted[] = [];
  /** Length when it was last reported. */
  #reported = 0;

  get length(): number {
    return this.#events.length;
  }

  /** The newest event. */
  get last(): Wanted | undefined {
    return this.#events.at(-1);
  }

  add(wanted: Wanted): void {
    this.#events.push(wanted);
  }

  /** Adds events that waited at an environment, in the order of their arrival. */
  addAgain(unbegun: readonly Wanted[]): void {
    this.#events.push(...unbegun);
    this.#events.sort((one, other) => one.since - other.since);
  }

  take(): Wanted | undefined {
    const next = this.#events.shift();
    if (this.#events.length === 0) this.#reported = 0;
    return next;
  }

  takeAll(): readonly Wanted[] {
    return this.#events.splice(0);
  }

  /**
   * Whether to report its length now: each time it doubles, so that a burst prints a few lines and not a
   * thousand.
   */
  isNews(): boolean {
    if (this.#events.length < this.#reported * 2) return false;
    this.#reported = this.#events.length;
    return true;
  }
}
