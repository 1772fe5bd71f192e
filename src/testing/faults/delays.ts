import type { Clock } from "../../clock.ts";

/** Delays of faults. */
export type Delays = {
  /** Calls `run` when the gateway's clock has advanced by `ms`. */
  late(ms: number, run: () => void): void;
  /** Calls `run` when the returned function is called. */
  hold(run: () => void): () => void;
  /** Number of function calls that wait for the clock. */
  heldCalls(): number;
  /** The same as `late`, for the response to a function call. */
  lateCall(ms: number, run: () => void): void;
  isStopped(): boolean;
  /** Runs everything delayed, and delays nothing from now on. */
  stop(): void;
};

export function createDelays(clock: Clock): Delays {
  const waiting = new Set<() => void>();
  let calls = 0;
  let isStopped = false;

  function hold(run: () => void): () => void {
    if (isStopped) {
      run();
      return () => {};
    }
    const go = (): void => {
      if (waiting.delete(go)) run();
    };
    waiting.add(go);
    return go;
  }

  const late = (ms: number, run: () => void): void => {
    const cancel = clock.schedule(ms, () => go());
    const go = hold(() => {
      cancel();
      run();
    });
  };

  return {
    hold,
    late,
    heldCalls: () => calls,
    isStopped: () => isStopped,
    lateCall(ms, run) {
      calls += 1;
      late(ms, () => {
        calls -= 1;
        run();
      });
    },
    stop() {
      isStopped = true;
      for (const go of [...waiting]) go();
    },
  };
}
