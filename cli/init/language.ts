import type { Language } from "../../src/app.ts";

const WORDS: ReadonlyMap<string, Language> = new Map([
  ["typescript", "typescript"],
  ["ts", "typescript"],
  ["javascript", "javascript"],
  ["js", "javascript"],
]);

/** The language of a project as users write it; undefined if `wsgw init` does not support it. */
export function readLanguage(text: string): Language | undefined {
  return WORDS.get(text.toLowerCase());
}
