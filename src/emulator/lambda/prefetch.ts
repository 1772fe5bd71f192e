import { closeSync, ftruncateSync, openSync, readSync, unlinkSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { EnvironmentEvent, Prefetch } from "./environment.ts";
import type { Wanted } from "./invocation.ts";

// Prefetch: fast code need not wait for the gateway between two events. Without it a route response reaches 0.65 of
// the floor's rate in place of 1.0 (bench, row "reply"). The protocol:
//
// 1. Events wait because all environments of a function are busy. An environment whose events take a fraction of a
//    millisecond is handed some of them before it has answered: as many as it does in 5 ms, 16 at most.
// 2. Each of these has a number that counts up. The child keeps them in order and begins the next by itself once it
//    has answered the one before, so it still runs one event at a time.
// 3. An event may take long after all. What stands behind it for 10 ms is taken back and goes to another environment.
// 4. Both sides claim by two numbers in one file that they have open: the child writes the number that it is about to
//    begin and then reads up to which the gateway took back; the gateway writes up to which it takes back and then
//    reads which the child has begun. In whichever order the four steps come, at least one side sees the other's
//    number, and no process is asked that may be busy for seconds.
// 5. So no event runs twice. Where both claim at once the child skips the event and says so, and the gateway hands it
//    over again unless it was taken back.
// 6. The answer to a prefetched event says first how long it took, since several answers may be heard at once.
// 7. When an environment ends, what it has not begun is placed again. Where the file cannot be had (no room, Windows),
//    nothing is prefetched.

/** How much work, in ms, an environment may have before it besides the event that it runs. */
const MOST_MS = 5;
const MOST_EVENTS = 16;
const SHORTEST_MS = 0.01;

/**
 * How many of the events that wait are handed to an environment before it has answered, when an event
 * takes it `averageMs`; undefined is not known yet. Fast code spends more time on waiting for its next
 * event than on the event. Slow code gets none: another environment may be free sooner.
 */
export function eventsToPrefetch(averageMs: number | undefined): number {
  if (averageMs === undefined) return 0;
  return Math.min(MOST_EVENTS, Math.floor(MOST_MS / Math.max(averageMs, SHORTEST_MS)));
}

/** The average, of which the newest counts for a quarter. */
export function averageWith(averageMs: number | undefined, newestMs: number): number {
  return averageMs === undefined ? newestMs : averageMs + (newestMs - averageMs) / 4;
}

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

/** Where the number of the event stands that the child is about to begin. */
const BEGUN_AT = 0;
/** Where the number stands up to which events were taken back. */
const TAKEN_AT = 8;
const BYTES = 16;

/** The gateway's side. */
export type PrefetchClaims = {
  /** For the child process to inherit. */
  readonly fd: number;
  /** Takes back all events up to `last` that have not begun; returns the number of the last that has. */
  takeBack(last: number): number;
  close(): void;
};

/** Opens the file of one environment; it has no name, so nothing of it can be left behind. Undefined where that cannot be. */
export function openPrefetchClaims(name: string): PrefetchClaims | undefined {
  if (process.platform === "win32") return undefined; // a file that is open keeps its name there
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
    return undefined; // no room, no files left: events are then handed over one at a time
  }
}

/** The child's side: claims the event with the number, and returns false when it was taken back. */
export function createPrefetchClaimant(fd: number): (number: number) => boolean {
  const bytes = Buffer.alloc(8);
  return (number) => {
    bytes.writeDoubleLE(number);
    writeSync(fd, bytes, 0, bytes.length, BEGUN_AT);
    readSync(fd, bytes, 0, bytes.length, TAKEN_AT);
    return bytes.readDoubleLE() < number;
  };
}
