import { COMMANDS } from "./command-syntax.ts";

/** The values for completion, as far as known. */
export type Known = {
  /** Earlier lines, newest first. */
  readonly lines: readonly string[];
  /** Route keys that a message can select. */
  readonly routeKeys: readonly string[];
  /** The path in a message that selects its route: `["action"]`; undefined if it is not a single field. */
  readonly selectionPath: readonly string[] | undefined;
  /** Own connections, ids of others, variables and templates. */
  readonly peers: readonly string[];
  readonly connectionIds: readonly string[];
  readonly variables: readonly string[];
  readonly templates: readonly string[];
};

const MOST_CANDIDATES = 20;
const SWITCHES = ["pretty", "times", "pings"];

/**
 * The completions of a line, each as the whole line. A message gets the API's route keys at their place, and
 * earlier messages.
 */
export function complete(line: string, known: Known): readonly string[] {
  const [, at, peer = ""] = /^(@)([\w-]*)$/.exec(line) ?? [];
  if (at !== undefined) return beginning("@", known.peers, peer).map((name) => `${name} `);
  const [, name, blank] = /^\/(\S*)(\s?)/.exec(line) ?? [];
  if (name !== undefined && !line.startsWith("//")) {
    return blank === "" ? commandNames(name) : argument(name, line, known);
  }
  const prefix = /^@[\w-]+\s+/.exec(line)?.[0] ?? "";
  return unique([
    ...variable(line, known),
    ...messages(line.slice(prefix.length), known).map((each) => prefix + each),
    ...(line === "" ? [] : known.lines.filter((each) => each.startsWith(line) && each !== line)),
  ]);
}

function commandNames(typed: string): readonly string[] {
  return beginning(
    "/",
    COMMANDS.map(({ name }) => name),
    typed,
  ).map((name) => (takesMore(name.slice(1)) ? `${name} ` : name));
}

function takesMore(name: string): boolean {
  return COMMANDS.find((each) => each.name === name)?.usage.includes(" ") === true;
}

function argument(name: string, line: string, known: Known): readonly string[] {
  const [, head = "", typed = ""] = /^(\/\S+\s+)(\S*)$/.exec(line) ?? [];
  if (head === "") return [];
  if (SWITCHES.includes(name)) return beginning(head, ["on", "off"], typed);
  if (name === "use") return beginning(head, known.peers, typed);
  if (name === "send") return beginning(head, known.templates, typed);
  if (name === "set") return beginning(head, known.variables, typed);
  if (["post", "get", "kick"].includes(name)) {
    const ids = [...known.peers, ...known.connectionIds];
    return beginning(head, ids, typed).map((each) => (name === "post" ? `${each} ` : each));
  }
  if (name === "all") return messages(typed, known).map((each) => head + each);
  return [];
}

/** `${na` → `${name}`. */
function variable(line: string, known: Known): readonly string[] {
  const [, head, typed = ""] = /^(.*\$\{)([\w-]*)$/.exec(line) ?? [];
  if (head === undefined) return [];
  return beginning(head, known.variables, typed).map((each) => `${each}}`);
}

/** Whole messages for an empty line or the start of one; route keys at their place in a message. */
function messages(typed: string, { routeKeys, selectionPath }: Known): readonly string[] {
  const field = selectionPath?.at(-1);
  if (field === undefined || selectionPath === undefined) return [];
  const quoted = field.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const [, head, key = ""] =
    new RegExp(`^(.*"${quoted}"\\s*:\\s*")((?:[^"\\\\]|\\\\.)*)$`, "s").exec(typed) ?? [];
  if (head !== undefined) {
    return beginning(head, routeKeys.map(inner), key).map((each) => `${each}"`);
  }
  return routeKeys
    .map((routeKey) => message(selectionPath, routeKey))
    .filter((each) => each.startsWith(typed) && each !== typed);
}

/** `{"action":"join"}`; to add fields, delete the brace. */
function message(path: readonly string[], routeKey: string): string {
  const value = path.reduceRight<unknown>((inside, name) => ({ [name]: inside }), routeKey);
  return JSON.stringify(value);
}

function inner(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

function beginning(head: string, words: readonly string[], typed: string): readonly string[] {
  return unique(words.filter((word) => word.startsWith(typed)).map((word) => head + word));
}

function unique(lines: readonly string[]): readonly string[] {
  return [...new Set(lines)].slice(0, MOST_CANDIDATES);
}

/** The path of a route selection expression: `["action"]` for `$request.body.action`. */
export function selectionPathOf(expression: string): readonly string[] | undefined {
  const [, path] = /^\$\{?request\.body\.([\w.-]+)\}?$/.exec(expression) ?? [];
  return path?.split(".");
}
