import { statSync } from "node:fs";
import { createRequire } from "node:module";
import type {
  Environment,
  FunctionSpec,
  Report,
  StartEnvironment,
} from "../environment-contract.ts";
import type { ChildEnvironment } from "./child-environment.ts";

/** Prewarmed environments, which wait for functions whose code may change and have loaded what those need. */
export type Prewarmed = {
  /** Starts an environment. For changed code it takes the function's prewarmed one if that fits. */
  readonly start: StartEnvironment;
  /** Ends those of all other functions. */
  retireOthers(functionNames: ReadonlySet<string>): void;
  /** Ends the prewarmed environments. Resolves when all are gone. */
  stop(): Promise<void>;
};

type Ready = {
  readonly spec: FunctionSpec;
  readonly packages: string;
  readonly child: ChildEnvironment;
  /** Passes on what the environment has reported, and later reports. */
  hand(report: (report: Report) => void): void;
};

/** Prewarming uses a core for a fifth of a second, which it must not take from messages. */
const QUIET_MS = 150;

/**
 * Keeps one prewarmed environment for each of the `most` recently used functions. It starts when no event has
 * arrived for a moment, and loads what an environment loads before its first event. It does not load the
 * user's modules, so it can run any later version of them.
 */
export function createPrewarmed(options: PrewarmedOptions): Prewarmed {
  const environments = new PrewarmedEnvironments(options);
  return {
    start: (spec, report) => environments.start(spec, report),
    retireOthers: (functionNames) => environments.retireOthers(functionNames),
    stop: () => environments.stop(),
  };
}

type PrewarmedOptions = {
  readonly start: (spec: FunctionSpec, report: (report: Report) => void) => ChildEnvironment;
  readonly most: number;
  readonly quietMs?: number;
};

class PrewarmedEnvironments {
  readonly #options: PrewarmedOptions;
  /** By the name of their function. */
  readonly #ready = new Map<string, Ready>();
  /** By name; the most recently used is last. */
  readonly #used = new Map<string, FunctionSpec>();
  readonly #leaving = new Set<Promise<void>>();
  #timer: NodeJS.Timeout | undefined;
  /** Number of running events. */
  #running = 0;
  #isStopped = false;

  constructor(options: PrewarmedOptions) {
    this.#options = options;
  }

  start(spec: FunctionSpec, report: (report: Report) => void): Environment {
    const ready = this.#takeFitting(spec);
    let isRunning = false;
    const hear = (heard: Report): void => {
      const wasRunning = isRunning;
      if (isRunning && ENDS.has(heard.kind)) {
        isRunning = false;
        this.#running -= 1;
      }
      // Prefetched events end without having been counted as running.
      if (ENDS.has(heard.kind) && (wasRunning || heard.kind !== "ended")) this.#prepareSoon();
      report(heard);
    };
    const child = ready?.child ?? this.#options.start(spec, hear);
    ready?.child.assume(spec);
    let isHanded = ready === undefined;
    return {
      run: (event) => {
        this.#use(spec);
        isRunning = true;
        this.#running += 1;
        child.run(event);
        if (isHanded) return;
        isHanded = true;
        ready?.hand(hear); // output of packages while they loaded belongs to the first event
      },
      prefetch: child.prefetch,
      stop: () => child.stop(),
    };
  }

  retireOthers(functionNames: ReadonlySet<string>): void {
    for (const name of [...this.#used.keys()]) {
      if (functionNames.has(name)) continue;
      this.#used.delete(name);
      this.#drop(name);
    }
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    for (const name of [...this.#ready.keys()]) this.#drop(name);
    await Promise.all(this.#leaving);
  }

  #use(spec: FunctionSpec): void {
    this.#used.delete(spec.name);
    this.#used.set(spec.name, spec);
  }

  /** Waits for the next quiet moment. */
  #prepareSoon(): void {
    const { quietMs = QUIET_MS } = this.#options;
    if (this.#isStopped) return;
    if (this.#timer === undefined) {
      this.#timer = setTimeout(() => this.#prepare(), quietMs).unref();
    } else {
      this.#timer.refresh();
    }
  }

  /** One at a time, so that at most one competes with a message that arrives. */
  #prepare(): void {
    if (this.#running > 0 || this.#isStopped) return; // the end of the event calls this again
    const recent = [...this.#used.values()].slice(-this.#options.most);
    const wanted = new Set(recent.map(({ name }) => name));
    for (const name of this.#ready.keys()) if (!wanted.has(name)) this.#drop(name);
    const next = recent.findLast(({ name }) => !this.#ready.has(name));
    if (next === undefined) return;
    this.#ready.set(next.name, this.#prewarm(next));
    this.#prepareSoon();
  }

  #prewarm(spec: FunctionSpec): Ready {
    let take: ((report: Report) => void) | undefined;
    const heard: Report[] = [];
    const packages = packagesOf(spec);
    const child = this.#options.start({ ...spec, isPrewarmed: true }, (report) => {
      if (take !== undefined) return take(report);
      heard.push(report);
      if (report.kind !== "ended" || this.#ready.get(spec.name)?.child !== child) return;
      // The next one would fail too, so it waits until the function is used again.
      this.#used.delete(spec.name);
      this.#drop(spec.name);
    });
    return {
      spec,
      packages,
      child,
      hand(report) {
        take = report;
        for (const each of heard.splice(0)) report(each);
      },
    };
  }

  #takeFitting(spec: FunctionSpec): Ready | undefined {
    const ready = this.#ready.get(spec.name);
    // A second environment for the same code must leave the prewarmed one for the next change.
    if (ready === undefined || ready.spec.code === spec.code) return undefined;
    if (!isSameProcess(ready.spec, spec) || ready.packages !== packagesOf(spec)) {
      this.#drop(spec.name);
      return undefined;
    }
    this.#ready.delete(spec.name);
    return ready;
  }

  #drop(name: string): void {
    const ready = this.#ready.get(name);
    if (ready === undefined) return;
    this.#ready.delete(name);
    const ended = ready.child.stop().finally(() => this.#leaving.delete(ended));
    this.#leaving.add(ended);
  }
}

const ENDS: ReadonlySet<Report["kind"]> = new Set(["returned", "failed", "ended"]);

/** Whether a process that was started for one spec also suits the other. */
function isSameProcess(before: FunctionSpec, now: FunctionSpec): boolean {
  return processOf(before) === processOf(now);
}

function processOf({ environment, memory, root, network, layers }: FunctionSpec): string {
  // Differs for each environment, and is set again when a prewarmed environment is used.
  const { AWS_LAMBDA_LOG_STREAM_NAME: _, ...variables } = environment;
  return JSON.stringify([variables, memory, root, network, layers]);
}

/**
 * What is loaded early, and its version on disk: an update must not use a process that loaded the old
 * version.
 */
function packagesOf({ code }: FunctionSpec): string {
  const require = createRequire(code.file);
  return code.sdkPackages
    .map((name) => {
      try {
        const file = require.resolve(name);
        const { ino, mtimeMs, size } = statSync(file);
        return `${file} ${ino} ${mtimeMs} ${size}`;
      } catch {
        return name;
      }
    })
    .join("\n");
}
