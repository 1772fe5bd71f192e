import { createHash, randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { basename, dirname, join, parse } from "node:path";
import { whyNotWritten } from "../errors/in-words.ts";
import { WsgwError } from "../errors.ts";

/**
 * Writes a built file and its map, and returns its path. With `byContent` the name contains a hash, so that a
 * file with this name never changes.
 */
export function writeOutput(path: string, text: string, map: string, byContent: boolean): string {
  const file = byContent ? withHash(path, text) : path;
  writeIfChanged(file, text.replace(`${basename(path)}.map`, `${basename(file)}.map`));
  writeIfChanged(`${file}.map`, map);
  return file;
}

/** Writes files atomically: another process or thread may be reading them. Throws PROJECT_UNWRITABLE. */
export function writeWhole(file: string, text: string): void {
  const aside = `${file}.${randomBytes(6).toString("hex")}`;
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(aside, text);
    renameSync(aside, file);
  } catch (cause) {
    const message = `${file} cannot be written: ${whyNotWritten(cause, file)}.`;
    throw new WsgwError("PROJECT_UNWRITABLE", message, { cause });
  }
}

function writeIfChanged(file: string, text: string): void {
  if (existsSync(file) && readFileSync(file, "utf8") === text) return;
  writeWhole(file, text);
}

function withHash(path: string, text: string): string {
  const { dir, name, ext } = parse(path);
  const hash = createHash("sha256").update(text).digest("hex").slice(0, 16);
  return join(dir, `${name}.${hash}${ext}`);
}
