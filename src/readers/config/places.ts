import type { Path } from "../../definition/faults.ts";
import type { Place, Places } from "../../definition/places.ts";

/** A value in the source; `at` is the start of its key, or of the value itself without a key. */
type Written = {
  readonly at: number;
  readonly fields?: ReadonlyMap<string, Written>;
  readonly items?: readonly Written[];
};

type Twice = { readonly path: Path; readonly at: number; readonly first: number };

/** The places of all values in a JSON file, and its duplicate keys, of which JSON takes the last. */
export function placesInJson(text: string): Places {
  const twice: Twice[] = [];
  const root = createScan(text, twice).value(0, 0, []).written;
  const lines = createLines(text);
  return {
    locate: (path) => placeOf(lines, root, path),
    faults: twice.map(({ path, at, first }) => ({
      path,
      place: lines.placeOf(at),
      problem: `appears twice. The first is on line ${lines.placeOf(first).line}. Remove one.`,
    })),
  };
}

/**
 * The places of values in a script that are literals in the object that the script exports or passes to
 * `defineApi()` or `defineProject()`. The source is searched when a place is needed.
 */
export function placesInScript(text: string): Places {
  let root: Written | undefined | "unread" = "unread";
  return {
    locate(path) {
      if (root === "unread") root = findExported(text);
      if (root === undefined) return undefined;
      return placeOf(createLines(text), root, path);
    },
    faults: [],
  };
}

/** The exported object literal, else the only one passed to `defineApi()` or a similar function. */
function findExported(text: string): Written | undefined {
  const scan = createScan(text, []);
  const exported = /\b(?:export\s+default\s+|module\.exports\s*=\s*)([A-Za-z_$][\w$]*)\s*(?:;|$)/m;
  const [, name] = exported.exec(scan.masked) ?? [];
  const named =
    name === undefined ? [] : [`\\b${name.replaceAll("$", "\\$")}\\b[^=;(]*=\\s*${DEFINE}?`];
  const starts = [
    `\\bexport\\s+default\\s+${DEFINE}?`,
    "\\bmodule\\.exports\\s*=\\s*",
    ...named,
    DEFINE,
  ];
  for (const start of starts) {
    const [match, ...others] = scan.masked.matchAll(new RegExp(`${start}(?=\\{)`, "g"));
    if (match === undefined) continue;
    const at = match.index + match[0].length;
    return others.length === 0 ? scan.value(at, at, []).written : undefined;
  }
  return undefined;
}

const DEFINE = "(?:\\bdefine(?:Api|Project)\\s*\\(\\s*)";

/** The place of the value at `path`, or of the nearest literal above it. */
function placeOf(lines: Lines, root: Written, path: Path): Place | undefined {
  let found = root;
  for (const key of path) {
    const next = typeof key === "number" ? found.items?.[key] : found.fields?.get(key);
    if (next === undefined) break;
    found = next;
  }
  return found === root ? undefined : lines.placeOf(found.at);
}

const COMMENT = /\/\/[^\n]*|\/\*[\s\S]*?\*\//;
const STRING = /"(?:\\[\s\S]|[^"\\\n])*"|'(?:\\[\s\S]|[^'\\\n])*'|`(?:\\[\s\S]|[^`\\])*`/;
const PATTERN =
  /(?<=(?:[(,=:[!&|?{};>]|\breturn)\s*)\/(?![*/])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])+\/[a-z]*/;
const OPAQUE = new RegExp([COMMENT, STRING, PATTERN].map(({ source }) => source).join("|"), "g");

/** The source with comments, strings and regular expressions blanked, so that remaining brackets are real. */
function mask(text: string): string {
  return text.replaceAll(OPAQUE, (part) =>
    COMMENT.test(part) && !/^["'`]/.test(part)
      ? " ".repeat(part.length)
      : `"${"_".repeat(part.length - 2)}"`,
  );
}

type Scanned = { readonly written: Written; readonly end: number };

/** Scans object and array literals; `twice` collects duplicate keys. */
function createScan(text: string, twice: Twice[]) {
  const masked = mask(text);
  return { masked, value };

  /** The value that begins at `from`, with a key that begins at `at`. */
  function value(from: number, at: number, path: Path): Scanned {
    const start = skipBlanks(from);
    if (masked[start] === "{") return object(start + 1, at, path);
    if (masked[start] === "[") return array(start + 1, at, path);
    return { written: { at }, end: skipExpression(start) };
  }

  function object(from: number, at: number, path: Path): Scanned {
    const fields = new Map<string, Written>();
    let here = skipBlanks(from);
    while (here < masked.length && masked[here] !== "}") {
      const key = keyAt(here);
      const colon = skipBlanks(here + (key?.length ?? 0));
      if (key !== undefined && masked[colon] === ":") {
        const first = fields.get(key.name);
        const below = [...path, key.name];
        if (first !== undefined) twice.push({ path: below, at: here, first: first.at });
        const scanned = value(colon + 1, here, below);
        fields.set(key.name, scanned.written);
        here = skipExpression(scanned.end);
      } else {
        // `...others` or `[name]: …` may override any earlier field
        if (key === undefined) fields.clear();
        else fields.set(key.name, { at: here }); // `name,` or `name() { … }`
        here = skipExpression(here);
      }
      if (masked[here] !== ",") break;
      here = skipBlanks(here + 1);
    }
    return { written: { at, fields }, end: here + 1 };
  }

  function array(from: number, at: number, path: Path): Scanned {
    const items: Written[] = [];
    let isSpread = false; // places after `...others` are not known
    let here = skipBlanks(from);
    while (here < masked.length && masked[here] !== "]") {
      const scanned = value(here, here, [...path, items.length]);
      isSpread ||= masked.startsWith("...", here);
      if (!isSpread) items.push(scanned.written);
      here = skipExpression(scanned.end);
      if (masked[here] !== ",") break;
      here = skipBlanks(here + 1);
    }
    return { written: { at, items }, end: here + 1 };
  }

  function keyAt(at: number): { readonly name: string; readonly length: number } | undefined {
    const [match] = /^(?:"_*"|[\p{L}\p{N}_$]+)/u.exec(masked.slice(at, at + 300)) ?? [];
    if (match === undefined) return undefined;
    const raw = text.slice(at, at + match.length);
    return { name: unquoted(raw), length: match.length };
  }

  function skipBlanks(from: number): number {
    let at = from;
    while (/\s/.test(masked[at] ?? "")) at += 1;
    return at;
  }

  /** The end of an expression: a comma or closing bracket of the surrounding code. */
  function skipExpression(from: number): number {
    let depth = 0;
    for (let at = from; at < masked.length; at += 1) {
      const character = masked[at] ?? "";
      if (depth === 0 && ",}])".includes(character)) return at;
      if ("{[(".includes(character)) depth += 1;
      if ("}])".includes(character)) depth -= 1;
    }
    return masked.length;
  }
}

function unquoted(raw: string): string {
  if (!/^["'`]/.test(raw)) return raw;
  try {
    return String(JSON.parse(raw));
  } catch {
    return raw.slice(1, -1).replaceAll(/\\(.)/g, "$1");
  }
}

type Lines = { placeOf(offset: number): Place };

function createLines(text: string): Lines {
  return {
    placeOf(offset) {
      const before = text.slice(0, offset).split("\n");
      return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
    },
  };
}
