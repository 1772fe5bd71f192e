import { statSync } from "node:fs";
import { createRequire } from "node:module";
import type { Environment, FunctionSpec, Report, StartEnvironment } from "../environment.ts";
import type { ChildEnvironment } from "./child-environment.ts";

/** Environments that wait for functions whose code may change, with what they need loaded. */
export type Prewarmed = {
  /** Starts an environment: for changed code the prewarmed one of the function if it fits, else a new one. */
  readonly start: StartEnvironment;
  /** Ends those that wait for other functions than these. */
  retireOthers(functionNames: ReadonlySet<string>): void;
  /** Ends the prewarmed environments. Resolves when nothing of them is left. */
  stop(): Promise<void>;
};

type Ready = {
  readonly spec: FunctionSpec;
  readonly packages: string;
  readonly child: ChildEnvironment;
  /** Takes what the environment has reported, and what it is going to report. */
  hand(report: (report: Report) => void): void;
};

/** A prewarmed environment takes a core for a fifth of a second: no message must have to share it. */
const QUIET_MS = 150;

/**
 * Keeps one prewarmed environment ready for each of the `most` functions that were used last. It is
 * started when no event has come for a moment, and loads what an environment loads ahead of its first
 * event; the author's modules it does not touch, so it can run them whatever they have become.
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
  /** By the name of the function that they wait for. */
  readonly #ready = new Map<string, Ready>();
  /** By name; the one used last is at the end. */
  readonly #used = new Map<string, FunctionSpec>();
  readonly #leaving = new Set<Promise<void>>();
  #timer: NodeJS.Timeout | undefined;
  /** How many events run. */
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
      // What was prefetched answers without having been run from here.
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
        ready?.hand(hear); // what packages said while they were loaded belongs to the first event
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

  /** Waits for the next quiet moment from now on. */
  #prepareSoon(): void {
    const { quietMs = QUIET_MS } = this.#options;
    if (this.#isStopped) return;
    if (this.#timer === undefined) {
      this.#timer = setTimeout(() => this.#prepare(), quietMs).unref();
    } else {
      this.#timer.refresh();
    }
  }

  /** One at a time, so that a message that comes now shares the machine with one at most. */
  #prepare(): void {
    if (this.#running > 0 || this.#isStopped) return; // the end of the event asks again
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
      // The next one would end as well, and the one after it: not before the function is used again.
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
    // One more environment for the same code must not leave the next save without a prewarmed environment.
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

/** Whether a process that was started for one spec is as good for the other. */
function isSameProcess(before: FunctionSpec, now: FunctionSpec): boolean {
  return processOf(before) === processOf(now);
}

function processOf({ environment, memory, root, network, layers }: FunctionSpec): string {
  // Of each environment its own, and set anew when a prewarmed environment is taken.
  const { AWS_LAMBDA_LOG_STREAM_NAME: _, ...variables } = environment;
  return JSON.stringify([variables, memory, root, network, layers]);
}

/** What is loaded ahead, and its state on the disk: an update or a new version must not meet the old one. */
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
