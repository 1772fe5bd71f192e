import type { EnvironmentCap } from "./environment-cap.ts";
import type { FunctionSpec } from "./environment-contract.ts";
import { EventQueue } from "./event-queue.ts";
import { ExecutionEnvironment } from "./execution-environment.ts";
import type { FunctionCall, Outcome } from "./function-call.ts";
import { kill, type LambdaParts, type Wanted } from "./invocation.ts";
import { createStackMapper, type StackMapper } from "./mapped-stacks.ts";
import { MOVED_AFTER_MS } from "./prefetch.ts";
import {
  endsWhenIdle,
  isFull,
  type ScalingSettings,
  startsAtOnce,
  wantsToGrow,
} from "./rules/environment-scaling.ts";
import { requestContextOf } from "./rules/payload-context.ts";
import { createStallDetector, type StallDetector } from "./stall-detector.ts";

/** Interval in ms at which growth is checked. */
const LOOK_AGAIN_MS = 10;
/** How long warming up, for example of an SDK, may keep an environment busy with its first event. */
const FIRST_EVENT_MS = 250;

/**
 * - `loading`: its code is not loaded yet, whether it runs its first event or waits for it
 * - `first-event`: its code is loaded, and it has not answered yet
 * - `warm`: it has answered
 */
type Age =
  | { readonly kind: "loading" }
  | { readonly kind: "first-event"; readonly since: number }
  | { readonly kind: "warm" };

/**
 * - `serving`: idle environments stay for a while
 * - `retiring`: the function is not needed any more, and idle environments end
 * - `stopped`: nothing runs any more
 */
type State = "serving" | "retiring" | "stopped";

/** An environment with the current code. */
type Member = { readonly environment: ExecutionEnvironment; age: Age; idleSince: number };

/** The environments of one function, and the events that wait for them. */
export class Pool {
  readonly #parts: LambdaParts;
  readonly #settings: ScalingSettings;
  readonly #cap: EnvironmentCap;
  /** Measures for how long none of them has answered or finished loading. */
  readonly #stall: StallDetector;
  readonly #lookMs: number;
  #spec: FunctionSpec;
  /** For the current code; environments share its cache. */
  #stacks: StackMapper;
  /** All with the current code, running or idle; others finish their events and end. */
  readonly #members = new Map<ExecutionEnvironment, Member>();
  /** The most recently used is last, and used next. */
  readonly #idle: Member[] = [];
  /** The events without an environment. */
  readonly #waiting = new EventQueue();
  /** All that have not ended. */
  readonly #alive = new Set<ExecutionEnvironment>();
  readonly #leaving = new Set<Promise<void>>();
  #cancelSweep: (() => void) | undefined;
  #cancelGrowth: (() => void) | undefined;
  #cancelLookBehind: (() => void) | undefined;
  #state: State = "serving";

  constructor(
    spec: FunctionSpec,
    parts: LambdaParts,
    settings: ScalingSettings,
    cap: EnvironmentCap,
  ) {
    this.#spec = spec;
    this.#stacks = createStackMapper(spec.code);
    this.#parts = parts;
    this.#settings = settings;
    this.#cap = cap;
    this.#lookMs = Math.min(LOOK_AGAIN_MS, settings.growthDelayMs);
    this.#stall = createStallDetector(parts.machineClock, this.#lookMs);
  }

