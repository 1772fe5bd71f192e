import { promisify } from "node:util";
import type { Clock } from "../../../clock.ts";
import type { Timers } from "./sandbox-timers.ts";

/** `Date` and timers that follow the emulator's clock. */
export type FakeTimers = {
  /** Replacements for the globals of these names, and for `performance.now`. */
  readonly globals: Readonly<Record<string, unknown>>;
  /** Replacements for `timers` and `timers/promises`, by the names that the bundler uses. */
  readonly modules: Readonly<Record<string, unknown>>;
  /** Clears the code's remaining timers. */
  stop(): void;
};

type Run = (...values: unknown[]) => void;

/**
 * Creates them. `real` serves what does not depend on time, such as `setImmediate`, and timers of packages.
 */
export function createFakeTimers(
  clock: Clock,
  real: Timers,
  uncaught: (error: unknown) => void,
): FakeTimers {
  const open = new Set<FakeTimer>();
  let isStopped = false;

  function start(run: Run, delay: unknown, values: unknown[], repeats: boolean): FakeTimer {
    if (typeof run !== "function") {
      throw new TypeError('The "callback" argument must be of type function.');
    }
    const ms = delayOf(delay);
    const schedule: Clock["schedule"] = (delayMs, due) =>
      isStopped ? () => {} : clock.schedule(delayMs, due);
    const timer = createTimer(schedule, ms, repeats, open, () => {
      try {
        run(...values);
      } catch (error) {
        uncaught(error);
      }
    });
    timer.refresh();
    return timer;
  }

  const setTimeout = (run: Run, ms?: unknown, ...values: unknown[]) =>
    start(run, ms, values, false);
  const setInterval = (run: Run, ms?: unknown, ...values: unknown[]) =>
    start(run, ms, values, true);
  const clear = (timer: unknown): void => {
    const own = [...open].find((each) => each === timer || each[Symbol.toPrimitive]() === timer);
    if (own !== undefined) own.close();
    else real.clearTimeout(timer as NodeJS.Timeout); // a timer of a package
  };
  const promises = promisesOf(setTimeout, setInterval);
  Object.assign(setTimeout, { [promisify.custom]: promises.setTimeout });

  const own = { setTimeout, setInterval, clearTimeout: clear, clearInterval: clear };
  const immediate = { setImmediate: real.setImmediate, clearImmediate: real.clearImmediate };
  return {
    globals: { ...own, ...immediate, Date: dateOf(clock), now: () => clock.elapsed() },
    modules: {
      "wsgw:timers": { ...own, ...immediate, promises },
      "wsgw:timers/promises": promises,
    },
    stop() {
      isStopped = true;
      for (const timer of [...open]) timer.close();
    },
  };
}

/** `Date` with another current time. Instances of both are instances of each other's class. */
function dateOf(clock: Clock): DateConstructor {
  const now = (): number => clock.now();
  return new Proxy(Date, {
    construct: (target, values, newTarget) =>
      Reflect.construct(target, values.length === 0 ? [now()] : values, newTarget),
    apply: () => new Date(now()).toString(),
    get: (target, key, receiver) => (key === "now" ? now : Reflect.get(target, key, receiver)),
  });
}

/** Has the methods of Node's `Timeout`. */
type FakeTimer = {
  ref(): FakeTimer;
  unref(): FakeTimer;
  hasRef(): boolean;
  refresh(): FakeTimer;
  close(): FakeTimer;
  [Symbol.toPrimitive](): number;
};

/** Above any id that Node gives a timer. */
let lastId = 1_000_000_000_000;

function createTimer(
  schedule: Clock["schedule"],
  ms: number,
  repeats: boolean,
  open: Set<FakeTimer>,
  run: () => void,
): FakeTimer {
  const id = ++lastId;
  let cancel = (): void => {};
  let isReferenced = true;
  const timer: FakeTimer = {
    ref() {
      isReferenced = true;
      return timer;
    },
    unref() {
      isReferenced = false;
      return timer;
    },
    hasRef: () => isReferenced,
    refresh() {
      cancel();
      open.add(timer);
      cancel = schedule(ms, () => {
        if (repeats) timer.refresh();
        else open.delete(timer);
        run();
      });
      return timer;
    },
    close() {
      cancel();
      open.delete(timer);
      return timer;
    },
    [Symbol.toPrimitive]: () => id,
  };
  return timer;
}

/** As in Node, a delay outside 1 ms to 2^31 - 1 ms becomes 1 ms. */
function delayOf(value: unknown): number {
  const ms = Math.trunc(Number(value));
  return ms < 2 ** 31 ? Math.max(ms, 1) : 1;
}

type Start = (run: Run, ms?: unknown) => FakeTimer;
type Options = { readonly signal?: AbortSignal };

function promisesOf(setTimeout: Start, setInterval: Start) {
  const sleep = (ms?: unknown, value?: unknown, { signal }: Options = {}): Promise<unknown> =>
    new Promise((resolve, reject) => {
      if (signal?.aborted === true) return reject(abortError(signal));
      const onAbort = (): void => {
        timer.close();
        reject(abortError(signal));
      };
      const timer = setTimeout(() => {
        signal?.removeEventListener("abort", onAbort);
        resolve(value);
      }, ms);
      signal?.addEventListener("abort", onAbort);
    });
  async function* ticks(ms?: unknown, value?: unknown, { signal }: Options = {}) {
    let due = 0;
    let wake = (): void => {};
    const timer = setInterval(() => {
      due += 1;
      wake();
    }, ms);
    const onAbort = (): void => wake();
    signal?.addEventListener("abort", onAbort);
    try {
      for (;;) {
        if (signal?.aborted === true) throw abortError(signal);
        if (due > 0) {
          due -= 1;
          yield value;
        } else {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        }
      }
    } finally {
      timer.close();
      signal?.removeEventListener("abort", onAbort);
    }
  }
  return {
    setTimeout: sleep,
    setInterval: ticks,
    setImmediate: promisify(setImmediate),
    scheduler: { wait: (ms?: unknown, options?: Options) => sleep(ms, undefined, options) },
  };
}

function abortError(signal: AbortSignal | undefined): Error {
  const error = new Error("The operation was aborted", { cause: signal?.reason });
  return Object.assign(error, { name: "AbortError", code: "ABORT_ERR" });
}
