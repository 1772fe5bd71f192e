import { fieldOf } from "../../../values/json.ts";

/** Whether `watch.include` and `watch.exclude` of a `cdk.json` select a file, relative to it. */
export function watchedFiles(watch: unknown, never: readonly string[]): (path: string) => boolean {
  const isIncluded = anyOf(patterns(fieldOf(watch, "include"), ["**"]));
  const isExcluded = anyOf([...patterns(fieldOf(watch, "exclude"), []), ...never]);
  return (path) => isIncluded(path) && !isExcluded(path);
}

function anyOf(list: readonly string[]): (path: string) => boolean {
  const all = list.map(matcher);
  return (path) => all.some((matches) => matches.test(path));
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
