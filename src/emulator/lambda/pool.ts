import type { FunctionSpec } from "./environment.ts";
import type { EnvironmentCap } from "./environment-cap.ts";
import { createExecutionEnvironment, type ExecutionEnvironment } from "./execution-environment.ts";
import { kill, type LambdaParts, type Wanted } from "./invocation.ts";
import type { FunctionCall, Outcome } from "./invoke.ts";
import { wantsToGrow } from "./rules/growth.ts";
import { requestContextOf } from "./rules/request-context.ts";
import type { LambdaSettings } from "./settings.ts";
import { createStallDetector } from "./stall-detector.ts";

/** The environments of one function, and what waits for them. */
export type Pool = {
  /** Has an event run as soon as an environment is there for it. */
  place(call: FunctionCall, settle: (outcome: Outcome) => void): void;
  /** Starts an environment if there is none. */
  warm(): void;
  /** From the next event on `spec` runs; running events finish. */
  renew(spec: FunctionSpec): void;
  /** Ends every environment at once; what runs or waits fails. Resolves when nothing is left. */
  stop(): Promise<void>;
};

/** How soon growth is considered again, and whether events that were handed ahead stand still, in ms. */
const LOOK_AGAIN_MS = 10;
/** How long the first event of an environment may keep it busy with warming up, such as an SDK. */
const FIRST_EVENT_MS = 250;

