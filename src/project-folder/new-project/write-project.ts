import { readdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { whyNotWritten } from "../../errors/in-words.ts";
import { type ErrorCode, WsgwError } from "../../errors.ts";
import { installedBy } from "./installed-by.ts";
import { isProjectName } from "./name.ts";
import { lookAtPlace, type Place } from "./places.ts";
import { type Language, loadTemplate } from "./template.ts";
import { writeFiles } from "./write-files.ts";

export type ProjectPlan = {
  /** Folder that `folder` is relative to. Default: the process's. */
  readonly cwd?: string;
  /** Where the project is to be; made if it is not there. Default: `cwd`. */
  readonly folder?: string;
  /** The name of the package and of its API; `isProjectName()` says which can be. */
  readonly name: string;
  readonly language: Language;
  /**
   * What package.json names as wsgw. Default: the clone or tarball that this wsgw was installed by, else its version
   * and what is compatible.
   */
  readonly wsgw?: string;
  /** Files that exist are overwritten, instead of refusing to. */
  readonly overwrite?: boolean;
};

export type WrittenProject = {
  /** The project's folder, absolute. */
  readonly root: string;
  /** Paths of all files, relative to `root`, sorted. */
  readonly files: readonly string[];
  /** Those of them that existed. */
  readonly overwritten: readonly string[];
};

/**
 * Writes a chat that can be run, tested and deployed. Throws a WsgwError before the first file is written,
 * with all that stands in the way: `NAME_INVALID`, `FILES_EXIST`, `FOLDER_UNUSABLE`.
 */
export async function writeProject(plan: ProjectPlan): Promise<WrittenProject> {
  if (!isProjectName(plan.name)) {
    throw new WsgwError("NAME_INVALID", `A project cannot be called "${plan.name}".`);
  }
  const root = resolve(plan.cwd ?? ".", plan.folder ?? ".");
  const files = [...(await loadTemplate(plan.language))];
  const paths = files.map(([path]) => path);
  const overwritten = await refuseTaken(root, paths, plan.overwrite === true);
  const wsgw = plan.wsgw ?? (await installedBy(root));

  try {
    await writeFiles(
      root,
      files.map(([path, template]) => [path, filled(path, template, { name: plan.name, wsgw })]),
    );
  } catch (cause) {
    const message = `Nothing was written to ${root}: ${whyNotWritten(cause, root)}.`;
    throw new WsgwError("FOLDER_UNUSABLE", message, { cause });
  }
  return { root, files: paths, overwritten };
}

/**
 * Throws a WsgwError with all that keeps files from being written below `root`: `FILES_EXIST`, unless they may be
 * overwritten, and `FOLDER_UNUSABLE`. Returns those that exist.
 */
export async function refuseTaken(
  root: string,
  paths: readonly string[],
  overwrite: boolean,
): Promise<readonly string[]> {
  const places = await Promise.all(
    paths.map(async (path) => ({ path, place: await lookAtPlace(root, path) })),
  );
  refuse(root, [...places, ...(await otherDefinitions(root, paths))], overwrite);
  return taken(places);
}

const DEFINITION = /^wsgw\.config\.([cm]?js|m?ts|json)$/;

/** Definitions under another name, which could be read in place of the new one. */
async function otherDefinitions(root: string, paths: readonly string[]): Promise<Found> {
  const names = await readdir(root).catch(() => []); // not there yet, or told by the places
  return names
    .filter((name) => DEFINITION.test(name) && !paths.includes(name))
    .map((path) => {
      const because = `${join(root, path)} is a definition already, and a folder has one only.`;
      return { path, place: { kind: "blocked", because } };
    });
}

type Found = readonly { readonly path: string; readonly place: Place }[];

function refuse(root: string, found: Found, overwrite: boolean): void {
  const blocked = new Set(
    found.flatMap(({ place }) => (place.kind === "blocked" ? place.because : [])),
  );
  const existing = overwrite ? [] : taken(found);
  const lines = [
    ...blocked,
    ...(existing.length === 0 ? [] : [`${root} has files that would be overwritten:`]),
    ...existing.map((path) => `  ${path}`),
  ];
  if (lines.length === 0) return;
  const code: ErrorCode = blocked.size > 0 ? "FOLDER_UNUSABLE" : "FILES_EXIST";
  throw new WsgwError(code, lines.join("\n"));
}

function taken(found: Found): readonly string[] {
  return found.flatMap(({ path, place }) => (place.kind === "taken" ? path : []));
}

function filled(
  path: string,
  template: string,
  { name, wsgw }: { readonly name: string; readonly wsgw: string | undefined },
): string {
  const text = template.replaceAll("{{name}}", name);
  if (path !== "package.json" || wsgw === undefined) return text;
  const manifest = JSON.parse(text);
  manifest.devDependencies.wsgw = wsgw;
  return `${JSON.stringify(manifest, undefined, 2)}\n`;
}
