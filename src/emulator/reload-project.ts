import { relative } from "node:path";
import { type FailureInputs, WsgwError } from "../errors.ts";
import type { DefinitionSource, LoadedDefinition } from "../readers/loaded-definition.ts";
import { sourceNotes } from "../readers/rules/undelivered.ts";
import { type FileWatch, watchFiles } from "../readers/watch.ts";
import { GrowingFiles, growingText } from "./growing-files.ts";
import type { Emulator } from "./options.ts";

const NOTHING: FailureInputs = { read: [], missing: [] };

type FollowOptions = {
  readonly emulator: Emulator;
  readonly root: string;
  /** Directory of files that wsgw itself writes. */
  readonly stateDir: string;
  readonly load: (signal: AbortSignal) => Promise<Followed>;
  /** What is currently served. */
  readonly loaded: Followed;
  /** Start of reading it, in ms. */
  readonly readSince: number;
};

/**
 * Makes an emulator follow the files of its project. Broken versions are not served; they are retried when a
 * file that they depend on changes or appears.
 */
export class ProjectFollower {
  readonly #options: FollowOptions;
  readonly #watch: FileWatch;
  readonly #growing = new GrowingFiles();
  /** Files of the currently served definition. */
  #configInputs: readonly string[];
  #source: DefinitionSource;
  /** What the unserved definition depends on; undefined while the one in the files is served. */
  #unservedDefinition: FailureInputs | undefined;
  /** The last reported problem that keeps code from being served. */
  #unservedCode: Fault | undefined;
  #following: Promise<void> = Promise.resolve();
  #isStopped = false;
  /** Aborted when the load is obsolete: the files have changed since, or the emulator stops. */
  #loading = new AbortController();

  constructor(options: FollowOptions) {
    const { emulator, loaded, stateDir, readSince } = options;
    this.#options = options;
    this.#configInputs = loaded.inputs;
    this.#source = loaded.source;
    this.#unservedCode = emulator.fault();
    this.#watch = watchFiles({ files: [], onChange: (file) => this.#follow(file), stateDir });
    this.#watch.update(this.#watched(), this.#unservedCode?.failureInputs?.missing, readSince);
  }

  /** The source of the currently served definition. */
  get source(): DefinitionSource {
    return this.#source;
  }

  stop(): Promise<void> {
    this.#watch.stop();
    this.#isStopped = true;
    this.#loading.abort();
    return this.#following;
  }

  /** One change after the other: each reads the files when its turn comes. */
  #follow(file: string): void {
    if (this.#growing.has(file)) return;
    if (this.#isOfDefinition(file)) this.#loading.abort();
    this.#following = this.#following.then(() => this.#apply(file));
  }

  #isOfDefinition(file: string): boolean {
    return this.#configInputs.includes(file) || isAmong(this.#unservedDefinition, file);
  }

  async #apply(file: string): Promise<void> {
    if (this.#isStopped) return;
    const readSince = Date.now();
    if (this.#isOfDefinition(file)) await this.#applyDefinition(file);
    else await this.#serveCode(file);
    const missing = [this.#unservedDefinition, this.#unservedCode?.failureInputs].flatMap(
      (each) => each?.missing ?? [],
    );
    this.#watch.update(this.#watched(), missing, readSince);
  }

  async #applyDefinition(file: string): Promise<void> {
    const { emulator } = this.#options;
    const isCode = emulator.inputs().includes(file);
    // synthesizing the CDK app takes long, and the file may be only code
    if (isCode && this.#source.kind === "cdk") await this.#serveCode(file);
    const fault = await faultOf(() => this.#serveDefinition(file));
    this.#unservedDefinition = fault && (fault.failureInputs ?? NOTHING);
    if (fault === undefined) return;
    if (!this.#loading.signal.aborted)
      this.#record(fault, "The previous definition keeps running.");
    // The file may be code of the served definition, and valid for that.
    if (emulator.inputs().includes(file)) await this.#serveCode(file);
  }

  async #serveDefinition(file: string): Promise<void> {
    const { emulator, root, load } = this.#options;
    const { journal } = emulator;
    this.#loading = new AbortController();
    const loaded = await load(this.#loading.signal);
    this.#configInputs = loaded.inputs;
    const { needsRestart } = await emulator.update(loaded.definition);
    journal.record({ type: "project.changed", file: relative(root, file), needsRestart });
    this.#noteCode(emulator.fault(), file);
    const known = new Set(messagesAbout(this.#source));
    this.#source = loaded.source;
    for (const message of messagesAbout(this.#source)) {
      if (!known.has(message)) journal.record({ type: "warning", message });
    }
  }

  async #serveCode(file: string): Promise<void> {
    const { emulator, root } = this.#options;
    const { journal } = emulator;
    const failure = await faultOf(async () => {
      const functionNames = await emulator.reload([file]);
      if (functionNames.length === 0) return;
      const shown = relative(root, file);
      journal.record({ type: "code.reloaded", functionNames, file: shown });
      if (this.#growing.note(file)) {
        journal.record({ type: "warning", message: growingText(shown) });
      }
    });
    this.#noteCode(failure ?? emulator.fault(), file);
  }

  /** Reports what keeps code from being served after the change of a file, unless that is known. */
  #noteCode(after: Fault | undefined, file: string): void {
    const before = this.#unservedCode;
    this.#unservedCode = after;
    // Problems unrelated to the file have been reported before.
    const isNews = after?.message !== before?.message || isAmong(before?.failureInputs, file);
    if (after === undefined || !isNews) return;
    // A function that has never run has no earlier code to keep.
    const isSafe = this.#options.emulator.functions.every(({ runnable }) => runnable);
    this.#record(after, ...(isSafe ? ["The previous code keeps running."] : []));
  }

  #watched(): readonly string[] {
    const inputs = [this.#unservedDefinition, this.#unservedCode?.failureInputs];
    const unserved = inputs.flatMap((each) => each?.read ?? []);
    return [...this.#configInputs, ...this.#options.emulator.inputs(), ...unserved];
  }

  #record({ message, hint }: Fault, ...what: readonly string[]): void {
    const { journal } = this.#options.emulator;
    journal.record({ type: "project.broken", message, hint: [...what, hint].join("\n") });
  }
}

/** The messages about a source that the banner prints at start; later ones are logged. */
function messagesAbout(source: DefinitionSource): readonly string[] {
  return [...sourceNotes(source), ...source.remarks];
}

/** The parts of a definition that matter for changes of its files. */
type Followed = Pick<LoadedDefinition, "definition" | "inputs" | "source">;

type Fault = {
  readonly message: string;
  readonly hint: string;
  readonly failureInputs: FailureInputs | undefined;
};

async function faultOf(work: () => Promise<void>): Promise<Fault | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    if (error instanceof WsgwError) return error;
    return { message: String(error), hint: "This is a bug in wsgw.", failureInputs: undefined };
  }
}

function isAmong(failureInputs: FailureInputs | undefined, file: string): boolean {
  return (
    failureInputs !== undefined && [...failureInputs.read, ...failureInputs.missing].includes(file)
  );
}
