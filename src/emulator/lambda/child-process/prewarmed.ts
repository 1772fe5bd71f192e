import { statSync } from "node:fs";
import { createRequire } from "node:module";
import type { FunctionSpec, Report, StartEnvironment } from "../environment.ts";
import type { ChildEnvironment } from "./child-process.ts";

/** Environments that wait for functions whose code may change, with what they need loaded. */
export type Prewarmed = {
  /** Starts an environment: for changed code the prewarmed one of the function if it fits, else a new one. */
  readonly start: StartEnvironment;
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
export function createPrewarmed(options: {
  readonly start: (spec: FunctionSpec, report: (report: Report) => void) => ChildEnvironment;
  readonly most: number;
  readonly quietMs?: number;
}): Prewarmed {
  const { start, most, quietMs = QUIET_MS } = options;
  const prewarmed = new Map<string, Ready>();
  /** By name; the one used last is at the end. */
  const used = new Map<string, FunctionSpec>();
  const leaving = new Set<Promise<void>>();
  let timer: NodeJS.Timeout | undefined;
  let running = 0;
  let stopped = false;

  return {
    start(spec, report) {
      const ready = takeFitting(spec);
      let isRunning = false;
      const hear = (heard: Report): void => {
        const wasRunning = isRunning;
        if (isRunning && ENDS.has(heard.kind)) {
          isRunning = false;
          running -= 1;
        }
        // What was prefetched answers without having been run from here.
        if (ENDS.has(heard.kind) && (wasRunning || heard.kind !== "ended")) prepareSoon();
        report(heard);
      };
      const child = ready?.child ?? start(spec, hear);
      ready?.child.assume(spec);
      let isHanded = ready === undefined;
      return {
        run(event) {
          use(spec);
          isRunning = true;
          running += 1;
          child.run(event);
          if (isHanded) return;
          isHanded = true;
          ready?.hand(hear); // what packages said while they were loaded belongs to the first event
        },
        prefetch: child.prefetch,
        stop: () => child.stop(),
      };
    },
    async stop() {
      stopped = true;
      clearTimeout(timer);
      for (const name of [...prewarmed.keys()]) drop(name);
      await Promise.all(leaving);
    },
  };

  function use(spec: FunctionSpec): void {
    used.delete(spec.name);
    used.set(spec.name, spec);
  }

  /** Waits for the next quiet moment from now on. */
  function prepareSoon(): void {
    if (stopped) return;
    if (timer === undefined) timer = setTimeout(prepare, quietMs).unref();
    else timer.refresh();
  }

  /** One at a time, so that a message that comes now shares the machine with one at most. */
  function prepare(): void {
    if (running > 0 || stopped) return; // the end of the event asks again
    const recent = [...used.values()].slice(-most);
    const wanted = new Set(recent.map(({ name }) => name));
    for (const name of prewarmed.keys()) if (!wanted.has(name)) drop(name);
    const next = recent.findLast(({ name }) => !prewarmed.has(name));
    if (next === undefined) return;
    prewarmed.set(next.name, prewarm(next));
    prepareSoon();
  }

  function prewarm(spec: FunctionSpec): Ready {
    let take: ((report: Report) => void) | undefined;
    const heard: Report[] = [];
    const packages = packagesOf(spec);
    const child = start({ ...spec, isPrewarmed: true }, (report) => {
      if (take !== undefined) return take(report);
      heard.push(report);
      if (report.kind !== "ended" || prewarmed.get(spec.name)?.child !== child) return;
      // The next one would end as well, and the one after it: not before the function is used again.
      used.delete(spec.name);
      drop(spec.name);
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

  function takeFitting(spec: FunctionSpec): Ready | undefined {
    const ready = prewarmed.get(spec.name);
    // One more environment for the same code must not leave the next save without a prewarmed environment.
    if (ready === undefined || ready.spec.code === spec.code) return undefined;
    if (!isSameProcess(ready.spec, spec) || ready.packages !== packagesOf(spec)) {
      drop(spec.name);
      return undefined;
    }
    prewarmed.delete(spec.name);
    return ready;
  }

  function drop(name: string): void {
    const ready = prewarmed.get(name);
    if (ready === undefined) return;
    prewarmed.delete(name);
    const ended = ready.child.stop().finally(() => leaving.delete(ended));
    leaving.add(ended);
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
