import { constants } from "node:fs";
import { access, lstat, readdir, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type ErrorCode, WsgwError } from "../../errors.ts";

/** Whether a file can be written at a path, checked without writing anything. */
type Place =
  | { readonly kind: "free" }
  | { readonly kind: "taken" }
  | { readonly kind: "blocked"; readonly because: string };

/** Checks the path of a file in the project at `root`. Parent directories need not exist. */
async function lookAtPlace(root: string, path: string): Promise<Place> {
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

/** Whether a path is that of a definition. */
export function isDefinition(path: string): boolean {
  return DEFINITION.test(path);
}

/** Whether a path is that of a configuration of Vitest. */
export function isTestConfig(path: string): boolean {
  return TEST_CONFIG.test(path);
}

/**
 * The files of a new project that exist below `root`; they are kept, or replaced with `overwrite`. Throws
 * `FOLDER_UNUSABLE` if files cannot be written, or if the directory has a definition that is not replaced.
 */
export async function existingFiles(
  root: string,
  paths: readonly string[],
  overwrite: boolean,
): Promise<readonly string[]> {
  const places = await lookAtPlaces(root, paths);
  const definitions = await otherDefinitions(root, overwrite ? paths : []);
  reject(root, [...places, ...definitions], true);
  return taken(places);
}

/**
 * Throws a WsgwError with everything that prevents writing files below `root`: `FILES_EXIST`, unless they may
 * be overwritten, and `FOLDER_UNUSABLE`. Returns the existing files.
 */
export async function rejectTaken(
  root: string,
  paths: readonly string[],
  overwrite: boolean,
): Promise<readonly string[]> {
  const places = await lookAtPlaces(root, paths);
  reject(root, [...places, ...(await otherDefinitions(root, paths))], overwrite);
  return taken(places);
}

function lookAtPlaces(root: string, paths: readonly string[]): Promise<Found> {
  return Promise.all(paths.map(async (path) => ({ path, place: await lookAtPlace(root, path) })));
}

const TEST_CONFIG = /^vite(?:st)?\.config\.[cm]?[jt]s$/;

/** Vitest configurations with another name: they are kept, and Vitest would read only one of two. */
export async function otherTestConfigs(
  root: string,
  paths: readonly string[],
): Promise<readonly string[]> {
  const names = await readdir(root).catch(() => []); // it does not exist yet, or the check of paths reports it
  return names.filter((name) => TEST_CONFIG.test(name) && !paths.includes(name));
}

const DEFINITION = /^wsgw\.config\.([cm]?js|m?ts|json)$/;

/** Definitions with another name, which might be read instead of the new one. */
async function otherDefinitions(root: string, paths: readonly string[]): Promise<Found> {
  const names = await readdir(root).catch(() => []); // it does not exist yet, or the check of paths reports it
  return names
    .filter((name) => DEFINITION.test(name) && !paths.includes(name))
    .map((path) => {
      const because = `${join(root, path)} is already a definition, and a directory can have only one.`;
      return { path, place: { kind: "blocked", because } };
    });
}

type Found = readonly { readonly path: string; readonly place: Place }[];

function reject(root: string, found: Found, overwrite: boolean): void {
  const reasons = new Set(
    found.flatMap(({ place }) => (place.kind === "blocked" ? place.because : [])),
  );
  const existing = overwrite ? [] : taken(found);
  const lines = [
    ...reasons,
    ...(existing.length === 0 ? [] : [`${root} has files that wsgw init would overwrite:`]),
    ...existing.map((path) => `  ${path}`),
  ];
  if (lines.length === 0) return;
  const code: ErrorCode = reasons.size > 0 ? "FOLDER_UNUSABLE" : "FILES_EXIST";
  throw new WsgwError(code, lines.join("\n"));
}

function taken(found: Found): readonly string[] {
  return found.flatMap(({ path, place }) => (place.kind === "taken" ? path : []));
}
