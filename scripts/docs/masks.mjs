// What two runs have in common. Pure.
import { stripVTControlCharacters } from "node:util";

// What differs between two runs, whoever runs them.
const MASKS = [
  [/\d\d:\d\d:\d\d\.\d{3} {2}(\S{5}(?= ))?/g, "TIME  "],
  [/\b\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d\.\d{3}Z)?/g, "DATE"],
  [/\b\d+(\.\d+)? ?(ms|s|kB|MB)\b/g, "AMOUNT"],
  [/\bmillis?econds? \d+/g, "AMOUNT"],
  [/\+\d+ms/g, "+AMOUNT"],
  [/[\w-]{18}==|[\w-]{15}=/g, "CONNECTION"],
  [/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g, "UUID"],
  [/\b[0-9a-f]{40}(-dirty)?\b/g, "BUILD"],
  [/(│ \w+ )[0-9a-f]{8}\b/g, "$1REQUEST"],
  [/\bauthority [0-9a-f]{8}\b/g, "authority NAME"],
  [/\bNode \d+\.\d+\.\d+/g, "Node VERSION"],
  [/\bprocess \d+/g, "process PID"],
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

/** Where these lines end in what was shown, others may stand between; or the line that is not there. */
export function findLines(lines, shown, from = 0) {
  let read = from;
  for (const line of lines.filter((text) => text !== "")) {
    const at = shown.findIndex((each, index) => index >= read && isLike(line, each));
    if (at === -1) return { missing: line };
    read = at + 1;
  }
  return { read };
}

/** The first line of a session that is not as it was written, or undefined; both as lines of text. */
export function firstDifference(written, shown) {
  const [expected, actual] = [written, shown].map((lines) => steady(trimmed(lines)));
  return differenceFrom(
    expected,
    actual.flatMap((line) => masked(line)),
  );
}

/** The difference of the reading that comes furthest: what a `…` skips is tried line by line. */
function differenceFrom(expected, actual) {
  let furthest = { reached: -1, difference: undefined };
  const fits = (from, at) => {
    const miss = (reached, difference) => {
      if (reached > furthest.reached) furthest = { reached, difference };
      return false;
    };
    for (let index = from, read = at; ; index += 1, read += 1) {
      const line = expected[index];
      if (line === undefined) {
        return read >= actual.length || miss(index, `"${actual[read]}" is not in the page`);
      }
      if (line.trim() === "…") return fitsAfterGap(index, read, miss);
      if (read >= actual.length) return miss(index, `"${line}" was not printed`);
      if (!isLike(line, actual[read])) {
        return miss(index, `in place of "${line}" it was "${actual[read]}"`);
      }
    }
  };
  const fitsAfterGap = (gap, at, miss) => {
    const next = expected[gap + 1];
    if (next === undefined) return true;
    for (let start = at; start < actual.length; start += 1) {
      if (isLike(next, actual[start]) && fits(gap + 1, start)) return true;
    }
    return miss(gap + 1, `after "…" there was nothing like "${next}"`);
  };
  return fits(0, 0) ? undefined : furthest.difference;
}

/** Whether a line of a page says what was shown; `…` in it stands for whatever is there. */
function isLike(written, shown) {
  const [expected] = masked(written);
  const [actual] = masked(shown);
  if (expected === actual) return true;
  const parts = expected.split("…");
  if (parts.length === 1 || expected.trim() === "…") return false;
  const pattern = parts.map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&")).join(".*");
  return new RegExp(`^${pattern}$`).test(actual);
}

function trimmed(lines) {
  const from = lines.findIndex((line) => line.trim() !== "");
  const to = lines.findLastIndex((line) => line.trim() !== "");
  return from === -1 ? [] : lines.slice(from, to + 1);
}

const FRAME = /^(\w+ )?< /;

/** Frames that arrive together have no order of their own. */
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
