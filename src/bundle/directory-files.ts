import { fstatSync, readdirSync, readFileSync, type Stats, statSync } from "node:fs";
import { dirname, join } from "node:path";

/** Directories with installed or generated files, not the author's. */
const SKIPPED = new Set(["node_modules", "__pycache__", "site-packages", "venv"]);

/** Python's bytecode, and logs of programs. */
const NOT_WRITTEN = /\.(?:pyc|log)$/;

/**
 * Every file below a directory that its author may change. Excludes hidden, installed and compiled files,
 * logs, this process's own output, and the directories in `without`.
 */
export function filesBelow(directory: string, without: readonly string[] = []): readonly string[] {
  const files: string[] = [];
  const isOutput = ownOutput();
  const visit = (at: string): void => {
    for (const entry of entriesOf(at)) {
      const path = join(at, entry.name);
      if (entry.name.startsWith(".") || SKIPPED.has(entry.name) || without.includes(path)) continue;
      if (entry.isDirectory()) visit(path);
      else if (!NOT_WRITTEN.test(entry.name) && !isOutput(path)) files.push(path);
    }
  };
  visit(directory);
  return files;
}

/** Whether this process prints to a file: watching `wsgw dev > out.txt` would restart code endlessly. */
function ownOutput(): (path: string) => boolean {
  const outputs = [1, 2].flatMap((descriptor) => {
    const stats = outputOf(descriptor);
    return stats?.isFile() === true ? [stats] : [];
  });
  if (outputs.length === 0) return () => false;
  return (path) => {
    const stats = statSync(path, { throwIfNoEntry: false });
    return outputs.some(({ dev, ino }) => dev === stats?.dev && ino === stats.ino);
  };
}

function outputOf(descriptor: number): Stats | undefined {
  try {
    return fstatSync(descriptor);
  } catch {
    return undefined; // it is closed
  }
}

function entriesOf(directory: string) {
  try {
    return readdirSync(directory, { withFileTypes: true });
  } catch {
    return []; // deleted in the meantime, or not readable
  }
}

/** The names in a directory; none if it is missing or not readable. */
export function namesIn(directory: string): readonly string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

/** The value of a JSON file; undefined if it is missing, not readable or not JSON. */
export function jsonIn(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}

/** A directory and its parents, nearest first. */
export function directoriesUp(directory: string): readonly string[] {
  const above = dirname(directory);
  return above === directory ? [directory] : [directory, ...directoriesUp(above)];
}

export function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}

export function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

/** The files that have changed since a time in ms. */
export function newerThan(files: readonly string[], time: number): readonly string[] {
  return files.filter((file) => (statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0) > time);
}
