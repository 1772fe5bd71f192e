import { createInterface } from "node:readline";
import type { Io } from "../terminal/io.ts";
import { readText } from "../terminal/read-text.ts";
import type { Action } from "./action-types.ts";
import { readLine } from "./read-line.ts";

/** One step of a script, with the number of its last line. */
export type Step = { readonly line: number; readonly action: Action };

/** Parses the lines of a script like the prompt; skips those that begin with `#`. */
export async function* readScript(
  lines: AsyncIterable<string> | Iterable<string>,
): AsyncGenerator<Step> {
  let pending = "";
  let line = 0;
  for await (const text of lines) {
    line += 1;
    if (pending === "" && text.trimStart().startsWith("#")) continue;
    const action = readLine(text, pending);
    pending = action.kind === "continue" ? action.pending : "";
    if (action.kind !== "continue" && action.kind !== "nothing") yield { line, action };
  }
  if (pending !== "") yield { line, action: readLine("", pending) };
}

/** The lines of a file, or with `-` of standard input. Throws USAGE if it cannot be read. */
export async function scriptLines(
  file: string,
  io: Io,
): Promise<AsyncIterable<string> | readonly string[]> {
  if (file === "-")
    return createInterface({ input: io.stdin, crlfDelay: Number.POSITIVE_INFINITY });
  return (await readText(file)).split(/\r?\n/);
}
