import { howToServe, type UnservedFunction } from "./rules/unserved.ts";

/** What a file of a project says, not yet checked, whatever form the file has. */
export type LoadedDefinition = {
  /** As `defineApi()` and `defineProject()` take it; what a template says stands here as the long form. */
  readonly definition: unknown;
  /** The file itself; absolute, as all paths here. */
  readonly file: string;
  /** The folder from which handlers are named. */
  readonly root: string;
  /** Every local file that had a part in it, the file itself first: when one changes, load again. */
  readonly inputs: readonly string[];
  readonly source: DefinitionSource;
  /** Where state, keys and builds of the project are kept: `.wsgw` beside a config file, else in the user's cache folder. */
  readonly stateDir: string;
};

/** Where a definition came from, and what of it is not served. */
export type DefinitionSource = {
  readonly kind: "config" | "cloudformation" | "sam" | "cdk" | "serverless" | "terraform";
  /** Sentences about why this file was taken and what was left aside, for a person. Two or three at most. */
  readonly remarks: readonly string[];
  /** What leads to a function other than a route, in the order of the file. */
  readonly triggers: readonly Trigger[];
  /** HTTP and REST APIs with a route to a function. */
  readonly httpApis: readonly {
    readonly name: string;
    readonly functions: readonly string[];
    /** Left out where none is known. */
    readonly routes?: readonly HttpRoute[];
  }[];
  /** What tables of a template do on AWS and not on this machine; left out where they do nothing such. */
  readonly tables?: readonly UnservedTable[];
  /** What folders of code and layers are to be called, by their paths in the definition, where those say little. */
  readonly folders?: Readonly<Record<string, string>>;
  /** What the file has of the WebSocket APIs and wsgw does not emulate yet. */
  readonly notServed: readonly NotServed[];
  /** Of `remarks` those about what works on this machine and fails on AWS. */
  readonly failsOnAws?: readonly string[];
  /** Functions that the file has and wsgw cannot run, in its order. */
  readonly unserved: readonly UnservedFunction[];
};

/** The source of a definition that a config file gives by itself: all of it is served. */
export const CONFIG_SOURCE: DefinitionSource = {
  kind: "config",
  remarks: [],
  triggers: [],
  httpApis: [],
  notServed: [],
  unserved: [],
};

/** Something that invokes a function on AWS and is not delivered locally yet. */
export type Trigger = {
  readonly kind: "stream" | "queue" | "topic" | "rule" | "schedule" | "pipe" | "other";
  /** What it comes from, as the file calls it: the logical id of a table, queue, topic. */
  readonly from: string;
  readonly function: string;
  /** Such as `rate(5 minutes)`. */
  readonly schedule?: string;
  /** What events have to be like, as JSON; one of them is enough. Left out where all events count. */
  readonly filters?: readonly string[];
};

/** A route of an HTTP or REST API that leads to a function. */
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
  /** What records of its stream have, such as `NEW_IMAGE`. */
  readonly stream?: string;
};

export type NotServed = {
  /** Such as `authorizer`, `integration SNS`, `API key`. */
  readonly what: string;
  /** Why it is missing, for what wsgw does emulate, such as `has its code in S3`. */
  readonly why?: string | undefined;
  /** What has it, such as `route sendmessage of ChatApi`. */
  readonly of: string;
  /** `template.yaml:12:3`. */
  readonly at: string | undefined;
  /** What to add to the file, in a sentence without its full stop. */
  readonly add?: string | undefined;
};

/** For a person: what of a definition its author has to know, as this machine serves it. */
export function sourceNotes(source: DefinitionSource): readonly string[] {
  const { live, dead } = undeliveredTexts(source);
  return [
    live ?? [],
    unservedTablesText(source) ?? [],
    source.notServed.map(notServedText),
    dead ?? [],
    codeInS3Text(source) ?? [],
  ].flat();
}

/** For a person: what API Gateway may not invoke on AWS, whether it may here or not. */
export function deniedTexts({ failsOnAws = [], notServed }: DefinitionSource): readonly string[] {
  return [...failsOnAws, ...notServed.filter(({ add }) => add !== undefined).map(notServedText)];
}

function unservedTablesText({ tables = [] }: DefinitionSource): string | undefined {
  if (tables.length === 0) return undefined;
  return `not served locally yet: ${tables.flatMap(unservedOf).join(", ")}`;
}

/** For a person: what a table does not do on this machine. */
export function unservedOf({ table, timeToLive, stream }: UnservedTable): readonly string[] {
  return [
    ...(timeToLive === undefined ? [] : [`expiry of items of ${table} by ${timeToLive}`]),
    ...(stream === undefined ? [] : [`stream of ${table} (${stream})`]),
  ];
}

/** What invokes functions on AWS and is not delivered here, and what to do about it: of functions that run here, and of others. */
function undeliveredTexts({ triggers, httpApis, unserved }: DefinitionSource) {
  const all = [
    ...triggers.map(({ kind, from, function: fn }) => ({ what: `${kind} ${from}`, to: [fn] })),
    ...httpApis.map(({ name, functions }) => ({ what: `HTTP API ${name}`, to: functions })),
  ];
  const whys = new Map(unserved.map(({ key, why }) => [key, `${key} ${why}`]));
  const runs = (key: string) => !whys.has(key);
  const text = (undelivered: typeof all, end: string) =>
    undelivered.length === 0
      ? undefined
      : `not delivered locally yet: ${namesIn(undelivered.map(({ what }) => what))}; ${end}`;
  const live = all.filter(({ to }) => to.some(runs));
  const dead = all.filter(({ to }) => !to.some(runs));
  const functions = new Set(live.flatMap(({ to }) => to.filter(runs)));
  const [fn = "FUNCTION"] = functions.size === 1 ? functions : [];
  return {
    live: text(live, `\`wsgw invoke ${fn} --event FILE\` runs them`),
    dead: text(dead, namesIn(dead.flatMap(({ to }) => to.map((key) => whys.get(key) ?? key)))),
  };
}

/** Each once. */
function namesIn(words: readonly string[]): string {
  return [...new Set(words)].join(", ");
}

/** For a person: the functions whose code is in S3, and how to give it; undefined where there are none. */
function codeInS3Text({ unserved }: Pick<DefinitionSource, "unserved">): string | undefined {
  const [first, ...more] = unserved.filter(({ isInS3 }) => isInS3);
  if (first === undefined) return undefined;
  const those = more.length === 0 ? "function" : "functions";
  return `code in S3, which wsgw does not fetch: ${those} ${namesIn([first, ...more].map(({ key }) => key))}. ${howToServe(first)}`;
}

/** For a person: what is not served, of what, and where that stands. */
export function notServedText({ what, why, of, at, add }: NotServed): string {
  const place = at === undefined ? "" : `, ${at}`;
  if (add !== undefined) return `${what} ${why}: ${of}${place}. ${add}`;
  return why === undefined
    ? `not emulated yet: ${what} of ${of}${place}`
    : `${what} ${why}; ${of} goes without it${place}`;
}
