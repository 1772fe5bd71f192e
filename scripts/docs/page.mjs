// The syntax of the pages, for the scripts that run them; CONTRIBUTING.md has the rules for writers.
import { readdirSync } from "node:fs";

/** All pages that are run, the guide first. docs/errors.md is generated, with its one session. */
export const PAGES = [
  ...new Set([
    "docs/guide.md",
    "README.md",
    ...readdirSync(new URL("../../docs/", import.meta.url), { recursive: true })
      .filter((name) => name.endsWith(".md"))
      .map((name) => `docs/${name.replaceAll("\\", "/")}`),
    "bench/README.md",
    "examples/README.md",
    "CONTRIBUTING.md",
  ]),
];

const NOTE = /^<!--(?: (fails|(in|port|terminal|file|not run): (.+?)))?( -->)?$/;

/**
 * @typedef {{ line: number, kind: string | undefined, value?: string, language?: string, lines: string[] }} Block
 */

/**
 * The notes and fences of a page, each with its handling; `kind` is undefined if that is unknown.
 * @param {string} text
 * @returns {Block[]}
 */
export function blocksOf(text) {
  const blocks = [];
  let note = {};
  let open;
  for (const [index, line] of text.split("\n").entries()) {
    const place = { line: index + 1, lines: [] };
    if (open !== undefined) {
      if (line !== "```") open.lines.push(line);
      else {
        blocks.push(open);
        open = undefined;
      }
      continue;
    }
    const [, words, name = words, value] = NOTE.exec(line) ?? [];
    if (name === "in" || name === "port") blocks.push({ ...place, kind: name, value });
    if (line.startsWith("```")) {
      const language = line.slice(3);
      open = { ...place, language, kind: kindOf(language, note.name), value: note.value };
    } else if (/^\s*(```|~~~)/.test(line)) {
      throw new Error(
        `line ${place.line}: only fences of \`\`\` at the beginning of a line are run`,
      );
    } else if (note.name !== undefined) {
      throw new Error(`line ${place.line}: a fence has to follow the note "${note.name}"`);
    }
    note = name === "in" || name === "port" ? {} : { name, value };
  }
  if (open !== undefined) throw new Error(`line ${open.line}: the block has no end`);
  return blocks;
}

const KINDS = {
  sh: "commands",
  text: "printed",
  console: "session",
  ts: "code",
  js: "code",
  json: "code",
};

function kindOf(language, note) {
  if (!/^[a-z]+$/.test(language)) return undefined;
  if (note === "terminal" && language !== "sh")
    return language === "json" ? "fact" : "conversation";
  if (note === "file" && language === "diff") return "diff";
  return note ?? KINDS[language];
}
