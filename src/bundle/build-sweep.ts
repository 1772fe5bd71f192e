import { readdirSync, rmdirSync, rmSync, statSync, utimesSync } from "node:fs";
import { dirname, join } from "node:path";

const DAY_MS = 86_400_000;

/** Marks files as used, so that a sweep keeps them for a day. */
export function markUsed(files: Iterable<string>): void {
  const now = new Date();
  for (const file of files) {
    try {
      utimesSync(file, now, now);
    } catch {
      // a sweep cannot delete another user's file either
    }
  }
}

/**
 * Deletes files below `directory` that have been unused for a day: names contain a hash, so that a change
 * creates a new file and leaves the old one.
 */
export function sweepUnused(directory: string): void {
  for (const entry of listed(directory)) {
    const file = join(entry.parentPath, entry.name);
    const mtimeMs = entry.isFile() && statSync(file, { throwIfNoEntry: false })?.mtimeMs;
    if (!mtimeMs || Date.now() - mtimeMs < DAY_MS) continue;
    rmSync(file, { force: true });
    removeEmpty(dirname(file), directory);
  }
}

function listed(directory: string) {
  try {
    return readdirSync(directory, { recursive: true, withFileTypes: true });
  } catch {
    return []; // it does not exist yet, or another sweep is changing it
  }
}

function removeEmpty(directory: string, top: string): void {
  if (directory === top) return;
  try {
    rmdirSync(directory);
  } catch {
    return; // it is not empty
  }
  removeEmpty(dirname(directory), top);
}
