import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

/**
 * Writes all of `files`, by their paths below `root`, or none: writes temporary files first and renames them
 * when all exist. Replaces a link at such a path and leaves its target unchanged.
 */
export async function writeFiles(
  root: string,
  files: readonly (readonly [string, string])[],
): Promise<void> {
  const staged = files.map(([path, text]) => {
    const file = join(root, path);
    return { file, aside: `${file}.${process.pid}`, text };
  });
  const made: string[] = [];
  try {
    for (const { file, aside, text } of staged) {
      const directory = await mkdir(dirname(file), { recursive: true });
      if (directory !== undefined) made.push(directory);
      await writeFile(aside, text, { flag: "wx" });
    }
  } catch (error) {
    await Promise.all(staged.map(({ aside }) => rm(aside, { force: true })));
    await Promise.all(made.map((directory) => rm(directory, { recursive: true, force: true })));
    throw error;
  }
  for (const { file, aside } of staged) await rename(aside, file);
}
