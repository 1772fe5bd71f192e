import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";

/** Folders that hold what was installed or made and not what its author writes. */
const SKIPPED = new Set(["node_modules", "__pycache__", "site-packages", "venv"]);

/** What Python compiles, and what programs print: following `wsgw dev > dev.log` would restart code for ever. */
const NOT_WRITTEN = /\.(?:pyc|log)$/;

/**
 * Every file below a folder that its author may change: what is hidden, installed, compiled by Python or a log is left
 * out, and so are the folders in `without`.
 */
export function filesBelow(folder: string, without: readonly string[] = []): readonly string[] {
  const files: string[] = [];
  const visit = (at: string): void => {
    for (const entry of entriesOf(at)) {
      const path = join(at, entry.name);
      if (entry.name.startsWith(".") || SKIPPED.has(entry.name) || without.includes(path)) continue;
      if (entry.isDirectory()) visit(path);
      else if (!NOT_WRITTEN.test(entry.name)) files.push(path);
    }
  };
  visit(folder);
  return files;
}

function entriesOf(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return []; // gone meanwhile, or not for us to read
  }
}

export function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}

export function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

/** The files that have changed since a time in ms. */
export function newerThan(files: readonly string[], time: number): readonly string[] {
  return files.filter((file) => (statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0) > time);
}
