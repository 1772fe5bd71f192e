import { createHash } from "node:crypto";
import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { writeWhole } from "./build-output.ts";
import type { BuildOutput } from "./build-result.ts";
import { markUsed, sweepUnused } from "./build-sweep.ts";
import { jsonIn } from "./directory-files.ts";

// Bundling packages takes a second, and a test run starts hundreds of gateways in several processes. So build
// results are kept on disk with the state of every input file.

/** Changes with the build options and the format of this file. */
const VERSION = 4;

type Kept = {
  readonly version: number;
  readonly node: string;
  /** Path, modification time and size of every input. */
  readonly inputs: readonly (readonly [file: string, mtimeMs: number, size: number])[];
  readonly outputs: readonly (readonly [source: string, output: BuildOutput])[];
};

/** The outputs of an earlier build of the same files, marked as used, unless an input has changed. */
export function keptBuild(
  stateDir: string,
  files: readonly string[],
): ReadonlyMap<string, BuildOutput> | undefined {
  const path = keptFile(stateDir, files);
  const kept = jsonIn(path) as Kept | null | undefined;
  if (kept == null || kept.version !== VERSION || kept.node !== process.version) return undefined;
  const same = kept.inputs.every(([file, mtimeMs, size]) => {
    const now = statSync(file, { throwIfNoEntry: false });
    return now?.mtimeMs === mtimeMs && now.size === size;
  });
  const whole = kept.outputs.every(([, { file }]) => existsSync(file));
  if (!same || !whole) return undefined;
  markUsed([path, ...kept.outputs.flatMap(([, { file }]) => [file, `${file}.map`])]);
  return new Map(kept.outputs);
}

/**
 * Keeps the outputs of a build that began at `startedAt` (epoch ms) for other processes, and deletes outputs
 * unused for long.
 */
export function keepBuild(
  stateDir: string,
  files: readonly string[],
  outputs: ReadonlyMap<string, BuildOutput>,
  inputs: readonly string[],
  startedAt: number,
): void {
  const states = inputs.flatMap((file) => {
    const now = statSync(file, { throwIfNoEntry: false });
    return now === undefined ? [] : [[file, now.mtimeMs, now.size] as const];
  });
  // If a file was saved during the build, it is unknown which version the outputs contain.
  if (states.some(([, mtimeMs]) => mtimeMs >= startedAt)) return;
  const kept: Kept = {
    version: VERSION,
    node: process.version,
    inputs: states,
    outputs: [...outputs],
  };
  writeWhole(keptFile(stateDir, files), JSON.stringify(kept));
  markUsed([...outputs.values()].flatMap(({ file }) => [file, `${file}.map`]));
  sweepUnused(keptDirectory(stateDir));
}

function keptFile(stateDir: string, files: readonly string[]): string {
  const key = createHash("sha256").update(files.join("\n")).digest("hex").slice(0, 16);
  return join(keptDirectory(stateDir), `${key}.json`);
}

function keptDirectory(stateDir: string): string {
  return join(stateDir, "build", "in-process");
}
