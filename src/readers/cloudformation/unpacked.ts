import { createHash } from "node:crypto";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, sep } from "node:path";
import { unzipSync } from "fflate";
import { whyNotWritten } from "../../errors/in-words.ts";
import { WsgwError } from "../../errors.ts";

/**
 * Lambda's maximum size, unzipped: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
const MOST_BYTES = 250 * 1024 * 1024;

/**
 * The contents of a zip file as a directory below `directory`, unpacked once for each version of the file.
 * Throws an Error that says what is wrong if it is not a zip file, is too large, or contains paths outside.
 */
export function unpackedZip(file: string, directory: string): string {
  const { mtimeMs, size } = statSync(file);
  return kept(directory, `${file} ${mtimeMs} ${size}`, (to) => {
    let bytes = 0;
    const entries = unzipSync(readFileSync(file), {
      filter({ originalSize }) {
        bytes += originalSize;
        if (bytes > MOST_BYTES) throw new Error("it contains more than 250 MB");
        return true;
      },
    });
    for (const [name, content] of Object.entries(entries)) {
      const path = join(to, name);
      if (!path.startsWith(to + sep)) throw new Error(`its entry ${name} points outside of it`);
      if (name.endsWith("/")) mkdirSync(path, { recursive: true });
      else writeCode(path, content);
    }
  });
}

/** Inline code of a template as a directory, with the file name that Lambda uses. */
export function unpackedText(text: string, fileName: string, directory: string): string {
  return kept(directory, `${fileName}\n${text}`, (to) => writeCode(join(to, fileName), text));
}

/** A separate directory for each seed; it exists completely or not at all. Throws PROJECT_UNWRITABLE. */
function kept(directory: string, seed: string, fill: (to: string) => void): string {
  const at = join(directory, createHash("sha256").update(seed).digest("hex").slice(0, 16));
  if (existsSync(at)) return at;
  const next = `${at}.${process.pid}`;
  makeDirectory(next);
  try {
    fill(next);
    renameSync(next, at);
  } catch (error) {
    if (!existsSync(at)) throw error; // another process was faster
  } finally {
    rmSync(next, { recursive: true, force: true });
  }
  return at;
}

function makeDirectory(directory: string): void {
  try {
    mkdirSync(directory, { recursive: true });
  } catch (cause) {
    const message = `${directory} cannot be written: ${whyNotWritten(cause, directory)}.`;
    throw new WsgwError("PROJECT_UNWRITABLE", message, { cause });
  }
}

function writeCode(path: string, content: string | Uint8Array): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  if (path.endsWith(`${sep}bootstrap`)) chmodSync(path, 0o755);
}
