import { fstatSync, readdirSync, type Stats, statSync } from "node:fs";
import { dirname, join } from "node:path";

/** Folders that hold what was installed or made and not what its author writes. */
const SKIPPED = new Set(["node_modules", "__pycache__", "site-packages", "venv"]);

/** What Python compiles, and what programs print. */
const NOT_WRITTEN = /\.(?:pyc|log)$/;

/**
 * Every file below a folder that its author may change: what is hidden, installed, compiled by Python, a log or what this
 * process prints into is left out, and so are the folders in `without`.
 */
export function filesBelow(folder: string, without: readonly string[] = []): readonly string[] {
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
  visit(folder);
  return files;
}

/** Whether a file is where this process prints: following `wsgw dev > out.txt` would restart code for ever. */
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

function entriesOf(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return []; // gone meanwhile, or not for us to read
  }
}

/** A folder and those above it, the nearest first. */
export function foldersUp(folder: string): readonly string[] {
  const above = dirname(folder);
  return above === folder ? [folder] : [folder, ...foldersUp(above)];
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
