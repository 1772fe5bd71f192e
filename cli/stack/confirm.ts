import { createInterface } from "node:readline/promises";
import type { Question } from "../../src/app.ts";
import { coloursFor } from "../terminal/colours.ts";
import type { Io } from "../terminal/io.ts";
import type { AwsRunOptions } from "./options.ts";
import { askText } from "./questions.ts";

type Screen = {
  note(text: string): void;
  /** Stops drawing until the returned function is called. */
  hold(): () => void;
};

/** Asks at a terminal; elsewhere only `--yes` means yes. */
export async function confirm(
  question: Question,
  { yes, json, color }: AwsRunOptions,
  io: Io,
  screen: Screen,
  signal: AbortSignal,
): Promise<boolean> {
  const paint = coloursFor(io.stderr, io, color);
  if (yes) {
    for (const line of [...askText(question), "Yes, by --yes."]) screen.note(line);
    return true;
  }
  if (json || io.stdin.isTTY !== true || io.stdout.isTTY !== true) return false;
  const release = screen.hold();
  const prompt = createInterface({ input: io.stdin, output: io.stdout });
  // The prompt handles Ctrl-C itself; here it means no.
  const closing = new AbortController();
  prompt.on("SIGINT", () => closing.abort());
  try {
    const answer = await prompt.question(`${paint.bold(askText(question).join("\n"))} [y/N] `, {
      signal: AbortSignal.any([closing.signal, signal]),
    });
    return /^y(es)?$/i.test(answer.trim());
  } catch {
    return false;
  } finally {
    prompt.close();
    release();
  }
}
