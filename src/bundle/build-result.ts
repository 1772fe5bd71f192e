import type { FailureInputs } from "../errors.ts";
import type { Kept } from "./kept-packages.ts";
import type { KnownExports } from "./script-contents.ts";

/** An error that prevents a handler from being built. */
export type BuildFailure = {
  /** Undefined if it is not about one file. */
  readonly file: string | undefined;
  /** Starts at 1. */
  readonly line: number | undefined;
  /** Starts at 1. */
  readonly column: number | undefined;
  readonly text: string;
};

/** The result of building a source file. */
export type BuildOutput = {
  readonly file: string;
  /** An in-process module is the body of an async function. */
  readonly format: "commonjs" | "module";
  readonly sourceMaps: true;
  /** Undefined if only running the code would show them. */
  readonly exports: KnownExports;
  /** The author's source files, without packages; for plain JavaScript also missing files that it imports. */
  readonly inputs: readonly string[];
  /** Ends of sentences about the function: it runs, but possibly not as its author expects. */
  readonly warnings: readonly string[];
  /** Its imports of packages that are not installed: it cannot be loaded until they are. */
  readonly uninstalled: readonly BuildFailure[];
  /** For a deployment: packages that the file loads at run time, and that must be included. */
  readonly kept: readonly Kept[];
  /** For a deployment: packages that the file imports and that are not installed. */
  readonly absent: readonly string[];
};

/** Why a source file could not be built. */
export type Unbuilt = {
  readonly failures: readonly BuildFailure[];
  readonly failureInputs: FailureInputs;
};

/** Outputs by function, failures by source file: one that cannot be built does not prevent the others. */
export type BuildResult = {
  readonly outputs: ReadonlyMap<string, BuildOutput>;
  readonly unbuilt: ReadonlyMap<string, Unbuilt>;
};

/** One function's built code. */
export type HandlerCode = Omit<BuildOutput, "sourceMaps"> & {
  readonly functionName: string;
  /** The file that the author wrote: the same, or the source of `file`. */
  readonly source: string;
  /** The author's files that are loaded unbundled from disk; empty if all are in `file`. */
  readonly files: readonly string[];
  readonly exportPath: string;
  readonly sourceMaps: boolean;
  /** Directory with packages for ES modules, which do not use `NODE_PATH`. */
  readonly runtimeSdk: string | undefined;
  /** `NODE_PATH` for code that does not bundle the AWS SDK that Lambda includes. */
  readonly nodePath: string | undefined;
  /** The AWS SDK clients that the code loads from `node_modules`, by name. */
  readonly sdkPackages: readonly string[];
};
