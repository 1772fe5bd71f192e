import type { Writable } from "node:stream";
import { harmless } from "./control-characters.ts";
import type { Screen } from "./io.ts";
import { fitted } from "./wrap.ts";

/** Prints a line. Control characters in it are made visible. */
export function print(screen: Writable, text: string): void {
  screen.write(`${harmless(text)}\n`);
}

/** Prints sentences and tables: wrapped to the width of a terminal, unwrapped for a program. */
export function printFitted(screen: Screen, text: string): void {
  print(screen, fitted(text, columnsOf(screen)));
}

/** The width of a terminal; undefined for a file or a pipe, whose lines are not wrapped. */
export function columnsOf({ isTTY, columns }: Screen): number | undefined {
  return isTTY === true ? columns || undefined : undefined;
}

/** Resolves when everything written to a stream so far has left the process, or no longer can. */
export function written(stream: Writable): Promise<void> {
  if (stream.destroyed || stream.writableEnded) return Promise.resolve();
  return new Promise((resolve) => {
    stream.once("error", () => resolve());
    stream.once("close", resolve);
    stream.write("", () => resolve());
  });
}

/**
 * Watches for an error that prevents writes to a stream, such as a full disk. A closed reader, as with `|
 * head` or a closed terminal, does not count.
 */
export function watchLoss(stream: Writable): () => Error | undefined {
  let first: NodeJS.ErrnoException | undefined;
  stream.on("error", (error) => {
    first ??= error;
  });
  return () => (READER_LEFT.has(first?.code ?? "") ? undefined : first);
}

const READER_LEFT: ReadonlySet<string> = new Set(["EPIPE", "EIO"]);
