// The common parts of two runs. Pure.
import { stripVTControlCharacters } from "node:util";

// What differs between two runs on any machine.
const MASKS = [
  [/\d\d:\d\d:\d\d\.\d{3} {2}(\S{5}(?= )|#\d+ +)?/g, "TIME  "],
  [/\b\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d\.\d{3}Z)?/g, "DATE"],
  [/\b(\d+ min )?\d+(\.\d+)? ?(ms|s|kB|MB)\b/g, "AMOUNT"],
  [/\bmillis?econds? \d+/g, "AMOUNT"],
  [/\+\d+ms/g, "+AMOUNT"],
  [/[\w-]{18}==|[\w-]{15}=/g, "CONNECTION"],
  [/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g, "UUID"],
  [/\b[0-9a-f]{40}(-dirty)?\b/g, "BUILD"],
  [/(│ \w+ )[0-9a-f]{8}\b/g, "$1REQUEST"],
  [/\bauthority [0-9a-f]{8}\b/g, "authority NAME"],
  [/\bNode \d+\.\d+\.\d+/g, "Node VERSION"],
  [/(\bprocess |"pid":)\d+/g, "$1PID"],
  [/\b127\.0\.0\.1:(?!3001)\d+/g, "127.0.0.1:PORT"],
  [/\bchange set wsgw-[\w-]+/gi, "change set NAME"],
  [/\/\/[a-z0-9]{8,10}\.execute-api/g, "//API.execute-api"],
  [/ {2,}/g, "  "],
];

/** The lines of a text without what differs between two runs. */
export function masked(text) {
  return stripVTControlCharacters(text)
    .split(/\r*\n/)
    .map((line) =>
      MASKS.reduce((shown, [pattern, word]) => shown.replace(pattern, word), line).trimEnd(),
    );
}

/** The end of these lines in the output, which may have others between them; or the line that is missing. */
export function findLines(lines, shown, from = 0) {
  let read = from;
  for (const line of lines.filter((text) => text !== "")) {
    const at = shown.findIndex((each, index) => index >= read && isLike(line, each));
    if (at === -1) return { missing: line };
    read = at + 1;
  }
  return { read };
}

/** The first line of a session that differs from the page, or undefined; both as lines of text. */
export function firstDifference(written, shown) {
  const [expected, actual] = [written, shown].map((lines) =>
    steady(trimmed(lines)).flatMap((line) => masked(line)),
  );
  const text = actual.map((line) => `${line}\n`).join("");
  if (patternOf(expected, "$").test(text)) return undefined;
  // The alternative that matches the most lines.
  let reached = expected.length;
  while (!patternOf(expected.slice(0, reached)).test(text)) reached -= 1;
  const [read] = patternOf(expected.slice(0, reached)).exec(text);
  const found = actual[read.split("\n").length - 1];
  const awaited = expected[reached];
  if (awaited === undefined) return `"${found}" is not in the page`;
  if (found === undefined) return `"${awaited}" was not printed`;
  if (isGap(expected[reached - 1])) return `after "…" there was nothing like "${awaited}"`;
  return `in place of "${awaited}" it was "${found}"`;
}

const isGap = (line) => line?.trim() === "…";

/**
 * The pattern of a page's masked lines: `…` is any text in a line, and any number of lines if it is alone.
 */
function patternOf(lines, end = "") {
  const parts = lines.map((line) =>
    isGap(line)
      ? "(?:.*\n)*?"
      : `${line.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&").replaceAll("…", ".*")}\n`,
  );
  return new RegExp(`^${parts.join("")}${end}`);
}

/** Whether a line of a page matches the output. */
function isLike(written, shown) {
  return !isGap(written) && patternOf(masked(written), "$").test(`${masked(shown)[0]}\n`);
}

function trimmed(lines) {
  const from = lines.findIndex((line) => line.trim() !== "");
  const to = lines.findLastIndex((line) => line.trim() !== "");
  return from === -1 ? [] : lines.slice(from, to + 1);
}

const FRAME = /^(\w+ )?< /;

/** Frames that arrive together have no defined order. */
function steady(lines) {
  const ordered = [];
  let frames = [];
  for (const line of lines) {
    if (FRAME.test(line)) frames.push(line);
    else {
      ordered.push(...frames.sort(), line);
      frames = [];
    }
  }
  return [...ordered, ...frames.sort()];
}
