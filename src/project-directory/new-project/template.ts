import { readdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";

/** The languages of new projects. */
const LANGUAGES = ["typescript", "javascript"] as const;

export type Language = (typeof LANGUAGES)[number];

/** npm omits `.gitignore` from packages, so the file there has no dot. */
const DOTTED = new Map([["gitignore", ".gitignore"]]);

/** The files of a new project by path, sorted, as built by scripts/build-template.mjs. */
export async function loadTemplate(language: Language): Promise<ReadonlyMap<string, string>> {
  const manifest = `#template/${language}/package.json`;
  const root = dirname(createRequire(import.meta.url).resolve(manifest));
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const files = await Promise.all(
    entries
      .filter((entry) => entry.isFile())
      .map(async (entry) => {
        const file = join(entry.parentPath, entry.name);
        const path = relative(root, file);
        return [DOTTED.get(path) ?? path, await readFile(file, "utf8")] as const;
      }),
  );
  return new Map(files.sort(([a], [b]) => (a < b ? -1 : 1)));
}
