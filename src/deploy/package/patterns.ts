/**
 * Whether a path with `/` matches a pattern: `*` and `?` match within a directory, `**` across directories,
 * `{a,b}` either, and a directory includes everything below it.
 */
export function fits(pattern: string, path: string): boolean {
  return expressionOf(pattern).test(path);
}

/** Secrets and installed packages are included only if the pattern itself names such a path. */
export function isUnasked(name: string, pattern: string): boolean {
  if (name === ".wsgw" || name === ".git") return true;
  if (name === "node_modules") return !pattern.split("/").includes("node_modules");
  return name.startsWith(".") && !/(^|\/)\.[^./]/.test(pattern);
}

/** The directory that contains all matches of a pattern; empty if that is the whole tree. */
export function fixedDirectory(pattern: string): string {
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
