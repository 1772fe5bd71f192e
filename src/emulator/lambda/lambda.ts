import type { Clock } from "../../clock.ts";
import { AsyncInvocations } from "./async-invocations.ts";
import { type CapSettings, createEnvironmentCap } from "./environment-cap.ts";
import type { FunctionSpec } from "./environment-contract.ts";
import type { FunctionCall, Invoke, Outcome } from "./function-call.ts";
import type { LambdaParts } from "./invocation.ts";
import { createKnownInvocations, type KnownInvocations } from "./known-invocations.ts";
import { Pool } from "./pool.ts";
import { DEFAULT_SCALING, type ScalingSettings } from "./rules/environment-scaling.ts";

/** How many environments functions get, and when. */
export type LambdaSettings = ScalingSettings & CapSettings;

/** The functions of a project, ready to be invoked. */
export type Lambda = {
  readonly invoke: Invoke;
  /** Starts an environment before the first event. It does not load the user's code yet. */
  warm(functionName: string): void;
  /** Replaces functions of the same names from the next event on; running events finish. */
  replace(specs: readonly FunctionSpec[]): void;
  /** Ends the environments of all other functions as soon as no event needs them. */
  retireOthers(functionNames: ReadonlySet<string>): void;
  /** Resolves when no event runs or waits for an environment; retries that wait do not count. */
  idle(): Promise<void>;
  /** Drops events that wait for a retry, and later failures. */
  stopRetries(): void;
  /** Ends every environment at once; running and waiting events fail. Resolves when nothing is left. */
  stop(): Promise<void>;
};

/** Lambda answers `Event` with 202 and no payload. */
const ACCEPTED: Outcome = { kind: "returned", payload: "" };

/**
 * Creates the pools of environments on top of `start`, each on first use. `clock` measures the functions'
 * timeouts; `machineClock` paces growth, which depends on this machine and not on the emulated time.
 */
export function createLambda(
  options: Omit<LambdaParts, "machineClock" | "invocations"> & {
    readonly functions: readonly FunctionSpec[];
    readonly machineClock?: Clock;
    readonly invocations?: KnownInvocations;
    readonly settings?: Partial<LambdaSettings>;
  },
): Lambda {
  const { machineClock = options.clock, invocations = createKnownInvocations() } = options;
  const parts = { ...options, machineClock, invocations };
  const settings = { ...DEFAULT_SCALING, ...options.settings };
  const cap = createEnvironmentCap(settings);
  const create = (spec: FunctionSpec) => new Pool(spec, parts, settings, cap);
  const pools = new Map(options.functions.map((spec) => [spec.name, create(spec)]));
  const whenIdle: (() => void)[] = [];
  let busy = 0;

  function run(call: FunctionCall, settle: (outcome: Outcome) => void): void {
    const pool = pools.get(call.functionName);
    if (pool === undefined) throw new Error(`There is no function "${call.functionName}".`);
    busy += 1;
    pool.place(call, (outcome) => {
      settle(outcome);
      busy -= 1;
      if (busy === 0) for (const tell of whenIdle.splice(0)) tell();
    });
  }
  const events = new AsyncInvocations(parts, run);

  return {
    invoke: (call) =>
      new Promise((resolve) => {
        if (call.invocationType !== "Event") return run(call, resolve);
        events.add(call);
        resolve(ACCEPTED);
      }),
    warm: (functionName) => pools.get(functionName)?.warm(),
    replace(specs) {
      for (const spec of specs) {
        const pool = pools.get(spec.name);
        if (pool === undefined) pools.set(spec.name, create(spec));
        else pool.renew(spec);
      }
    },
    retireOthers(functionNames) {
      for (const [name, pool] of pools) if (!functionNames.has(name)) pool.retire();
    },
    async idle() {
      if (busy > 0) await new Promise<void>((resolve) => whenIdle.push(resolve));
    },
    stopRetries: () => events.close(),
    async stop() {
      events.close();
      await Promise.all([...pools.values()].map((pool) => pool.stop()));
    },
  };
}
