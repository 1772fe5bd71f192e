import { promisify } from "node:util";

/** The timers that code can start and clear. */
export type Timers = Pick<
  typeof globalThis,
  | "setTimeout"
  | "setInterval"
  | "setImmediate"
  | "clearTimeout"
  | "clearInterval"
  | "clearImmediate"
>;

/**
 * Timers whose errors belong to the function, and that end with the environment. Code that cannot be stopped
 * and continues after that gets timers that never fire.
 */
export function createTimers(uncaught: (error: unknown) => void): {
  readonly timers: Timers;
  readonly stop: () => void;
} {
  /** Each timer with the function that clears it. */
  const open = new Map<unknown, () => void>();
  let isStopped = false;
  type Run = (...values: unknown[]) => void;
  const guarded = (run: Run, once: () => void): Run => {
    return (...values) => {
      once();
      try {
        run(...values);
      } catch (error) {
        uncaught(error);
      }
    };
  };
  const start = <Timer>(
    run: Run,
    repeats: boolean,
    begin: (run: Run) => Timer,
    clear: (timer: Timer) => void,
  ) => {
    const timer = begin(guarded(run, () => repeats || open.delete(timer)));
    if (isStopped) clear(timer);
    else open.set(timer, () => clear(timer));
    return timer;
  };
  const alsoForget =
    <Timer>(clear: (timer: Timer) => void) =>
    (timer: Timer): void => {
      clear(timer);
      open.delete(timer);
    };

  const sandboxTimeout = (run: Run, ms?: number, ...values: unknown[]) =>
    start(run, false, (guardedRun) => setTimeout(guardedRun, ms, ...values), clearTimeout);
  const ownInterval = (run: Run, ms?: number, ...values: unknown[]) =>
    start(run, true, (guardedRun) => setInterval(guardedRun, ms, ...values), clearInterval);
  const ownImmediate = (run: Run, ...values: unknown[]) =>
    start(run, false, (guardedRun) => setImmediate(guardedRun, ...values), clearImmediate);
  const withPromise = (own: object, original: object) =>
    Object.assign(own, { [promisify.custom]: Reflect.get(original, promisify.custom) });

  const timers = {
    setTimeout: withPromise(sandboxTimeout, setTimeout),
    setInterval: ownInterval,
    setImmediate: withPromise(ownImmediate, setImmediate),
    clearTimeout: alsoForget(clearTimeout),
    clearInterval: alsoForget(clearInterval),
    clearImmediate: alsoForget(clearImmediate),
  } as unknown as Timers;
  const stop = () => {
    isStopped = true;
    for (const clear of open.values()) clear();
    open.clear();
  };
  return { timers, stop };
}
