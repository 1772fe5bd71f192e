import type { Installing } from "../../bundle/python.ts";
import type { ProcessEnd } from "../../processes/process-group.ts";
import type { Network } from "../network/rules/aws-hosts.ts";
import type { StoppedCall } from "../network/rules/stopped-call.ts";
import type { FunctionError } from "./rules/function-faults.ts";
import type { Layers } from "./rules/layers.ts";
import type { MemoryUse } from "./rules/memory-limit.ts";
import type { PendingWork } from "./rules/pending-work.ts";

/** Where the code of a function is and how it is loaded. */
export type FunctionCode = {
  /** The file to load. */
  readonly file: string;
  /** The file that the author wrote: the same, or what `file` was made from. */
  readonly source: string;
  /** The author's files that are loaded as they stand on the disk. Default: none. */
  readonly files?: readonly string[];
  /** `handler`, or a path such as `api.handler`. */
  readonly exportPath: string;
  readonly format: "commonjs" | "module";
  /** True when `file` was made from `source` and its map tells how. */
  readonly sourceMaps: boolean;
  /** Folder with packages lent to ES modules, which do not look at `NODE_PATH`. */
  readonly lentPackages: string | undefined;
  /** Packages that an environment loads while it waits for its first event. */
  readonly sdkPackages: readonly string[];
};

/** A program that fetches its events from the Lambda Runtime API. */
type FunctionProgram = {
  /** The program, and its arguments. */
  readonly command: readonly string[];
  /** How packages are installed that its code lacks. */
  readonly installing?: Installing;
};

/** All that an execution environment must know about its function. */
export type FunctionSpec = {
  readonly name: string;
  /** The handler string. */
  readonly handler: string;
  readonly code: FunctionCode;
  /** Runs in place of `code`. */
  readonly program?: FunctionProgram;
  /** Complete: nothing else is in the environment. */
  readonly environment: Readonly<Record<string, string>>;
  /** MB. */
  readonly memory: number;
  /** Seconds. */
  readonly timeout: number;
  readonly arn: string;
  /** Folders of layers, absolute. Default: none. */
  readonly layers?: Layers;
  /** Working folder. */
  readonly root: string;
  /** It waits for code that is not written yet, and has time to make itself ready. */
  readonly isPrewarmed?: boolean;
  /** A debugger may attach here: nothing is frozen then, and nothing has a time limit. 0: any port. */
  readonly debugPort?: number;
  /** Its code cannot be run: every event fails with this. */
  readonly broken?: FunctionError;
  /** Where its connections go; without it wherever the code wants. */
  readonly network?: Network;
};

/** One event on its way into an environment. */
export type EnvironmentEvent = {
  readonly awsRequestId: string;
  /** The alias or version that is invoked. */
  readonly qualifier?: string | undefined;
  /** Value of `_X_AMZN_TRACE_ID`. */
  readonly trace: string;
  /** JSON text. */
  readonly event: string;
};

/** What an environment has to say. */
export type Report =
  /** The user's module is loaded; the handler is about to be called for the first time. */
  | { readonly kind: "initialized"; readonly initMs: number }
  | {
      readonly kind: "logged";
      /** Undefined when the environment cannot tell, or outside an invocation. */
      readonly awsRequestId: string | undefined;
      readonly stream: "stdout" | "stderr";
      readonly text: string;
    }
  | { readonly kind: "returned"; readonly payload: string; readonly bytes: number }
  /** `leaving`: the environment takes no further event. */
  | { readonly kind: "failed"; readonly error: FunctionError; readonly leaving: boolean }
  /** A connection that the gateway could make nothing of did not leave the machine. */
  | { readonly kind: "stopped"; readonly call: StoppedCall }
  /** The event before has left work behind, which stands still until the next one. */
  | {
      readonly kind: "unfinished";
      readonly awsRequestId: string;
      readonly work: readonly PendingWork[];
    }
  /** A prefetched event was being taken back at the moment when it was to begin; it has not. */
  | { readonly kind: "skipped"; readonly number: number }
  /**
   * The answer to a prefetched event is about to come, so many ms after it began. Of the others
   * the beginning is known here; answers of these may be heard several at once.
   */
  | { readonly kind: "took"; readonly ms: number }
  /** The most memory that the environment has taken so far. */
  | ({ readonly kind: "memory" } & MemoryUse)
  /** The environment is gone; the last report. */
  | { readonly kind: "ended"; readonly end: ProcessEnd };

/** Hands events over before the environment has answered the one that it runs. */
export type Prefetch = {
  /** Has an event begin as soon as the one before it is answered. Returns its number; numbers count up. */
  give(event: EnvironmentEvent): number;
  /** Takes back all that have not begun. Returns the number of the last that has, 0 for none. */
  takeBack(): number;
};

/** An execution environment: takes one event at a time, and lives until it is stopped or breaks. */
export type Environment = {
  /** Hands an event over; `returned`, `failed` or `ended` answers it. */
  run(event: EnvironmentEvent): void;
  /** Missing where events cannot be taken back. */
  readonly prefetch?: Prefetch | undefined;
  /** Ends it at once, whatever it does. Resolves when nothing of it is left. */
  stop(): Promise<void>;
};

/** Starts an environment. The user's module is loaded when the first event comes, not before. */
export type StartEnvironment = (
  spec: FunctionSpec,
  report: (report: Report) => void,
) => Environment;

/** One way to run functions. */
export type LambdaRuntime = { readonly start: StartEnvironment };
