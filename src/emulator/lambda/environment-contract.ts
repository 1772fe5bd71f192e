import type { Installing } from "../../bundle/python.ts";
import type { ProcessEnd } from "../../processes/process-group.ts";
import type { Network } from "../network/rules/hosts.ts";
import type { StoppedCall } from "../network/rules/stopped-call.ts";
import type { FunctionError } from "./rules/function-errors.ts";
import type { Layers } from "./rules/layers.ts";
import type { MemoryUse } from "./rules/memory-limit.ts";
import type { PendingWork } from "./rules/pending-work.ts";

/** The location of a function's code, and how it is loaded. */
export type FunctionCode = {
  /** The file to load. */
  readonly file: string;
  /** The file that the author wrote: the same, or the source of `file`. */
  readonly source: string;
  /** The author's files that are loaded unbundled from disk. Default: none. */
  readonly files?: readonly string[];
  /** `handler`, or a path such as `api.handler`. */
  readonly exportPath: string;
  readonly format: "commonjs" | "module";
  /** True if `file` was built from `source` and has a source map. */
  readonly sourceMaps: boolean;
  /** Directory with packages for ES modules, which do not use `NODE_PATH`. */
  readonly runtimeSdk: string | undefined;
  /** Packages that an environment loads while it waits for its first event. */
  readonly sdkPackages: readonly string[];
};

/** A program that gets its events from the Lambda Runtime API. */
type FunctionProgram = {
  /** The program and its arguments. */
  readonly command: readonly string[];
  /** How to install missing packages of its code. */
  readonly installing?: Installing;
};

/** Everything that an execution environment needs to know about its function. */
export type FunctionSpec = {
  readonly name: string;
  /** The handler string. */
  readonly handler: string;
  readonly code: FunctionCode;
  /** Runs instead of `code`. */
  readonly program?: FunctionProgram;
  /** Complete: the environment has no other variables. */
  readonly environment: Readonly<Record<string, string>>;
  /** MB. */
  readonly memory: number;
  /** Seconds. */
  readonly timeout: number;
  readonly arn: string;
  /** Absolute directories of layers. Default: none. */
  readonly layers?: Layers;
  /** Working directory. */
  readonly root: string;
  /** Whether it waits for code that is not written yet, and has time to prepare. */
  readonly isPrewarmed?: boolean;
  /** A debugger may attach here: nothing is frozen, and nothing has a timeout. 0: any port. */
  readonly debugPort?: number;
  /** Why the code cannot run: every event fails with this. */
  readonly broken?: FunctionError;
  /** Where its connections are redirected; without it they go to their real hosts. */
  readonly network?: Network;
};

/** An event for an environment. */
export type EnvironmentEvent = {
  readonly awsRequestId: string;
  /** The alias or version that is invoked. */
  readonly qualifier?: string | undefined;
  /** Value of `_X_AMZN_TRACE_ID`. */
  readonly trace: string;
  /** JSON. */
  readonly event: string;
};

/** A report from an environment. */
export type Report =
  /** The user's module is loaded, and the handler is about to be called for the first time. */
  | { readonly kind: "initialized"; readonly initMs: number }
  | {
      readonly kind: "logged";
      /** Undefined if the environment does not know it, or outside an invocation. */
      readonly awsRequestId: string | undefined;
      readonly stream: "stdout" | "stderr";
      readonly text: string;
    }
  | { readonly kind: "returned"; readonly payload: string; readonly bytes: number }
  /** `leaving`: the environment accepts no further event. */
  | { readonly kind: "failed"; readonly error: FunctionError; readonly leaving: boolean }
  /** A connection that the gateway could not route was blocked. */
  | { readonly kind: "stopped"; readonly call: StoppedCall }
  /** The last event left work behind, which is frozen until the next one. */
  | {
      readonly kind: "unfinished";
      readonly awsRequestId: string;
      readonly work: readonly PendingWork[];
    }
  /** A prefetched event did not begin, because it was being taken back at that moment. */
  | { readonly kind: "skipped"; readonly number: number }
  /** Duration in ms of the event whose response follows, as the environment measured it. */
  | { readonly kind: "took"; readonly ms: number }
  /** The maximum memory of the environment so far. */
  | ({ readonly kind: "memory" } & MemoryUse)
  /** The environment is gone. This is the last report. */
  | { readonly kind: "ended"; readonly end: ProcessEnd };

/** Sends events to an environment before it has answered the current one. */
export type Prefetch = {
  /**
   * Queues an event that begins as soon as the one before it is answered. Returns its number; numbers count
   * up.
   */
  give(event: EnvironmentEvent): number;
  /** Takes back all events that have not begun. Returns the number of the last that has, 0 if none has. */
  takeBack(): number;
};

/** An execution environment: runs one event at a time, and lives until it is stopped or breaks. */
export type Environment = {
  /** Runs an event; `returned`, `failed` or `ended` reports its end. */
  run(event: EnvironmentEvent): void;
  /** Absent if events cannot be taken back. */
  readonly prefetch?: Prefetch | undefined;
  /** Ends it at once. Resolves when it is gone. */
  stop(): Promise<void>;
};

/** Starts an environment. It loads the user's module at the first event. */
export type StartEnvironment = (
  spec: FunctionSpec,
  report: (report: Report) => void,
) => Environment;

/** One way to run functions. */
export type LambdaRuntime = { readonly start: StartEnvironment };
