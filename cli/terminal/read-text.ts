import { readFile } from "node:fs/promises";
import { buffer } from "node:stream/consumers";
import { WsgwError, whyNotRead } from "../../src/app.ts";
import type { Io } from "./io.ts";

/** The contents of a file from the command line. Throws USAGE. */
export async function readText(file: string, path = file): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    const message = `Cannot read ${file}: ${whyNotRead(cause)}.`;
    throw new WsgwError("USAGE", message, { cause });
  }
}

/** All of standard input. */
export async function stdinText({ stdin }: Io): Promise<string> {
  return (await buffer(stdin)).toString("utf8");
}
