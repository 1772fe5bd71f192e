import { createInterface } from "node:readline/promises";
import type { ChalkInstance } from "chalk";
import type { Language } from "../../src/app.ts";
import type { Io } from "../terminal/io.ts";
import { print } from "../terminal/output.ts";
import { readLanguage } from "./language.ts";

export type Answers = { readonly name: string; readonly language: Language };

/** Parses one answer; undefined repeats the question after `complaint`. */
type Asked<T> = {
  readonly question: string;
  readonly suggested: T;
  readonly read: (text: string) => T | undefined;
  readonly complaint: string;
};

/**
 * Asks for values that the command line lacks; Enter accepts the suggestion. Undefined if the user cancels
 * with Ctrl-C or Ctrl-D.
 */
export async function askForRest(
  said: Partial<Answers>,
  suggested: Answers,
  isName: (text: string) => boolean,
  io: Io,
  paint: ChalkInstance,
): Promise<Answers | undefined> {
  if (said.name !== undefined && said.language !== undefined) return suggested;
  const prompt = createInterface({ input: io.stdin, output: io.stdout });
  const leaving = new AbortController();
  prompt.on("SIGINT", () => leaving.abort());
  prompt.on("close", () => leaving.abort());

  async function ask<T extends string>(asked: Asked<T>): Promise<T> {
    const question = `${paint.bold(asked.question)} ${paint.dim(`[${asked.suggested}]`)} `;
    const typed = (await prompt.question(question, { signal: leaving.signal })).trim();
    const answer = typed === "" ? asked.suggested : asked.read(typed);
    if (answer !== undefined) return answer;
    print(io.stdout, `${paint.yellow("!")} ${asked.complaint}`);
    return ask(asked);
  }

  try {
    const name =
      said.name ??
      (await ask({
        question: "Name of the project:",
        suggested: suggested.name,
        read: (text) => (isName(text) ? text : undefined),
        complaint: "Lowercase letters, digits and hyphens, a letter first, at most 40.",
      }));
    const language =
      said.language ??
      (await ask<Language>({
        question: "typescript or javascript?",
        suggested: suggested.language,
        read: readLanguage,
        complaint: "Type typescript or javascript, or ts or js.",
      }));
    return { name, language };
  } catch (error) {
    if (leaving.signal.aborted) return undefined;
    throw error;
  } finally {
    prompt.close();
  }
}
