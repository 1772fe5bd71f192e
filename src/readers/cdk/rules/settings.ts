import { fieldOf, isObject, objectOf, parseJson, stringIn } from "../../../values/json.ts";

/** The used settings of a `cdk.json`. */
export type AppSettings = {
  /** The command that synthesizes the app, or a directory with a finished assembly. */
  readonly app: string | undefined;
  /** The output directory of `cdk synth`, relative to `cdk.json`. */
  readonly output: string;
  readonly context: Readonly<Record<string, unknown>>;
  /** Whether a change of a file changes what is deployed; the path is relative to `cdk.json`. */
  readonly isSource: (path: string) => boolean;
};

const OUTPUT = "cdk.out";

/** Parses `cdk.json`; undefined if it is not a JSON object. */
export function readSettings(text: string): AppSettings | undefined {
  const json = parseJson(text)?.value;
  if (!isObject(json)) return undefined;
  const watch = fieldOf(json, "watch");
  const output = stringIn(json, "output") ?? OUTPUT;
  const included = patterns(fieldOf(watch, "include"), ["**"]);
  const excluded = [...patterns(fieldOf(watch, "exclude"), []), output, OUTPUT, "node_modules"];
  const isOf = (list: readonly string[]) => {
    const all = list.map(matcher);
    return (path: string) => all.some((matches) => matches.test(path));
  };
  const [isIncluded, isExcluded] = [isOf(included), isOf(excluded)];
  return {
    app: stringIn(json, "app"),
    output,
    context: objectOf(json.context),
    isSource: (path) => isIncluded(path) && !isExcluded(path),
  };
}

function patterns(value: unknown, otherwise: readonly string[]): readonly string[] {
  const all = [value].flat().filter((each) => typeof each === "string");
  return all.length === 0 ? otherwise : all;
}

/** A pattern as in `cdk watch`: a directory includes everything below it. */
function matcher(pattern: string): RegExp {
  const parts =
    pattern.replace(/^\.\//, "").match(/\*\*\/|\*\*|\*|\?|\{[^{}]*\}|[^*?{]+|\{/g) ?? [];
  return new RegExp(`^${parts.map(asSource).join("")}(?:/.*)?$`);
}

const WILD: Readonly<Record<string, string>> = {
  "**/": "(?:.*/)?",
  "**": ".*",
  "*": "[^/]*",
  "?": "[^/]",
};

function asSource(part: string): string {
  if (!/^\{.*\}$/.test(part)) return WILD[part] ?? quoted(part);
  return `(?:${part.slice(1, -1).split(",").map(quoted).join("|")})`;
}

function quoted(text: string): string {
  return text.replace(/[.+^${}()|[\]\\]/g, "\\$&");
}
