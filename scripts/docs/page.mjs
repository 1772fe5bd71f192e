// How pages are written, for those that run them.
//
//   ```sh             each line in turn; it must succeed. `cd` stays for what follows.
//   ```sh fails       the same, but it must fail.
//   ```sh NAME        in a terminal called NAME, which stays open.
//   ```text           what the last ```sh printed: these lines, in this order, others may stand between.
//   ```text NAME      the same for a terminal. Lines that begin with `> ` are typed; `^C` is Ctrl-C.
//   ```console        a session: what stands below a line `$ …` is all that it prints. `…` is whatever comes there.
//                     What follows a prompt (`> `, `ann> `, `Name: [chat] `) is typed.
//   ```json NAME      a line of JSON that the terminal NAME has printed, laid out over several lines.
//   ```diff FILE      lines of a file that are replaced; they must be there once.
//   ```ts FILE        a whole file (any language); its name has a dot.
//   ```ts, js, json   without a name: a definition of an API, or fields of one. It is type-checked, checked as a
//                     definition, and served: each route must get through to its function.
//
// What readers need not see stands in comments: a fence as `<!-- sh` … `-->`, and
//
//   <!-- in: NAME -->      what follows happens in a project of its own: fixtures/docs/NAME, a folder of this
//                          repository, a new `chat`, `empty`; `.` is the home folder, where those are that were made before.
//   <!-- port: 3001 -->    this port itself; elsewhere a free one stands for 3001.
//   <!-- ts: HOW -->       what fences in TypeScript without a name are from here on: `definition` (the default),
//                          `part of a test`, or `in FOLDER` (each stands in a test file there, which CI runs).
import { readdirSync } from "node:fs";
import { NOT_RUN } from "./not-run.mjs";

const ROOT = new URL("../../", import.meta.url);

/** All pages that are run. docs/errors.md is made by a script, with its one session. */
export const PAGES = [
  "docs/guide.md",
  "README.md",
  ...readdirSync(new URL("docs/", ROOT))
    .filter((name) => name.endsWith(".md") && name !== "guide.md")
    .map((name) => `docs/${name}`),
  "bench/README.md",
  "examples/README.md",
  "CONTRIBUTING.md",
];

const DIRECTIVE = /^<!-- (in|port|ts): (.+) -->$/;
const HIDDEN = /^<!-- ((?:sh|text|diff|json|[a-z]+ \S+\.\S+)(?: \S+)?)$/;

/**
 * @typedef {{ line: number, lines: string[], info?: string, end?: string, directive?: string, value?: string }} Block
 */

/**
 * The blocks of a page: the words after the backticks, the number of that line, and the lines inside.
 * @param {string} text
 * @returns {Block[]}
 */
export function blocksOf(text) {
  const blocks = [];
  let open;
  for (const [index, line] of text.split("\n").entries()) {
    const place = { line: index + 1, lines: [] };
    if (open !== undefined) {
      if (line !== open.end) open.lines.push(line);
      else {
        blocks.push(open);
        open = undefined;
      }
      continue;
    }
    const [, directive, value] = DIRECTIVE.exec(line) ?? [];
    const hidden = HIDDEN.exec(line)?.[1];
    if (directive !== undefined) blocks.push({ ...place, directive, value });
    else if (hidden !== undefined) open = { ...place, info: hidden, end: "-->" };
    else if (line.startsWith("```")) open = { ...place, info: line.slice(3).trim(), end: "```" };
    else if (/^\s*(```|~~~)/.test(line))
      throw new Error(
        `line ${index + 1}: only fences of \`\`\` at the beginning of a line are run`,
      );
  }
  if (open !== undefined) throw new Error(`line ${open.line}: the block has no end`);
  return blocks;
}

const FILE = /^[^/].*\.[^/]+$/;
const NAME = /^[a-z]+$/;

/**
 * What is done with a block; undefined when nobody would.
 * @param {string} page
 * @param {Block} block
 */
export function kindOf(page, { directive, info = "", lines }) {
  if (directive !== undefined) return directive;
  if (reasonNotToRun(page, lines) !== undefined) return "not run";
  const [language = "", word, ...more] = info.split(" ");
  if (more.length > 0) return undefined;
  if (word !== undefined && language === "diff" && FILE.test(word)) return "diff";
  if (word !== undefined && language !== "" && FILE.test(word)) return "file";
  if (word !== undefined && !NAME.test(word)) return undefined;
  switch (language) {
    case "sh":
      return word === undefined || word === "fails" ? "commands" : "terminal";
    case "text":
      return word === undefined ? "printed" : "conversation";
    case "console":
      return word === undefined && lines[0]?.startsWith("$ ") ? "session" : undefined;
    case "json":
      if (word !== undefined) return "fact";
      return lines.some((line) => line.includes("routeSelectionExpression")) ? "code" : undefined;
    case "ts":
    case "js":
      return word === undefined ? "code" : undefined;
    default:
      return undefined;
  }
}

export function reasonNotToRun(page, lines) {
  return NOT_RUN.find((each) => each.page === page && each.begins === lines[0])?.why;
}
