import { outputLines } from "./control-characters.ts";
import type { Io } from "./io.ts";
import { print, printFitted, written } from "./output.ts";

/** Prints an error that the user can fix, with advice; false if `error` is of another kind. */
export async function reportMistake(
  error: unknown,
  io: Io,
  color: boolean | undefined,
): Promise<boolean> {
  // By its shape: loading the class would load all of wsgw for a misspelt option.
  if (!isWsgwError(error)) return false;
  const { coloursFor } = await import("./colours.ts");
  const paint = coloursFor(io.stderr, io, color);
  const [first = "", ...rest] = outputLines(error.message, false);
  const lines = [`${paint.red("✗")} ${first}`, ...rest.map(indented)];
  const hint = outputLines(error.hint, false).map((line) => paint.dim(indented(line)));
  printFitted(io.stderr, [...lines, ...hint].join("\n"));
  return true;
}

/**
 * Reports that standard output is incomplete, and why; false if it is complete. Otherwise a user who
 * redirected it to a file would assume that it is complete.
 */
export async function reportLoss(loss: Error | undefined, io: Io): Promise<boolean> {
  if (loss === undefined) return false;
  const { whyNotWritten } = await io.app();
  const message = `Standard output could not be written: ${whyNotWritten(loss)}. The output is incomplete.`;
  const hint = "Free some space there, or write it elsewhere.";
  await reportMistake({ name: "WsgwError", message, hint }, io, undefined);
  await written(io.stderr);
  return true;
}

/** Prints a bug of wsgw. */
export function reportBug(error: unknown, io: Io): void {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  print(io.stderr, `${text}\n\nThis is a bug in wsgw. Please report it with the lines above.`);
}

function isWsgwError(error: unknown): error is { message: string; hint: string } {
  return (
    typeof error === "object" &&
    error !== null &&
    "name" in error &&
    error.name === "WsgwError" &&
    "message" in error &&
    typeof error.message === "string" &&
    "hint" in error &&
    typeof error.hint === "string"
  );
}

function indented(line: string): string {
  return line === "" ? "" : `  ${line}`;
}
