import { readFileSync } from "node:fs";
import { whyNotRead } from "../errors/in-words.ts";
import { type ErrorCode, WsgwError } from "../errors.ts";

/** The contents of a file, byte order mark included. Throws a WsgwError with `code` if it cannot be read. */
export function readTextFile(file: string, code: ErrorCode): string {
  try {
    return readFileSync(file, "utf8");
  } catch (cause) {
    throw new WsgwError(code, `${file} cannot be read: ${whyNotRead(cause, file)}.`, { cause });
  }
}
