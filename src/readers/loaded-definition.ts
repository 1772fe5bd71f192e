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
  readonly kind: "config" | "cloudformation" | "sam";
  /** Sentences about why this file was taken and what was left aside, for a person. Two or three at most. */
  readonly remarks: readonly string[];
  /** What leads to a function other than a route, in the order of the file. */
  readonly triggers: readonly Trigger[];
  /** HTTP and REST APIs with a route to a function. */
  readonly httpApis: readonly { readonly name: string; readonly functions: readonly string[] }[];
  /** What the file has of the WebSocket APIs and wsgw does not emulate yet. */
  readonly notServed: readonly NotServed[];
};

/** Something that invokes a function on AWS and is not delivered locally yet. */
export type Trigger = {
  readonly kind: "stream" | "queue" | "topic" | "rule" | "schedule" | "pipe" | "other";
  /** What it comes from, as the file calls it: the logical id of a table, queue, topic. */
  readonly from: string;
  readonly function: string;
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
};

/** For a person: what of a definition its author has to know, as this machine serves it. */
export function sourceNotes(source: DefinitionSource): readonly string[] {
  return [undeliveredText(source) ?? [], source.notServed.map(notServedText)].flat();
}

/** What invokes functions on AWS and is not delivered here, and what to do about it; undefined for nothing. */
function undeliveredText({ triggers, httpApis }: DefinitionSource): string | undefined {
  const undelivered = [
    ...triggers.map(({ kind, from }) => `${kind} ${from}`),
    ...httpApis.map(({ name }) => `HTTP API ${name}`),
  ];
  if (undelivered.length === 0) return undefined;
  const functions = new Set([
    ...triggers.map((trigger) => trigger.function),
    ...httpApis.flatMap((api) => api.functions),
  ]);
  const [fn = "FUNCTION"] = functions.size === 1 ? functions : [];
  return `not delivered locally yet: ${[...new Set(undelivered)].join(", ")}; \`wsgw invoke ${fn} --event FILE\` runs them`;
}

/** For a person: what is not served, of what, and where that stands. */
export function notServedText({ what, why, of, at }: NotServed): string {
  const place = at === undefined ? "" : `, ${at}`;
  return why === undefined
    ? `not emulated yet: ${what} of ${of}${place}`
    : `${what} ${why}; ${of} goes without it${place}`;
}
