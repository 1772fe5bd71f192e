import { readFile } from "node:fs/promises";
import type { Library } from "../library.ts";

/** The text of a file that the command line names. Throws USAGE. */
export async function readText(file: string, library: Library, path = file): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    const message = `Cannot read ${file}: ${library.whyNotRead(cause)}.`;
    throw new library.WsgwError("USAGE", message, { cause });
  }
}
