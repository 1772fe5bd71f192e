import type { Clock } from "../../clock.ts";

/** What faults hold back. */
export type Delays = {
  /** Runs `run` when the gateway's clock has moved on by `ms`. */
  late(ms: number, run: () => void): void;
  /** Runs `run` when told to; the returned function does. */
  hold(run: () => void): () => void;
  /** How many calls of functions wait for the clock. */
  heldCalls(): number;
  /** The same as `late`, for the answer to a call of a function. */
  lateCall(ms: number, run: () => void): void;
  isStopped(): boolean;
  /** Runs all that is held back, and from now on holds nothing. */
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
