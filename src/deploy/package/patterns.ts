/**
 * Whether a path with `/` fits a pattern: `*` and `?` stay within a folder, `**` goes across folders,
 * `{a,b}` is one or the other, and a folder takes in all that is below it.
 */
export function fits(pattern: string, path: string): boolean {
  return expressionOf(pattern).test(path);
}

/** The folder that everything which fits a pattern stands in; empty when that is the whole tree. */
export function fixedFolder(pattern: string): string {
  const parts = pattern.split("/");
  const open = parts.findIndex((part) => /[*?{]/.test(part));
  return (open < 0 ? parts.slice(0, -1) : parts.slice(0, open)).filter(isNamed).join("/");
}

const TOKENS = /\*\*\/|\*\*|\*|\?|\{[^{}]*\}|[^*?{]+|\{/g;

function expressionOf(pattern: string): RegExp {
  const parts = pattern.split("/").filter(isNamed).join("/");
  const source = [...parts.matchAll(TOKENS)].map(([token]) => sourceOf(token)).join("");
  return new RegExp(`^${source}(?:/.*)?$`, "s");
}

function sourceOf(token: string): string {
  if (token === "**/") return "(?:.*/)?";
  if (token === "**") return ".*";
  if (token === "*") return "[^/]*";
  if (token === "?") return "[^/]";
  if (/^\{.+\}$/.test(token)) {
    return `(?:${token.slice(1, -1).split(",").map(sourcesOf).join("|")})`;
  }
  return token.replace(/[.+^${}()|[\]\\]/g, "\\$&");
}

function sourcesOf(part: string): string {
  return [...part.matchAll(TOKENS)].map(([token]) => sourceOf(token)).join("");
}

function isNamed(part: string): boolean {
  return part !== "" && part !== ".";
}
