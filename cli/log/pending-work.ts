import type { PendingKind, PendingWork } from "../../src/app.ts";

/** Maximum number of items that are named per kind. */
const NAMED = 3;

const WORDS: Readonly<Record<PendingKind, readonly [one: string, many: string]>> = {
  request: ["request", "requests"],
  connection: ["connection being made", "connections being made"],
  lookup: ["look-up of a host", "look-ups of hosts"],
  timer: ["timer", "timers"],
  file: ["file operation", "file operations"],
  process: ["child process", "child processes"],
  thread: ["worker thread", "worker threads"],
};

/** `2 requests (POST https://…, GET https://…), 1 timer`. */
export function workInWords(work: readonly PendingWork[]): string {
  return work
    .map(({ kind, count, details }) => {
      const what = `${count} ${WORDS[kind][count === 1 ? 0 : 1]}`;
      const known = details.filter((detail) => detail !== "");
      if (known.length === 0) return what;
      const named = known.slice(0, NAMED).join(", ");
      return `${what} (${named}${known.length > NAMED ? ", …" : ""})`;
    })
    .join(", ");
}
