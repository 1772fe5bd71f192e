import { readFileSync } from "node:fs";
import { whyNotRead } from "../errors/in-words.ts";
import { type ErrorCode, WsgwError } from "../errors.ts";

/** The contents of a file without a byte order mark. Throws a WsgwError with `code` if it cannot be read. */
export function readTextFile(file: string, code: ErrorCode): string {
  try {
    return readFileSync(file, "utf8").replace(/^\uFEFF/, "");
  } catch (cause) {
    throw new WsgwError(code, `${file} cannot be read: ${whyNotRead(cause, file)}.`, { cause });
  }
}
