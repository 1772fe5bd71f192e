import type { Language } from "../../src/app.ts";

const WORDS: ReadonlyMap<string, Language> = new Map([
  ["typescript", "typescript"],
  ["ts", "typescript"],
  ["javascript", "javascript"],
  ["js", "javascript"],
]);

/** The language of a project as people write it; undefined when it is none that `wsgw init` knows. */
export function readLanguage(text: string): Language | undefined {
  return WORDS.get(text.toLowerCase());
}
