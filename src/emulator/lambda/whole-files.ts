import { statSync } from "node:fs";
import { setImmediate, setTimeout } from "node:timers/promises";
import type { ChildEnvironment, StartChild } from "./child-process/child-environment.ts";
import type {
  Environment,
  EnvironmentEvent,
  FunctionSpec,
  Report,
} from "./environment-contract.ts";
import { withFailedStarts } from "./failed-start.ts";

/** A file that was written less than this many ms before it is loaded may be incomplete. */
const RECENT_MS = 150;
/** After this many ms without a write, the files are complete. */
const QUIET_MS = 30;
/** If files are still changing or missing after this time, the failure is reported. */
const PATIENCE_MS = 5_000;

/**
 * Retries loading the code, in a new process, if it fails while its files are being written: an editor may
 * empty a file before writing it. The first failure is not reported.
 */
export function withWholeFiles(start: StartChild): StartChild {
  return (spec, report) => {
    const environment = new WholeFiles(start, spec, report);
    // A plain object, because callers spread environments.
    return {
      prefetch: environment.prefetch,
      assume: (next) => environment.assume(next),
      run: (event) => environment.run(event),
      stop: () => environment.stop(),
    };
  };
}

/** `since` and `until` in epoch ms: the start of this load, and the end of all retries. */
type Loading = {
  readonly kind: "loading";
  readonly event: EnvironmentEvent;
  readonly since: number;
  readonly until: number;
  /** Output of a load that may be repeated. */
  readonly held: Report[];
  /** Whether files may have changed while it printed; they are checked at its first line. */
  mayPrintAgain?: boolean;
};

type Again = {
  readonly kind: "again";
  readonly done: Promise<void>;
  /** The end of the process that failed. */
  ended?: Report;
};

/**
 * Waiting for its first event, loading the code for it, loading it again after its files are complete, or
 * loaded.
 */
type State = { readonly kind: "waiting" } | Loading | Again | { readonly kind: "loaded" };

class WholeFiles {
  readonly prefetch: Environment["prefetch"];
  readonly #start: StartChild;
  readonly #report: (report: Report) => void;
  #spec: FunctionSpec;
  #child: ChildEnvironment;
  #state: State = { kind: "waiting" };
  #isStopped = false;

  constructor(start: StartChild, spec: FunctionSpec, report: (report: Report) => void) {
    this.#start = start;
    this.#spec = spec;
    this.#report = report;
    this.#child = this.#begin();
    this.prefetch = this.#child.prefetch && {
      give: (event) => this.#child.prefetch?.give(event) ?? 0,
      takeBack: () => this.#child.prefetch?.takeBack() ?? 0,
    };
  }

  assume(spec: FunctionSpec): void {
    this.#spec = spec;
    this.#child.assume(spec);
  }

  run(event: EnvironmentEvent): void {
    if (this.#state.kind === "waiting") this.#load(event, Date.now() + PATIENCE_MS);
    else this.#child.run(event);
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    const again = this.#state;
    if (again.kind !== "again") return this.#child.stop();
    await again.done;
    if (this.#state !== again) return this.#child.stop();
    // Its process has ended without a report, and no other follows.
    if (again.ended !== undefined) this.#report(again.ended);
  }

  #begin(): ChildEnvironment {
    return this.#start(this.#spec, (report) => this.#hear(report));
  }

  #load(event: EnvironmentEvent, until: number): void {
    this.#state = { kind: "loading", event, since: Date.now(), until, held: [] };
    this.#child.run(event);
  }

  #hear(report: Report): void {
    const state = this.#state;
    if (state.kind === "again") {
      if (report.kind === "ended") state.ended = report;
      return; // from a process that has failed
    }
    if (state.kind === "loading") {
      if (this.#holdsBack(report, state)) return;
      for (const held of state.held.splice(0)) this.#report(held);
      if (report.kind === "initialized") this.#state = { kind: "loaded" };
    }
    this.#report(report);
  }

  #holdsBack(report: Report, state: Loading): boolean {
    if (report.kind === "logged") {
      state.mayPrintAgain ??= this.#mayBeWritten(state);
      if (state.mayPrintAgain) state.held.push(report);
      return state.mayPrintAgain;
    }
    const hasFailed = report.kind === "failed" && report.leaving && !this.#isStopped;
    if (!hasFailed || !this.#mayBeWritten(state)) return false;
    this.#state = { kind: "again", done: this.#loadAgain(state) };
    return true;
  }

  #mayBeWritten({ since, until }: Loading): boolean {
    const { files = [] } = this.#spec.code;
    return since < until && lastWritten(files) > since - RECENT_MS;
  }

  async #loadAgain({ event, until }: Loading): Promise<void> {
    const { files = [] } = this.#spec.code;
    await setImmediate(); // the state must change first, so that the end of the process is ignored
    await this.#child.stop();
    do await setTimeout(QUIET_MS);
    while (!this.#isStopped && Date.now() < Math.min(until, lastWritten(files) + QUIET_MS));
    if (this.#isStopped) return;
    const start = withFailedStarts(this.#start, NONE);
    this.#child = start(this.#spec, (report) => this.#hear(report));
    this.#load(event, until);
  }
}

const NONE: ChildEnvironment = { assume() {}, run() {}, async stop() {} };

/** Epoch ms. A missing file counts as about to appear: it existed when the code was read. */
function lastWritten(files: readonly string[]): number {
  return Math.max(0, ...files.map(writtenAt));
}

function writtenAt(file: string): number {
  try {
    return statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
  } catch {
    return 0; // not permitted, and a retry would not help
  }
}
