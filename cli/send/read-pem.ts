import { readFile } from "node:fs/promises";
import type { Library } from "../library.ts";

/** The text of a PEM file that the command line names. */
export async function readPem(file: string, { WsgwError }: Library): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    const why = error instanceof Error && "code" in error ? ` (${error.code})` : "";
    throw new WsgwError("USAGE", `Cannot read ${file}${why}.`, { cause: error });
  }
}
