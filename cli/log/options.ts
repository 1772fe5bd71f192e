import type { ChalkInstance } from "chalk";
import type { LocalProject } from "../../src/app.ts";

/** Quiet keeps trouble; normal adds the story; verbose adds details and ids of connections, and cuts nothing. */
export type Detail = "quiet" | "normal" | "verbose";

export type TerminalLogOptions = {
  /** As it is now; it changes when the definition is reloaded. */
  readonly project: () => LocalProject;
  readonly detail: Detail;
  readonly paint: ChalkInstance;
  /** Width of the terminal; undefined when the log goes elsewhere. */
  readonly columns: () => number | undefined;
  /** Where clients and calls of `@connections` reach the stages now. Default: not known. */
  readonly stages?: () => readonly { readonly url: string; readonly managementUrl: string }[];
  /** Whether lines of access logs are shown. Default false. */
  readonly showsAccessLog?: boolean;
  /** The same of execution logs. */
  readonly showsExecutionLog?: boolean;
};
