import type { ChalkInstance } from "chalk";
import type { LocalProject } from "../../src/app.ts";

/**
 * `quiet` shows only problems; `normal` adds the story; `verbose` adds details and connection ids, and
 * truncates nothing.
 */
export type Detail = "quiet" | "normal" | "verbose";

export type TerminalLogOptions = {
  /** The current project; it changes when the definition is reloaded. */
  readonly project: () => LocalProject;
  readonly detail: Detail;
  readonly paint: ChalkInstance;
  /** Width of the terminal; undefined if the output is not a terminal. */
  readonly columns: () => number | undefined;
  /** The current URLs of the stages for clients and calls of `@connections`. Default: unknown. */
  readonly stages?: () => readonly { readonly url: string; readonly managementUrl: string }[];
  /** Whether to show lines of access logs. Default false. */
  readonly showsAccessLog?: boolean;
  /** The same for execution logs. */
  readonly showsExecutionLog?: boolean;
};
