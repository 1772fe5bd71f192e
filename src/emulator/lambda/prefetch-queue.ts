import type { EnvironmentEvent, Prefetch } from "./environment.ts";
import type { Wanted } from "./invocation.ts";
import { averageWith, eventsToPrefetch } from "./rules/prefetch.ts";

/** An event that was handed to an environment; those that were prefetched have a number. */
export type Handed = {
  readonly wanted: Wanted;
  readonly message: EnvironmentEvent;
  number: number | undefined;
};

/**
 * The events that an environment was handed before it had answered the one that it runs. It begins them by
 * itself, one after the other, in the order of their numbers. What has not begun can be taken back; where both
 * happen at once the environment skips the event and says so, and it is handed over again.
 */
export class PrefetchQueue {
  /** Undefined where events cannot be taken back, so that none are prefetched. */
  readonly #environment: Prefetch | undefined;
  /** Handed over and not begun, as far as is known here. */
  #queue: Handed[] = [];
  /** Number of the last that was handed over. */
  #given = 0;
  /** Number of the last that was handed over when some were taken back: up to it one may be skipped yet. */
  #takenUpTo = 0;
  /** ms that an event takes. */
  #average: number | undefined;

  constructor(environment: Prefetch | undefined) {
    this.#environment = environment;
  }

  isEmpty(): boolean {
    return this.#queue.length === 0;
  }

  /** Whether behind the running event there is room for one more. */
  hasRoom({ number }: Handed): boolean {
    // One that is skipped is handed over once more, behind all that was given by then.
    const mayBeSkipped = number !== undefined && number <= this.#takenUpTo;
    return (
      this.#environment !== undefined &&
      !mayBeSkipped &&
      this.#queue.length < eventsToPrefetch(this.#average)
    );
  }

  add(wanted: Wanted, message: EnvironmentEvent): void {
    this.#given = this.#environment?.give(message) ?? this.#given;
    this.#queue.push({ wanted, message, number: this.#given });
  }

  /** The event that has begun when the one before it was answered. */
  next(): Handed | undefined {
    return this.#queue.shift();
  }

  /** Hands over again what was taken to be waiting, and was skipped. Several of them come in their order. */
  giveAgain(number: number): void {
    const skipped = this.#queue.find((handed) => handed.number === number);
    if (skipped === undefined || this.#environment === undefined) return; // it was taken back
    this.#given = this.#environment.give(skipped.message);
    skipped.number = this.#given;
  }

  /** Takes back what has not begun, oldest first. */
  takeBack(): readonly Wanted[] {
    if (this.#queue.length === 0 || this.#environment === undefined) return [];
    const begun = this.#environment.takeBack();
    this.#takenUpTo = this.#given;
    const isUnbegun = ({ number = 0 }: Handed) => number > begun;
    const unbegun = this.#queue.filter(isUnbegun);
    this.#queue = this.#queue.filter((handed) => !isUnbegun(handed));
    return unbegun.map(({ wanted }) => wanted);
  }

  /** Empties it: what is left after `takeBack` has begun, of which nothing has been heard yet. */
  takeBegun(): readonly Handed[] {
    return this.#queue.splice(0);
  }

  /** An event has taken so many ms. */
  measured(ms: number): void {
    this.#average = averageWith(this.#average, ms);
  }
}
