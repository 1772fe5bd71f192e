import type { Clock, FunctionCall, Invoke, Outcome } from "../ports.ts";
import { endedEarly } from "../rules/function-faults.ts";
import { wantsToGrow } from "../rules/growth.ts";
import type { FunctionSpec } from "./environment.ts";
import { createOccupant, type LambdaParts, type Occupant } from "./occupant.ts";
import {
  DEFAULT_SETTINGS,
  emptyPool,
  type LambdaSettings,
  loadOf,
  type Pool,
  type Waiting,
} from "./pool.ts";

/** How soon growth is considered again, in ms. */
const LOOK_AGAIN_MS = 10;

/** The functions of an API, ready to be invoked. */
export type Lambda = {
  readonly invoke: Invoke;
  /** Starts an environment ahead of the first event. The user's code is not loaded yet. */
  warm(functionName: string): void;
  /** From the next event on these run instead of those of the same names; running events finish. */
  replace(specs: readonly FunctionSpec[]): void;
  /** The connection for which a function runs now, where there is just one. */
  connectionOf(functionName: string): string | undefined;
  /** Resolves when no event runs or waits. */
  idle(): Promise<void>;
  /** Ends every environment at once; what runs or waits fails. Resolves when nothing is left. */
  stop(): Promise<void>;
};

/**
 * Creates the pools of environments in front of `start`; nothing is started before it is needed.
 * `clock` measures the functions' time limits; `machineClock` paces growth, which is about this
 * machine and not about the emulated time.
 */
