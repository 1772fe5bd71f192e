import { fieldOf, isObject, parseJson, stringIn } from "../../../values/json.ts";

/** What `cdk.json` says of an app, as far as it matters here. */
export type AppSettings = {
  /** The command that synthesises the app, or a folder that has an assembly already. */
  readonly app: string | undefined;
  /** The folder that `cdk synth` writes, from that of `cdk.json`. */
  readonly output: string;
  readonly context: Readonly<Record<string, unknown>>;
  /** Whether a change of a file, by its path from the folder of `cdk.json`, changes what is deployed. */
  readonly isSource: (path: string) => boolean;
};

const OUTPUT = "cdk.out";

/** Reads the contents of `cdk.json`; undefined where they are not a JSON object. */
export function readSettings(text: string): AppSettings | undefined {
  const json = parseJson(text)?.value;
  if (!isObject(json)) return undefined;
  const watch = fieldOf(json, "watch");
  const output = stringIn(json, "output") ?? OUTPUT;
  const context = fieldOf(json, "context");
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
    context: isObject(context) ? context : {},
    isSource: (path) => isIncluded(path) && !isExcluded(path),
  };
}

function patterns(value: unknown, otherwise: readonly string[]): readonly string[] {
  const all = [value].flat().filter((each) => typeof each === "string");
  return all.length === 0 ? otherwise : all;
}

/** A pattern as `cdk watch` takes it: it means a folder with all that is below, too. */
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
