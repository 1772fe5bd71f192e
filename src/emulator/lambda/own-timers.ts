import { promisify } from "node:util";

/** The timers that code can start. */
export type Timers = Pick<typeof globalThis, "setTimeout" | "setInterval" | "setImmediate">;

/** Timers whose errors are the function's and not this process's, and that end with the environment. */
export function createTimers(uncaught: (error: unknown) => void): {
  readonly timers: Timers;
  readonly stop: () => void;
} {
  const open = new Set<NodeJS.Timeout | NodeJS.Immediate>();
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
  const start = (
    run: Run,
    repeats: boolean,
    begin: (run: Run) => NodeJS.Timeout | NodeJS.Immediate,
  ) => {
    const timer = begin(guarded(run, () => repeats || open.delete(timer)));
    open.add(timer);
    return timer;
  };

  const ownTimeout = (run: Run, ms?: number, ...values: unknown[]) =>
    start(run, false, (guardedRun) => setTimeout(guardedRun, ms, ...values));
  const ownInterval = (run: Run, ms?: number, ...values: unknown[]) =>
    start(run, true, (guardedRun) => setInterval(guardedRun, ms, ...values));
  const ownImmediate = (run: Run, ...values: unknown[]) =>
    start(run, false, (guardedRun) => setImmediate(guardedRun, ...values));
  const withPromise = (own: object, original: object) =>
    Object.assign(own, { [promisify.custom]: Reflect.get(original, promisify.custom) });

  const timers = {
    setTimeout: withPromise(ownTimeout, setTimeout),
    setInterval: ownInterval,
    setImmediate: withPromise(ownImmediate, setImmediate),
  } as unknown as Timers;
  const stop = () => {
    for (const timer of open) {
      clearTimeout(timer as NodeJS.Timeout);
      clearImmediate(timer as NodeJS.Immediate);
    }
    open.clear();
  };
  return { timers, stop };
}