export function createLambda(
  parts: LambdaParts & {
    readonly functions: readonly FunctionSpec[];
    readonly machineClock?: Clock;
    readonly settings?: Partial<LambdaSettings>;
  },
): Lambda {
  const { journal } = parts;
  const machineClock = parts.machineClock ?? parts.clock;
  const settings = { ...DEFAULT_SETTINGS, ...parts.settings };
  const pools = new Map(parts.functions.map((spec) => [spec.name, emptyPool(spec)]));
  const alive = new Set<Occupant>();
  const leaving = new Set<Promise<void>>();
  const whenIdle: (() => void)[] = [];
  let busy = 0;
  let stopped = false;

  return {
    async invoke(call) {
      const pool = pools.get(call.functionName);
      if (pool === undefined) throw new Error(`There is no function "${call.functionName}".`);
      busy += 1;
      try {
        return await place(pool, call);
      } finally {
        busy -= 1;
        if (busy === 0) for (const resolve of whenIdle.splice(0)) resolve();
      }
    },
    warm(functionName) {
      const pool = pools.get(functionName);
      if (pool !== undefined && pool.members.size === 0 && !stopped) rest(pool, admit(pool));
    },
    replace(specs) {
      for (const spec of specs) {
        const pool = pools.get(spec.name);
        if (pool === undefined) pools.set(spec.name, emptyPool(spec));
        else renew(pool, spec);
      }
    },
    connectionOf(functionName) {
      const occupants = [...alive].filter(({ spec }) => spec.name === functionName);
      const ids = new Set(occupants.flatMap((occupant) => occupant.connectionId() ?? []));
      return ids.size === 1 ? [...ids][0] : undefined;
    },
    async idle() {
      if (busy > 0) await new Promise<void>((resolve) => whenIdle.push(resolve));
    },
    async stop() {
      stopped = true;
      for (const pool of pools.values()) {
        pool.cancelSweep?.();
        pool.cancelGrowth?.();
        for (const { call, settle } of pool.waiting.splice(0)) settle(killed(call));
      }
      for (const occupant of alive) end(occupant);
      await Promise.all(leaving);
    },
  };

  function place(pool: Pool, call: FunctionCall): Outcome | Promise<Outcome> {
    if (stopped) return killed(call);
    const free = pool.idle.pop()?.occupant;
    if (free !== undefined) return free.run(call);
    const grows = pool.members.size < settings.maxEnvironments;
    if (grows && (pool.members.size < settings.keep || settings.growthDelayMs === 0)) {
      return admit(pool).run(call);
    }
    return new Promise((settle) => queue(pool, { call, settle, since: machineClock.elapsed() }));
  }

  function queue(pool: Pool, waiting: Waiting): void {
    pool.waiting.push(waiting);
    if (pool.members.size >= settings.maxEnvironments) tellQueue(pool);
    else pool.cancelGrowth ??= machineClock.schedule(settings.growthDelayMs, () => consider(pool));
  }

  /** Starts one more environment if that helps, and looks again as long as events wait. */
  function consider(pool: Pool): void {
    pool.cancelGrowth = undefined;
    const [first] = pool.waiting;
    if (first === undefined) return;
    if (pool.members.size >= settings.maxEnvironments) {
      tellQueue(pool);
      return;
    }
    const load = loadOf(pool, first, machineClock.elapsed());
    if (wantsToGrow(load, settings.growthDelayMs)) startNext(pool);
    pool.cancelGrowth = machineClock.schedule(LOOK_AGAIN_MS, () => consider(pool));
  }

  /** Told when the queue has doubled, so that a rush is a few lines and not a thousand. */
  function tellQueue(pool: Pool): void {
    const waiting = pool.waiting.length;
    if (waiting < pool.told * 2) return;
    pool.told = waiting;
    const environments = pool.members.size;
    journal.record({
      type: "function.queued",
      functionName: pool.spec.name,
      waiting,
      environments,
    });
  }

  function startNext(pool: Pool): void {
    const next = takeWaiting(pool);
    next?.settle(admit(pool).run(next.call));
  }

  function takeWaiting(pool: Pool): Waiting | undefined {
    const next = pool.waiting.shift();
    if (pool.waiting.length === 0) pool.told = 0;
    return next;
  }

  function admit(pool: Pool): Occupant {
    const occupant = createOccupant(pool.spec, parts, {
      onLoaded: () => {
        pool.heardAt = machineClock.elapsed();
        if (pool.young.has(occupant)) pool.young.set(occupant, pool.heardAt);
      },
      onFree: () => release(pool, occupant),
      onGone: () => remove(pool, occupant),
    });
    pool.members.add(occupant);
    pool.young.set(occupant, undefined);
    alive.add(occupant);
    return occupant;
  }

  function release(pool: Pool, occupant: Occupant): void {
    pool.heardAt = machineClock.elapsed();
    pool.young.delete(occupant);
    const isOutdated = stopped || occupant.spec !== pool.spec;
    const next = isOutdated ? undefined : takeWaiting(pool);
    if (next !== undefined) next.settle(occupant.run(next.call));
    else if (isOutdated) end(occupant);
    else rest(pool, occupant);
  }

  function rest(pool: Pool, occupant: Occupant): void {
    pool.idle.push({ occupant, since: machineClock.elapsed() });
    if (pool.members.size > settings.keep) pool.cancelSweep ??= scheduleSweep(pool);
  }

  function scheduleSweep(pool: Pool): () => void {
    return machineClock.schedule(settings.idleMs, () => {
      pool.cancelSweep = undefined;
      const now = machineClock.elapsed();
      while (pool.members.size > settings.keep) {
        const oldest = pool.idle[0];
        if (oldest === undefined || now - oldest.since < settings.idleMs) break;
        remove(pool, oldest.occupant);
        end(oldest.occupant);
      }
      if (pool.members.size > settings.keep) pool.cancelSweep = scheduleSweep(pool);
    });
  }

  function remove(pool: Pool, occupant: Occupant): void {
    const wasMember = pool.members.delete(occupant);
    pool.young.delete(occupant);
    const at = pool.idle.findIndex((idle) => idle.occupant === occupant);
    if (at >= 0) pool.idle.splice(at, 1);
    // Whoever breaks may still be on its way out: ending it again makes sure of it.
    end(occupant);
    if (wasMember && !stopped && pool.waiting.length > 0) startNext(pool);
  }

  function end(occupant: Occupant): void {
    if (!alive.delete(occupant)) return;
    const ended = occupant.stop().finally(() => leaving.delete(ended));
    leaving.add(ended);
  }

  function renew(pool: Pool, spec: FunctionSpec): void {
    pool.spec = spec;
    for (const { occupant } of pool.idle.splice(0)) end(occupant);
    pool.members.clear();
    pool.young.clear();
    for (const _ of pool.waiting.slice(0, settings.keep)) startNext(pool);
  }

  function killed(call: FunctionCall): Outcome {
    return {
      kind: "failed",
      ...endedEarly(call.requestId, { kind: "signalled", signal: "SIGKILL" }),
    };
  }
}
