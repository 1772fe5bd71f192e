/** What a test runner's integration needs of a gateway that a test starts. */
export type Started = {
  /** Number of the newest fact. */
  lastFact(): number;
  isStopped(): boolean;
  /** The facts after the given number and before the stop, as text. */
  trace(after: number): string;
};

type Listener = (gateway: Started) => void;

/** A global symbol, because a test may load the harness twice, as a module and as CommonJS. */
const LISTENERS = Symbol.for("wsgw.testing.started");

/** Calls `listener` for every gateway that a test of this process starts from now on. */
export function onStarted(listener: Listener): void {
  listeners().add(listener);
}

export function reportStarted(gateway: Started): void {
  for (const listener of listeners()) listener(gateway);
}

function listeners(): Set<Listener> {
  const holder = globalThis as { [LISTENERS]?: Set<Listener> };
  holder[LISTENERS] ??= new Set();
  return holder[LISTENERS];
}