export function createPool(
  first: FunctionSpec,
  parts: LambdaParts,
  { keep, growthDelayMs, maxEnvironments, idleMs }: LambdaSettings,
  cap: EnvironmentCap,
): Pool {
  const { journal, machineClock, ids } = parts;
  const lookMs = Math.min(LOOK_AGAIN_MS, growthDelayMs);
  let spec = first;
  /** All that run or wait with the present code. */
  const members = new Set<ExecutionEnvironment>();
  /** Those that have not answered yet, and when they had loaded their code. */
  const young = new Map<ExecutionEnvironment, number | undefined>();
  /** The one used last is at the end, and used next. */
  const idle: { readonly occupant: ExecutionEnvironment; readonly since: number }[] = [];
  /** The events for which no environment is free, oldest first. */
  const waiting: Wanted[] = [];
  const alive = new Set<ExecutionEnvironment>();
  const leaving = new Set<Promise<void>>();
  /** That none of them answers, or finishes loading. */
  const silence = createStallDetector(machineClock, lookMs);
  /** Length of the queue when it was last told. */
  let told = 0;
  let cancelSweep: (() => void) | undefined;
  let cancelGrowth: (() => void) | undefined;
  let cancelLookAhead: (() => void) | undefined;
  let stopped = false;

  return {
    place(call, settle) {
      const wanted = {
        call,
        about: requestContextOf(call.payload),
        settle,
        since: machineClock.elapsed(),
      };
      if (stopped) kill(wanted, ids);
      else place(wanted);
    },
    warm() {
      if (members.size === 0 && !stopped) rest(admit());
    },
    renew(next) {
      spec = next;
      for (const { occupant } of idle.splice(0)) end(occupant);
      const unbegun = [...members].flatMap((occupant) => occupant.takeBack());
      members.clear();
      young.clear();
      waitAgain(unbegun);
      for (const _ of waiting.slice(0, keep)) startNext();
    },
    async stop() {
      stopped = true;
      for (const cancel of [cancelSweep, cancelGrowth, cancelLookAhead]) cancel?.();
      for (const wanted of waiting.splice(0)) kill(wanted, ids);
      for (const occupant of alive) end(occupant);
      await Promise.all(leaving);
    },
  };

  function place(wanted: Wanted): void {
    const free = takeIdle();
    const grows = members.size < maxEnvironments;
    if (free !== undefined) {
      free.run(wanted);
    } else if (grows && (members.size < keep || growthDelayMs === 0)) {
      admit().run(wanted);
    } else {
      waiting.push(wanted);
      growLater();
    }
  }

  function takeIdle(): ExecutionEnvironment | undefined {
    const occupant = idle.pop()?.occupant;
    if (occupant !== undefined) cap.busy(occupant);
    return occupant;
  }

  function growLater(): void {
    if (members.size >= maxEnvironments) {
      tellQueue();
    } else if (cancelGrowth === undefined) {
      silence.begin();
      cancelGrowth = machineClock.schedule(lookMs, consider);
    }
  }

  /** Starts one more environment if that helps, and looks again as long as events wait. */
  function consider(): void {
    cancelGrowth = undefined;
    const [oldest] = waiting;
    if (oldest === undefined) return;
    if (members.size >= maxEnvironments) {
      tellQueue();
      return;
    }
    const now = machineClock.elapsed();
    const load = {
      waitedMs: now - oldest.since,
      stalledMs: silence.look(),
      isStarting: [...young.values()].some(
        (loadedAt) => loadedAt === undefined || now - loadedAt < FIRST_EVENT_MS,
      ),
    };
    if (wantsToGrow(load, growthDelayMs)) startNext();
    cancelGrowth = machineClock.schedule(lookMs, consider);
  }

  /** Told when the queue has doubled, so that a rush is a few lines and not a thousand. */
  function tellQueue(): void {
    if (waiting.length < told * 2) return;
    told = waiting.length;
    const counts = { waiting: waiting.length, environments: members.size };
    const because = waiting.at(-1)?.call.because;
    journal.record({ type: "function.queued", functionName: spec.name, ...counts }, because);
  }

  function startNext(): void {
    const next = takeWaiting();
    if (next !== undefined) admit().run(next);
  }

  function takeWaiting(): Wanted | undefined {
    const next = waiting.shift();
    if (waiting.length === 0) told = 0;
    return next;
  }

  function admit(): ExecutionEnvironment {
    const occupant = createExecutionEnvironment(spec, parts, {
      onLoaded: () => {
        silence.heard();
        if (young.has(occupant)) young.set(occupant, machineClock.elapsed());
      },
      onFree: () => release(occupant),
      onGone: (unbegun) => remove(occupant, unbegun),
    });
    members.add(occupant);
    young.set(occupant, undefined);
    alive.add(occupant);
    cap.started(occupant);
    return occupant;
  }

  function release(occupant: ExecutionEnvironment): void {
    silence.heard();
    young.delete(occupant);
    const isOutdated = stopped || occupant.spec !== spec;
    if (isOutdated) {
      if (!occupant.isRunning()) end(occupant);
      return;
    }
    if (!occupant.isRunning()) {
      const next = takeWaiting();
      if (next === undefined) rest(occupant);
      else occupant.run(next);
    }
    handAhead(occupant);
  }

  /** Code that answers fast need not wait for its next event to come. */
  function handAhead(occupant: ExecutionEnvironment): void {
    while (waiting.length > 0 && occupant.takesAhead()) {
      const next = takeWaiting();
      if (next !== undefined) occupant.handAhead(next);
    }
    if (occupant.hasAhead()) lookAheadLater();
  }

  function lookAheadLater(): void {
    cancelLookAhead ??= machineClock.schedule(LOOK_AGAIN_MS, lookAhead);
  }

  /** What stands still behind an event that takes long after all goes to whoever is free. */
  function lookAhead(): void {
    cancelLookAhead = undefined;
    const now = machineClock.elapsed();
    const behind = [...members].filter((occupant) => occupant.hasAhead());
    const silent = behind.filter((occupant) => now - occupant.heardAt() >= LOOK_AGAIN_MS);
    waitAgain(silent.flatMap((occupant) => occupant.takeBack()));
    if (behind.length > silent.length) lookAheadLater();
  }

  function waitAgain(unbegun: readonly Wanted[]): void {
    if (unbegun.length === 0) return;
    waiting.push(...unbegun);
    waiting.sort((one, other) => one.since - other.since);
    while (waiting.length > 0 && idle.length > 0) {
      const next = takeWaiting();
      if (next !== undefined) takeIdle()?.run(next);
    }
    if (waiting.length > 0) growLater();
  }

  function rest(occupant: ExecutionEnvironment): void {
    idle.push({ occupant, since: machineClock.elapsed() });
    cap.idle(occupant, () => remove(occupant, []));
    if (members.size > keep) cancelSweep ??= scheduleSweep();
  }

  function scheduleSweep(): () => void {
    return machineClock.schedule(idleMs, () => {
      cancelSweep = undefined;
      const now = machineClock.elapsed();
      while (members.size > keep) {
        const oldest = idle[0];
        if (oldest === undefined || now - oldest.since < idleMs) break;
        remove(oldest.occupant, []);
      }
      if (members.size > keep) cancelSweep = scheduleSweep();
    });
  }

  function remove(occupant: ExecutionEnvironment, unbegun: readonly Wanted[]): void {
    const wasMember = members.delete(occupant);
    young.delete(occupant);
    const at = idle.findIndex((each) => each.occupant === occupant);
    if (at >= 0) idle.splice(at, 1);
    // Whoever breaks may still be on its way out: ending it again makes sure of it.
    end(occupant);
    if (stopped) {
      for (const wanted of unbegun) kill(wanted, ids);
      return;
    }
    waitAgain(unbegun);
    if (wasMember && waiting.length > 0) startNext();
  }

  function end(occupant: ExecutionEnvironment): void {
    if (!alive.delete(occupant)) return;
    cap.ended(occupant);
    const ended = occupant.stop().finally(() => leaving.delete(ended));
    leaving.add(ended);
  }
}
