import { readFile } from "node:fs/promises";
import { WsgwError, whyNotRead } from "../../src/app.ts";

/** The text of a file that the command line names. Throws USAGE. */
export async function readText(file: string, path = file): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    const message = `Cannot read ${file}: ${whyNotRead(cause)}.`;
    throw new WsgwError("USAGE", message, { cause });
  }
}
