import { createHash } from "node:crypto";
import { byCodeUnit, type PackageFile } from "./files.ts";

/**
 * Unix modes of the entries; Lambda runs code as a user that owns none of it, so files are readable for all.
 */
const MODES = { plain: 0o100644, executable: 0o100755 } as const;
const MADE_ON_UNIX = 3;
/** Level 9 takes three times as long and saves two percent. */
const LEVEL = 6;

/**
 * Creates deterministic zips: the same contents give the same bytes at any time, on any machine and for any
 * user. Entries are in order of their paths, with one time and two modes.
 */
async function zipFiles(files: readonly PackageFile[]): Promise<Uint8Array> {
  const { zipSync } = await import("fflate");
  // Zip times have no zone: fflate writes local time, so a fixed local time gives the same bytes.
  const mtime = new Date(1980, 0, 1, 12);
  const sorted = [...files].sort((a, b) => byCodeUnit(a.path, b.path));
  const entries = sorted.map(({ path, executable, read }) => {
    const attrs = ((executable ? MODES.executable : MODES.plain) << 16) >>> 0;
    return [path, [read(), { mtime, os: MADE_ON_UNIX, attrs, level: LEVEL }]] as const;
  });
  return zipSync(Object.fromEntries(entries) as Parameters<typeof zipSync>[0]);
}

/** Zips like `zipFiles`, but equal files only once: functions often share their code. */
export function createZipper(): (files: readonly PackageFile[]) => Promise<Uint8Array> {
  const made = new Map<string, Promise<Uint8Array>>();
  return (files) => {
    const key = contentsHash(files);
    const zip = made.get(key) ?? zipFiles(files);
    made.set(key, zip);
    return zip;
  };
}

/** Equal for equal paths and contents. */
export function contentsHash(files: readonly PackageFile[]): string {
  const hash = createHash("sha256");
  for (const { path, size, executable, read } of files) {
    hash.update(`${path}\n${size} ${executable}\n`).update(read());
  }
  return hash.digest("hex");
}
