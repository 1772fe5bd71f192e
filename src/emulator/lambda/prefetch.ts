import { closeSync, ftruncateSync, openSync, readSync, unlinkSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { EnvironmentEvent, Prefetch } from "./environment-contract.ts";
import type { Wanted } from "./invocation.ts";

// Prefetch: fast code need not wait for the gateway between two events. Without it, the rate of route
// responses is 0.65 of the floor's instead of 1.0 (bench, row "reply"). The protocol:
//
// 1. Events wait because all environments of a function are busy. If events take an environment a fraction of a
//    millisecond, the gateway sends it more of them before it has answered: as many as it runs in 5 ms, 16 at
//    most.
// 2. Each response begins with the duration that the child measured. The gateway's own measurement would
//    include the time in which neither process runs, so that a busy machine would end the prefetch.
// 3. Each prefetched event has a number that counts up. The child keeps them in order. It starts the next one
//    itself after it has answered the previous one, so it still runs one event at a time.
// 4. If an event takes long after all, the events that have waited behind it for 10 ms are taken back and go to
//    another environment.
// 5. Both sides claim events with two numbers in one shared file. The child writes the number that it is about
//    to start, and then reads up to which number the gateway took back. The gateway writes up to which number it
//    takes back, and then reads which one the child has started. In any order of the four steps, at least one
//    side sees the other's number. Neither side waits for the other, which may be busy for seconds.
// 6. So no event runs twice. If both claim an event at once, the child skips it and reports that. The gateway
//    then sends it again unless it was taken back.
// 7. When an environment ends, the events that it has not started are queued again. If the file cannot be
//    created (no space, Windows), nothing is prefetched.

/** How long, in ms, events wait behind a running one before they move to another environment. */
export const MOVED_AFTER_MS = 10;

/** How much work, in ms, may wait at an environment behind the running event. */
const MOST_MS = 5;
const MOST_EVENTS = 16;
const SHORTEST_MS = 0.01;

/**
 * How many waiting events to send to an environment before it has answered, if an event takes `averageMs` on
 * average; undefined means not known yet. Fast code spends more time waiting for its next event than running
 * it. Slow code gets none: another environment may be free sooner.
 */
export function eventsToPrefetch(averageMs: number | undefined): number {
  if (averageMs === undefined) return 0;
  return Math.min(MOST_EVENTS, Math.floor(MOST_MS / Math.max(averageMs, SHORTEST_MS)));
}

/** A moving average in which the newest value counts for a quarter. */
export function averageWith(averageMs: number | undefined, newestMs: number): number {
  return averageMs === undefined ? newestMs : averageMs + (newestMs - averageMs) / 4;
}

/** An event sent to an environment; prefetched ones have a number. */
export type Handed = {
  readonly wanted: Wanted;
  readonly message: EnvironmentEvent;
  number: number | undefined;
};

/**
 * The events that an environment received before it had answered the running one. It starts them itself, one
 * after the other, in the order of their numbers. Those that have not started can be taken back. If both
 * happen at once, the environment skips the event and reports that, and the event is sent again.
 */
export class PrefetchQueue {
  /** Undefined if events cannot be taken back, so that none are prefetched. */
  readonly #environment: Prefetch | undefined;
  /** Sent and not started, as far as known here. */
  #queue: Handed[] = [];
  /** Number of the last event sent. */
  #given = 0;
  /** The last number sent when events were taken back: up to this number, one may still be skipped. */
  #takenUpTo = 0;
  /** Average duration of an event, in ms. */
  #average: number | undefined;

  constructor(environment: Prefetch | undefined) {
    this.#environment = environment;
  }

  isEmpty(): boolean {
    return this.#queue.length === 0;
  }

  /** Whether one more event may wait behind the running one. */
  hasRoom({ number }: Handed): boolean {
    // A skipped event is sent again, behind all that have been sent by then.
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

  /** The event that started when the previous one was answered. */
  next(): Handed | undefined {
    return this.#queue.shift();
  }

  /** Sends events again that were counted as waiting and then skipped. Keeps their order. */
  giveAgain(number: number): void {
    const skipped = this.#queue.find((handed) => handed.number === number);
    if (skipped === undefined || this.#environment === undefined) return; // it was taken back
    this.#given = this.#environment.give(skipped.message);
    skipped.number = this.#given;
  }

  /** Takes back the events that have not started, oldest first. */
  takeBack(): readonly Wanted[] {
    if (this.#queue.length === 0 || this.#environment === undefined) return [];
    const begun = this.#environment.takeBack();
    this.#takenUpTo = this.#given;
    const isUnbegun = ({ number = 0 }: Handed) => number > begun;
    const unbegun = this.#queue.filter(isUnbegun);
    this.#queue = this.#queue.filter((handed) => !isUnbegun(handed));
    return unbegun.map(({ wanted }) => wanted);
  }

  /** Empties the queue. After `takeBack`, the rest has started and not reported anything yet. */
  takeBegun(): readonly Handed[] {
    return this.#queue.splice(0);
  }

  /** Adds the duration of an event, in ms. */
  measured(ms: number): void {
    this.#average = averageWith(this.#average, ms);
  }
}

/** Offset of the number of the event that the child is about to start. */
const BEGUN_AT = 0;
/** Offset of the number up to which events were taken back. */
const TAKEN_AT = 8;
const BYTES = 16;

/** The gateway's side. */
export type PrefetchClaims = {
  /** The descriptor that the child process inherits. */
  readonly fd: number;
  /** Takes back all events up to `last` that have not started; returns the number of the last that has. */
  takeBack(last: number): number;
  close(): void;
};

/**
 * Opens the shared file of one environment. It is unlinked at once, so that nothing is left behind. Undefined
 * if that fails.
 */
export function openPrefetchClaims(name: string): PrefetchClaims | undefined {
  if (process.platform === "win32") return undefined; // Windows cannot unlink open files
  const fd = openNameless(join(tmpdir(), `wsgw-claims-${process.pid}-${name}`));
  if (fd === undefined) return undefined;
  const number = Buffer.alloc(8);
  return {
    fd,
    takeBack(last) {
      number.writeDoubleLE(last);
      writeSync(fd, number, 0, number.length, TAKEN_AT);
      readSync(fd, number, 0, number.length, BEGUN_AT);
      return Math.min(number.readDoubleLE(), last);
    },
    close: () => closeSync(fd),
  };
}

function openNameless(file: string): number | undefined {
  try {
    const fd = openSync(file, "wx+", 0o600);
    unlinkSync(file);
    ftruncateSync(fd, BYTES);
    return fd;
  } catch {
    return undefined; // no disk space or descriptors left: events are then sent one at a time
  }
}

/** The child's side: claims the event with this number. Returns false if it was taken back. */
export function createPrefetchClaimant(fd: number): (number: number) => boolean {
  const bytes = Buffer.alloc(8);
  return (number) => {
    bytes.writeDoubleLE(number);
    writeSync(fd, bytes, 0, bytes.length, BEGUN_AT);
    readSync(fd, bytes, 0, bytes.length, TAKEN_AT);
    return bytes.readDoubleLE() < number;
  };
}