  /** Runs an event as soon as an environment is free. */
  place(call: FunctionCall, settle: (outcome: Outcome) => void): void {
    const about = requestContextOf(call.payload);
    const wanted = { call, about, settle, since: this.#now() };
    if (this.#state === "stopped") {
      kill(wanted, this.#parts.ids);
      return;
    }
    const free = this.#takeIdle();
    if (free !== undefined) {
      free.run(wanted);
    } else if (startsAtOnce(this.#members.size, this.#settings)) {
      this.#admit().environment.run(wanted);
    } else {
      this.#waiting.add(wanted);
      this.#growLater();
    }
  }

  /** Starts an environment if the pool has none. */
  warm(): void {
    if (this.#members.size === 0 && this.#state === "serving") this.#rest(this.#admit());
  }

  /** Uses `spec` from the next event on; running events finish. */
  renew(spec: FunctionSpec): void {
    if (this.#state === "retiring") this.#state = "serving";
    this.#spec = spec;
    this.#stacks = createStackMapper(spec.code);
    for (const { environment } of this.#idle.splice(0)) this.#end(environment);
    const unbegun = [...this.#members.keys()].flatMap((environment) => environment.takeBack());
    this.#members.clear();
    this.#waitAgain(unbegun);
    const first = Math.min(this.#waiting.length, this.#settings.keep);
    for (let count = 0; count < first; count += 1) this.#startNext();
  }

  /** Ends every environment as soon as no event needs it. Running, waiting and late events still get one. */
  retire(): void {
    if (this.#state === "serving") this.#state = "retiring";
    for (const { environment } of [...this.#idle]) this.#remove(environment, []);
  }

  /** Ends every environment at once; running and waiting events fail. Resolves when nothing is left. */
  async stop(): Promise<void> {
    this.#state = "stopped";
    for (const cancel of [this.#cancelSweep, this.#cancelGrowth, this.#cancelLookBehind]) {
      cancel?.();
    }
    for (const wanted of this.#waiting.takeAll()) kill(wanted, this.#parts.ids);
    for (const environment of this.#alive) this.#end(environment);
    await Promise.all(this.#leaving);
  }

  #now(): number {
    return this.#parts.machineClock.elapsed();
  }

  #takeIdle(): ExecutionEnvironment | undefined {
    const member = this.#idle.pop();
    if (member !== undefined) this.#cap.busy(member.environment);
    return member?.environment;
  }

  #growLater(): void {
    if (isFull(this.#members.size, this.#settings)) {
      this.#reportQueue();
    } else if (this.#cancelGrowth === undefined) {
      this.#stall.begin();
      this.#considerLater();
    }
  }

  #considerLater(): void {
    const { machineClock } = this.#parts;
    this.#cancelGrowth = machineClock.schedule(this.#lookMs, () => this.#consider());
  }

  /** Starts one more environment if that helps, and checks again as long as events wait. */
  #consider(): void {
    this.#cancelGrowth = undefined;
    if (this.#waiting.length === 0) return;
    if (isFull(this.#members.size, this.#settings)) {
      this.#reportQueue();
      return;
    }
    const now = this.#now();
    const load = {
      stalledMs: this.#stall.look(),
      isStarting: [...this.#members.values()].some(({ age }) => isStarting(age, now)),
    };
    if (wantsToGrow(load, this.#settings)) this.#startNext();
    this.#considerLater();
  }

  #reportQueue(): void {
    if (!this.#waiting.isNews()) return;
    const counts = { waiting: this.#waiting.length, environments: this.#members.size };
    this.#parts.journal.record(
      { type: "function.queued", functionName: this.#spec.name, ...counts },
      this.#waiting.last?.call.because,
    );
  }

  #startNext(): void {
    const next = this.#waiting.take();
    if (next !== undefined) this.#admit().environment.run(next);
  }

  #admit(): Member {
    const environment = new ExecutionEnvironment(this.#spec, this.#stacks, this.#parts, {
      onLoaded: () => {
        this.#stall.heard();
        const loaded = this.#members.get(environment);
        if (loaded?.age.kind === "loading") {
          loaded.age = { kind: "first-event", since: this.#now() };
        }
      },
      onFree: () => this.#release(environment),
      onGone: (unbegun) => this.#remove(environment, unbegun),
    });
    const member: Member = { environment, age: { kind: "loading" }, idleSince: 0 };
    this.#members.set(environment, member);
    this.#alive.add(environment);
    this.#cap.started(environment);
    return member;
  }

  #release(environment: ExecutionEnvironment): void {
    this.#stall.heard();
    const member = this.#members.get(environment);
    if (this.#state === "stopped" || member === undefined) {
      if (!environment.isRunning()) this.#end(environment);
      return;
    }
    member.age = { kind: "warm" };
    if (!environment.isRunning()) {
      const next = this.#waiting.take();
      if (next === undefined) this.#rest(member);
      else environment.run(next);
    }
    this.#prefetch(environment);
  }

  /** Fast code need not wait for its next event. */
  #prefetch(environment: ExecutionEnvironment): void {
    while (this.#waiting.length > 0 && environment.canPrefetch()) {
      const next = this.#waiting.take();
      if (next !== undefined) environment.prefetch(next);
    }
    if (environment.hasPrefetched()) this.#lookBehindLater();
  }

  #lookBehindLater(): void {
    const { machineClock } = this.#parts;
    this.#cancelLookBehind ??= machineClock.schedule(MOVED_AFTER_MS, () => this.#lookBehind());
  }

  /** Moves events that wait behind a slow one to the next free environment. */
  #lookBehind(): void {
    this.#cancelLookBehind = undefined;
    const now = this.#now();
    const behind = [...this.#members.keys()].filter((environment) => environment.hasPrefetched());
    const stalled = behind.filter((environment) => now - environment.heardAt() >= MOVED_AFTER_MS);
    this.#waitAgain(stalled.flatMap((environment) => environment.takeBack()));
    if (behind.length > stalled.length) this.#lookBehindLater();
  }

  #waitAgain(unbegun: readonly Wanted[]): void {
    if (unbegun.length === 0) return;
    this.#waiting.addAgain(unbegun);
    while (this.#waiting.length > 0 && this.#idle.length > 0) {
      const next = this.#waiting.take();
      if (next !== undefined) this.#takeIdle()?.run(next);
    }
    if (this.#waiting.length > 0) this.#growLater();
  }

  #rest(member: Member): void {
    if (this.#state === "retiring") {
      this.#remove(member.environment, []);
      return;
    }
    member.idleSince = this.#now();
    this.#idle.push(member);
    this.#cap.idle(member.environment, () => this.#remove(member.environment, []));
    if (this.#members.size > this.#settings.keep) this.#sweepLater();
  }

  #sweepLater(): void {
    const { machineClock } = this.#parts;
    this.#cancelSweep ??= machineClock.schedule(this.#settings.idleMs, () => this.#sweep());
  }

  #sweep(): void {
    this.#cancelSweep = undefined;
    const now = this.#now();
    for (let [oldest] = this.#idle; oldest !== undefined; [oldest] = this.#idle) {
      if (!endsWhenIdle(this.#members.size, now - oldest.idleSince, this.#settings)) break;
      this.#remove(oldest.environment, []);
    }
    if (this.#members.size > this.#settings.keep) this.#sweepLater();
  }

  #remove(environment: ExecutionEnvironment, unbegun: readonly Wanted[]): void {
    const wasMember = this.#members.delete(environment);
    const at = this.#idle.findIndex((each) => each.environment === environment);
    if (at >= 0) this.#idle.splice(at, 1);
    // A broken one may still be exiting: stopping it makes sure that it ends.
    this.#end(environment);
    if (this.#state === "stopped") {
      for (const wanted of unbegun) kill(wanted, this.#parts.ids);
      return;
    }
    this.#waitAgain(unbegun);
    if (wasMember) this.#startNext();
  }

  #end(environment: ExecutionEnvironment): void {
    if (!this.#alive.delete(environment)) return;
    this.#cap.ended(environment);
    const ended = environment.stop().finally(() => this.#leaving.delete(ended));
    this.#leaving.add(ended);
  }
}

function isStarting(age: Age, now: number): boolean {
  if (age.kind === "first-event") return now - age.since < FIRST_EVENT_MS;
  return age.kind === "loading";
}
