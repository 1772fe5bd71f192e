import type { Runtime } from "./runtimes.ts";

export type FunctionDefinition = {
  /**
   * `path.export`, relative to the folder of the definition: `src/handlers/connect.handler`. Python
   * and executables name theirs as on Lambda.
   */
  readonly handler: string;
  readonly description?: string;
  /** Default `nodejs24.x`. Locally the handler runs on the Node that runs wsgw. */
  readonly runtime?: Runtime;
  /** Folder with the code, relative to that of the definition. Not for Node. */
  readonly code?: string;
  /** Program that speaks the Lambda Runtime API, with its arguments; runs in the folder of the code. */
  readonly command?: readonly string[];
  /**
   * Files that the code reads while it runs, as patterns from the folder of the definition: `data/*.json`.
   * They are deployed at the same places. Only for Node.
   */
  readonly include?: readonly string[];
  /** Files of the folder of the code that are not deployed, as patterns from that folder. Not for Node. */
  readonly exclude?: readonly string[];
  /** Packages that are deployed as they are installed instead of bundled. Only for Node. */
  readonly nodeModules?: readonly string[];
  /** MB, 128 to 10,240. Default 128. */
  readonly memory?: number;
  /** Seconds, 1 to 900. Default 3. */
  readonly timeout?: number;
  readonly environment?: Readonly<Record<string, string>>;
  /**
   * Folders whose contents Lambda lays into `/opt`, in this order, relative to that of the definition:
   * `nodejs/node_modules`, `python`, `bin`, `lib` and whatever else. Five at most.
   */
  readonly layers?: readonly string[];
  /** Statements added to the function's role. */
  readonly roleStatements?: readonly RoleStatement[];
  /** Name or ARN of a role that exists already. Default: the stack makes one with the least permissions. */
  readonly role?: string;
};

/** One statement of an IAM policy, in IAM's own words. */
export type RoleStatement = {
  readonly Sid?: string;
  readonly Effect: "Allow" | "Deny";
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
  readonly Condition?: unknown;
};

export type ApiFunction = {
  readonly name: string;
  readonly handler: string;
  readonly description: string | undefined;
  readonly runtime: Runtime;
  readonly code: string | undefined;
  readonly command: readonly string[] | undefined;
  /** Patterns from the folder of the definition. */
  readonly include: readonly string[];
  /** Patterns from the folder of the code. */
  readonly exclude: readonly string[];
  /** Names of packages. */
  readonly nodeModules: readonly string[];
  /** MB. */
  readonly memory: number;
  /** Seconds. */
  readonly timeout: number;
  /** As the author wrote it, with the names of its tables filled in. */
  readonly environment: Readonly<Record<string, string>>;
  /** Folders, relative to that of the definition. */
  readonly layers: readonly string[];
  readonly roleStatements: readonly RoleStatement[];
  /** Name or ARN of a role that the stack does not make. */
  readonly role: string | undefined;
};
