import { readdirSync, rmdirSync, rmSync, statSync, utimesSync } from "node:fs";
import { dirname, join } from "node:path";

const DAY_MS = 86_400_000;

/** Tells that files are in use, so that a sweep leaves them alone for a day. */
export function markUsed(files: Iterable<string>): void {
  const now = new Date();
  for (const file of files) {
    try {
      utimesSync(file, now, now);
    } catch {
      // a file that somebody else owns is not ours to sweep either
    }
  }
}

/**
 * Deletes files below `folder` that nobody has used for a day: names carry a hash of the contents, so a
 * change makes a new file and leaves the old one.
 */
export function sweepUnused(folder: string, now = Date.now()): void {
  for (const entry of listed(folder)) {
    const file = join(entry.parentPath, entry.name);
    const mtimeMs = entry.isFile() && statSync(file, { throwIfNoEntry: false })?.mtimeMs;
    if (!mtimeMs || now - mtimeMs < DAY_MS) continue;
    rmSync(file, { force: true });
    removeEmpty(dirname(file), folder);
  }
}

function listed(folder: string) {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true });
  } catch {
    return []; // not there yet, or changing under another sweep
  }
}

function removeEmpty(folder: string, top: string): void {
  if (folder === top) return;
  try {
    rmdirSync(folder);
  } catch {
    return; // it holds more
  }
  removeEmpty(dirname(folder), top);
}
