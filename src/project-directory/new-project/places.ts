import { constants } from "node:fs";
import { access, lstat, stat } from "node:fs/promises";
import { dirname, join } from "node:path";

/** Whether a file can be written at a path, checked without writing anything. */
export type Place =
  | { readonly kind: "free" }
  | { readonly kind: "taken" }
  | { readonly kind: "blocked"; readonly because: string };

/** Checks the path of a file in the project at `root`. Parent directories need not exist. */
export async function lookAtPlace(root: string, path: string): Promise<Place> {
  const file = join(root, path);
  const directory = await nearestThere(dirname(file));
  if (!directory.isDirectory)
    return blocked(`${directory.path} is a file, but must be a directory.`);

  const there = directory.path === dirname(file) ? await lstat(file).catch(absent) : undefined;
  if (there === undefined) {
    return (await isWritable(directory.path))
      ? { kind: "free" }
      : blocked(`${directory.path} is not writable.`);
  }
  if (there.isDirectory()) return blocked(`${file} is a directory, but must be a file.`);
  if (there.isFile() && !(await isWritable(file))) return blocked(`${file} is not writable.`);
  return { kind: "taken" };
}

/** `path`, or its nearest existing parent. */
async function nearestThere(path: string): Promise<{ path: string; isDirectory: boolean }> {
  const there = await stat(path).catch(absent);
  if (there !== undefined) return { path, isDirectory: there.isDirectory() };
  return nearestThere(dirname(path));
}

function isWritable(path: string): Promise<boolean> {
  return access(path, constants.W_OK).then(
    () => true,
    () => false,
  );
}

function absent(error: NodeJS.ErrnoException): undefined {
  if (error.code === "ENOENT" || error.code === "ENOTDIR") return undefined;
  throw error;
}

function blocked(because: string): Place {
  return { kind: "blocked", because };
}
