import { readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import { join } from "node:path";
import { whyNotRead } from "../../errors/in-words.ts";
import { WsgwError } from "../../errors.ts";

/** A file for a zip. */
export type PackageFile = {
  /** With `/`, relative to `/var/task`. */
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  readonly executable: boolean;
  read(): Uint8Array;
};

export function fileOnDisk(path: string, file: string): PackageFile {
  const { size, mode } = statSync(file);
  return { path, size, executable: (mode & 0o111) !== 0, read: () => readWhole(file) };
}

function readWhole(file: string): Uint8Array {
  try {
    return readFileSync(file);
  } catch (cause) {
    const message = `${file} must be deployed, but cannot be read: ${whyNotRead(cause, file)}.`;
    throw new WsgwError("PACKAGE_INVALID", message, { cause });
  }
}

export function fileOf(path: string, contents: string | Uint8Array): PackageFile {
  const bytes = typeof contents === "string" ? new TextEncoder().encode(contents) : contents;
  return { path, size: bytes.length, executable: false, read: () => bytes };
}

/**
 * Every file below a directory, relative to it, sorted. Symbolic links are followed, because Lambda does not
 * support them in a zip. `skip` is called for the path of each file and directory.
 */
export function walk(directory: string, skip: (path: string) => boolean): readonly string[] {
  const found: string[] = [];
  const visit = (below: string, above: readonly string[]): void => {
    const at = join(directory, below);
    const real = realpathSync(at);
    if (above.includes(real)) return; // a link to one of its parent directories
    for (const name of readdirSync(at)) {
      const path = below === "" ? name : `${below}/${name}`;
      if (skip(path)) continue;
      const is = statSync(join(directory, path), { throwIfNoEntry: false });
      if (is?.isDirectory()) visit(path, [...above, real]);
      else if (is?.isFile()) found.push(path);
    }
  };
  visit("", []);
  return found.sort(byCodeUnit);
}

/** An order that does not depend on the machine's locale. */
export function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
