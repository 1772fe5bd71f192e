import { relative } from "node:path";
import { type HangsOn, WsgwError } from "../errors.ts";
import {
  type DefinitionSource,
  type LoadedDefinition,
  sourceNotes,
} from "../readers/loaded-definition.ts";
import { watchFiles } from "../readers/watch.ts";
import { GrowingFiles } from "./growing-files.ts";
import type { Emulator } from "./options.ts";

const NOTHING: HangsOn = { read: [], missing: [] };

/**
 * Makes an emulator follow the files of its project. Broken versions are not served; they are retried when a
 * file that they depend on changes or appears.
 */
export function followFiles(options: {
  readonly emulator: Emulator;
  readonly root: string;
  /** Directory of files that wsgw itself writes. */
  readonly stateDir: string;
  readonly load: (signal: AbortSignal) => Promise<Followed>;
  /** What is currently served. */
  readonly loaded: Followed;
  /** Start of reading it, in ms. */
  readonly readSince: number;
}): {
  /** The source of the currently served definition. */
  source(): DefinitionSource;
  stop(): Promise<void>;
} {
  const { emulator, root, stateDir, load } = options;
  const { journal } = emulator;
  /** Files of the currently served definition. */
  let configInputs = options.loaded.inputs;
  let { source } = options.loaded;
  /** What the unserved definition depends on; undefined while the one in the files is served. */
  let unservedDefinition: HangsOn | undefined;
  /** The last reported problem that keeps code from being served. */
  let unservedCode: Fault | undefined = emulator.fault();
  let following: Promise<void> = Promise.resolve();
  let isStopped = false;
  const growing = new GrowingFiles();
  /** Aborted when the load is obsolete: the files have changed since, or the emulator stops. */
  let loading = new AbortController();

  const watch = watchFiles({ files: [], onChange: follow, stateDir });
  watch.update(watched(), unservedCode?.hangsOn?.missing, options.readSince);

  /** One change after the other: each reads the files when its turn comes. */
  function follow(file: string): void {
    if (growing.has(file)) return;
    if (isOfDefinition(file)) loading.abort();
    following = following.then(() => apply(file));
  }

  function isOfDefinition(file: string): boolean {
    return configInputs.includes(file) || isAmong(unservedDefinition, file);
  }

  async function apply(file: string): Promise<void> {
    if (isStopped) return;
    const readSince = Date.now();
    if (isOfDefinition(file)) {
      const isCode = emulator.inputs().includes(file);
      // synthesizing the CDK app takes long, and the file may be only code
      if (isCode && source.kind === "cdk") await serveCode(file);
      const fault = await faultOf(() => serveDefinition(file));
      unservedDefinition = fault && (fault.hangsOn ?? NOTHING);
      if (fault !== undefined) {
        if (!loading.signal.aborted) record(fault, "The previous definition keeps running.");
        // The file may be code of the served definition, and valid for that.
        if (emulator.inputs().includes(file)) await serveCode(file);
      }
    } else {
      await serveCode(file);
    }
    const missing = [unservedDefinition, unservedCode?.hangsOn].flatMap(
      (each) => each?.missing ?? [],
    );
    watch.update(watched(), missing, readSince);
  }

  async function serveDefinition(file: string): Promise<void> {
    loading = new AbortController();
    const loaded = await load(loading.signal);
    configInputs = loaded.inputs;
    const { needsRestart } = await emulator.update(loaded.definition);
    unservedCode = emulator.fault();
    journal.record({ type: "project.changed", file: relative(root, file), needsRestart });
    const known = new Set(toldOf(source));
    source = loaded.source;
    for (const message of toldOf(source)) {
      if (!known.has(message)) journal.record({ type: "warning", message });
    }
  }

  async function serveCode(file: string): Promise<void> {
    const before = unservedCode;
    const failure = await faultOf(async () => {
      const functionNames = await emulator.reload([file]);
      if (functionNames.length === 0) return;
      const shown = relative(root, file);
      journal.record({ type: "code.reloaded", functionNames, file: shown });
      if (growing.note(file)) journal.record({ type: "warning", message: growingText(shown) });
    });
    unservedCode = failure ?? emulator.fault();
    // Problems unrelated to the file have been reported before.
    const isNews = unservedCode?.message !== before?.message || isAmong(before?.hangsOn, file);
    if (unservedCode === undefined || !isNews) return;
    // A function that has never run has no earlier code to keep.
    const isSafe = emulator.functions.every(({ runnable }) => runnable);
    record(unservedCode, ...(isSafe ? ["The previous code keeps running."] : []));
  }

  function watched(): readonly string[] {
    const hangsOn = [unservedDefinition, unservedCode?.hangsOn];
    const unserved = hangsOn.flatMap((each) => each?.read ?? []);
    return [...configInputs, ...emulator.inputs(), ...unserved];
  }

  function record({ message, hint }: Fault, ...what: readonly string[]): void {
    journal.record({ type: "project.broken", message, hint: [...what, hint].join("\n") });
  }

  return {
    source: () => source,
    stop() {
      watch.stop();
      isStopped = true;
      loading.abort();
      return following;
    },
  };
}

/** The messages about a source that the banner prints at start; later ones are logged. */
function toldOf(source: DefinitionSource): readonly string[] {
  return [...sourceNotes(source), ...source.remarks];
}

function growingText(file: string): string {
  return `${file} grows after each reload that it causes, so wsgw ignores its changes from now on. Write it to another directory, or name it *.log.`;
}

/** The parts of a definition that matter for changes of its files. */
type Followed = Pick<LoadedDefinition, "definition" | "inputs" | "source">;

type Fault = {
  readonly message: string;
  readonly hint: string;
  readonly hangsOn: HangsOn | undefined;
};

async function faultOf(work: () => Promise<void>): Promise<Fault | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    if (error instanceof WsgwError) return error;
    return { message: String(error), hint: "This is a bug in wsgw.", hangsOn: undefined };
  }
}

function isAmong(hangsOn: HangsOn | undefined, file: string): boolean {
  return hangsOn !== undefined && [...hangsOn.read, ...hangsOn.missing].includes(file);
}
