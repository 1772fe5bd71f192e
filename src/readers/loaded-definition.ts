import type { UnservedFunction } from "./rules/code-elsewhere.ts";

/** An unchecked definition of a project, from any format. */
export type LoadedDefinition = {
  /** In the form that `defineApi()` and `defineProject()` accept; templates become the long form. */
  readonly definition: unknown;
  /** The file itself; all paths here are absolute. */
  readonly file: string;
  /** The directory to which handlers are relative. */
  readonly root: string;
  /** Every local input file, the file itself first: a change of one requires loading again. */
  readonly inputs: readonly string[];
  readonly source: DefinitionSource;
  /**
   * The directory of state, keys and builds: `.wsgw` next to a config file, else in the user's cache
   * directory.
   */
  readonly stateDir: string;
};

/** The source of a definition, and its unserved parts. */
export type DefinitionSource = {
  readonly kind: "config" | "cloudformation" | "sam" | "cdk" | "serverless" | "terraform";
  /** Two or three sentences about why this file was selected and what was skipped. */
  readonly remarks: readonly string[];
  /** What invokes functions besides routes, in the order of the file. */
  readonly triggers: readonly Trigger[];
  /** HTTP and REST APIs with a route to a function. */
  readonly httpApis: readonly {
    readonly name: string;
    readonly functions: readonly string[];
    /** Absent if none is known. */
    readonly routes?: readonly HttpRoute[];
  }[];
  /** Features of tables that exist on AWS and not here; absent without any. */
  readonly tables?: readonly UnservedTable[];
  /** Names for directories of code and layers whose paths are not descriptive, by path in the definition. */
  readonly directories?: Readonly<Record<string, string>>;
  /** Features of WebSocket APIs in the file that wsgw does not emulate yet. */
  readonly notServed: readonly NotServed[];
  /** The `remarks` about what works on this machine and fails on AWS. */
  readonly failsOnAws?: readonly string[];
  /** Functions that wsgw cannot run, in the order of the file. */
  readonly unserved: readonly UnservedFunction[];
};

/** The source of a plain config file: all of it is served. */
export const CONFIG_SOURCE: DefinitionSource = {
  kind: "config",
  remarks: [],
  triggers: [],
  httpApis: [],
  notServed: [],
  unserved: [],
};

/** Invokes a function on AWS and is not delivered locally yet. */
export type Trigger = {
  readonly kind: "stream" | "queue" | "topic" | "rule" | "schedule" | "pipe" | "other";
  /** Its source, as named in the file: the logical id of a table, queue, topic. */
  readonly from: string;
  readonly function: string;
  /** For example `rate(5 minutes)`. */
  readonly schedule?: string;
  /** Event filters, as JSON; an event must match one of them. Absent if all events match. */
  readonly filters?: readonly string[];
};

/** A route of an HTTP or REST API to a function. */
export type HttpRoute = {
  /** `GET /rooms/{id}`, `ANY /{proxy+}` or `$default`. */
  readonly route: string;
  readonly function: string;
};

export type UnservedTable = {
  /** Its logical id. */
  readonly table: string;
  /** The attribute by which its items expire. */
  readonly timeToLive?: string;
  /** The contents of its stream's records, such as `NEW_IMAGE`. */
  readonly stream?: string;
};

export type NotServed = {
  /** For example `authorizer`, `integration SNS`, `API key`. */
  readonly what: string;
  /** Why a supported feature is missing, such as `has its code in S3`. */
  readonly why?: string | undefined;
  /** Its owner, such as `route sendmessage of ChatApi`. */
  readonly of: string;
  /** `template.yaml:12:3`. */
  readonly at: string | undefined;
  /** What to add to the file, as a sentence without its full stop. */
  readonly add?: string | undefined;
};
