import type { HangsOn } from "../errors.ts";
import type { Kept } from "./kept-packages.ts";
import type { KnownExports } from "./script-contents.ts";

/** One thing that keeps a handler from being built. */
export type BuildFailure = {
  /** Undefined when it is not about one file. */
  readonly file: string | undefined;
  /** From 1. */
  readonly line: number | undefined;
  /** From 1. */
  readonly column: number | undefined;
  readonly text: string;
};

/** What a source file was turned into. */
export type BuildOutput = {
  readonly file: string;
  readonly format: "commonjs" | "module";
  readonly sourceMaps: true;
  readonly exports: KnownExports;
  readonly inputs: readonly string[];
  /** Ends of sentences about the function: what will run, but not as its author may expect. */
  readonly warnings: readonly string[];
  /** For a deployment: what the file asks for while it runs, and has to go along with it. */
  readonly kept: readonly Kept[];
  /** For a deployment: packages that the file asks for and nobody has here. */
  readonly absent: readonly string[];
};

/** Why a source file was turned into nothing. */
export type Unbuilt = { readonly failures: readonly BuildFailure[]; readonly hangsOn: HangsOn };

/** What became of source files, by their paths: one that cannot be built does not keep the others from it. */
export type BuildResult = {
  readonly outputs: ReadonlyMap<string, BuildOutput>;
  readonly unbuilt: ReadonlyMap<string, Unbuilt>;
};
