import type { FunctionCall, Outcome } from "../ports.ts";
import type { Load } from "../rules/growth.ts";
import type { FunctionSpec } from "./environment.ts";
import type { Occupant } from "./occupant.ts";

/** How many environments a function gets, and when. */
export type LambdaSettings = {
  /** Environments that are started as soon as events overlap, and that stay. Default 2. */
  readonly keep: number;
  /**
   * ms that an event waits, and no answer comes from those that run, before one more is started.
   * Default 30; 0 starts one at once.
   */
  readonly growthDelayMs: number;
  /** Environments of one function at most. Default 10. */
  readonly maxEnvironments: number;
  /** ms after which an idle one beyond `keep` is ended. Default 60,000. */
  readonly idleMs: number;
};

/** An event for which no environment is free. */
export type Waiting = {
  readonly call: FunctionCall;
  readonly settle: (outcome: Outcome | Promise<Outcome>) => void;
  readonly since: number;
};

/** The environments of one function, and what waits for them. */
export type Pool = {
  spec: FunctionSpec;
  /** All that run or wait with the present code. */
  readonly members: Set<Occupant>;
  /** Those that have not answered yet, and when they had loaded their code. */
  readonly young: Map<Occupant, number | undefined>;
  /** The one used last is at the end, and used next. */
  readonly idle: { readonly occupant: Occupant; readonly since: number }[];
  readonly waiting: Waiting[];
  /** When one of them last answered or finished loading. */
  heardAt: number;
  /** Length of the queue when it was last told. */
  told: number;
  cancelSweep: (() => void) | undefined;
  cancelGrowth: (() => void) | undefined;
};

/** How long the first event of an environment may keep it busy with warming up, such as an SDK. */
const FIRST_EVENT_MS = 250;

export const DEFAULT_SETTINGS: LambdaSettings = {
  keep: 2,
  growthDelayMs: 30,
  maxEnvironments: 10,
  idleMs: 60_000,
};

export function emptyPool(spec: FunctionSpec): Pool {
  return {
    spec,
    members: new Set(),
    young: new Map(),
    heardAt: 0,
    idle: [],
    waiting: [],
    told: 0,
    cancelSweep: undefined,
    cancelGrowth: undefined,
  };
}

/** How a pool is doing while `first` waits, at `now` on the machine's clock. */
export function loadOf(pool: Pool, first: Waiting, now: number): Load {
  return {
    waitedMs: now - first.since,
    silentMs: now - pool.heardAt,
    isStarting: [...pool.young.values()].some(
      (loadedAt) => loadedAt === undefined || now - loadedAt < FIRST_EVENT_MS,
    ),
  };
}
