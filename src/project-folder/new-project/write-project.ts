import { readdir, readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { whyNotWritten } from "../../errors/in-words.ts";
import { type ErrorCode, WsgwError } from "../../errors.ts";
import { extendManifest } from "./extend-manifest.ts";
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
  /** Writes the definition alone. */
  readonly configOnly?: boolean;
  /** Files that exist are overwritten, instead of kept. */
  readonly overwrite?: boolean;
};

export type WrittenProject = {
  /** The project's folder, absolute. */
  readonly root: string;
  /** Paths of all files that were written, relative to `root`, sorted. */
  readonly files: readonly string[];
  /** Those of them that existed. */
  readonly overwritten: readonly string[];
  /** Those that existed and got more: `package.json`, with scripts and packages that it lacked. */
  readonly extended: readonly string[];
  /** Files of the project that existed and stay as they are. */
  readonly kept: readonly string[];
  /** The scripts that package.json has now. */
  readonly scripts: Readonly<Record<string, string>>;
};

/**
 * Writes a chat that can be run, tested and deployed. What is in the folder stays, and a package.json gets what it lacks.
 * Throws a WsgwError before the first file is written, with all that stands in the way: `NAME_INVALID`,
 * `FOLDER_UNUSABLE`.
 */
export async function writeProject(plan: ProjectPlan): Promise<WrittenProject> {
  const { name, overwrite = false, configOnly = false } = plan;
  if (!isProjectName(name)) {
    throw new WsgwError("NAME_INVALID", `A project cannot be called "${name}".`);
  }
  const root = resolve(plan.cwd ?? ".", plan.folder ?? ".");
  const whole = [...(await loadTemplate(plan.language))];
  const testConfigs = configOnly ? [] : await otherTestConfigs(root, whole);
  const template = whole.filter(([path]) =>
    configOnly ? DEFINITION.test(path) : testConfigs.length === 0 || !TEST_CONFIG.test(path),
  );
  const paths = template.map(([path]) => path);
  const places = await lookAtPlaces(root, paths);
  const definitions = await otherDefinitions(root, overwrite ? paths : []);
  refuse(root, [...places, ...definitions], true);
  const there = taken(places);
  const own = overwrite ? [] : there;
  const wsgw = plan.wsgw ?? (await installedBy(root));
  const made = template.map(
    ([path, text]) => [path, filled(path, text, { name, wsgw, own })] as const,
  );
  const extended = await extendedManifest(root, made, own);
  const files = [...made.filter(([path]) => !own.includes(path)), ...extended];

  try {
    await writeFiles(root, files);
  } catch (cause) {
    const message = `Nothing was written to ${root}: ${whyNotWritten(cause, root)}.`;
    throw new WsgwError("FOLDER_UNUSABLE", message, { cause });
  }
  const written = files.map(([path]) => path).sort();
  return {
    root,
    files: written,
    overwritten: overwrite ? there : [],
    extended: extended.map(([path]) => path),
    kept: [...own.filter((path) => !written.includes(path)), ...testConfigs].sort(),
    scripts: scriptsIn(files),
  };
}

type Files = readonly (readonly [path: string, text: string])[];

const MANIFEST = "package.json";

/** The package.json that is there with what it lacks of the project's, if there is one and it lacks something. */
async function extendedManifest(root: string, made: Files, own: readonly string[]): Promise<Files> {
  const added = made.find(([path]) => path === MANIFEST && own.includes(path));
  if (added === undefined) return [];
  const written = await readFile(join(root, MANIFEST), "utf8");
  const text = extendManifest(written, added[1]);
  if (text === undefined) {
    const message = `${join(root, MANIFEST)} is not JSON, so no scripts and packages can be added.`;
    throw new WsgwError("FOLDER_UNUSABLE", message, {
      hint: "Correct it, or choose another folder.",
    });
  }
  return text === written ? [] : [[MANIFEST, text]];
}

function scriptsIn(files: Files): Readonly<Record<string, string>> {
  const manifest = files.find(([path]) => path === MANIFEST);
  return manifest === undefined ? {} : (JSON.parse(manifest[1]).scripts ?? {});
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
  const places = await lookAtPlaces(root, paths);
  refuse(root, [...places, ...(await otherDefinitions(root, paths))], overwrite);
  return taken(places);
}

function lookAtPlaces(root: string, paths: readonly string[]): Promise<Found> {
  return Promise.all(paths.map(async (path) => ({ path, place: await lookAtPlace(root, path) })));
}

const TEST_CONFIG = /^vite(?:st)?\.config\.[cm]?[jt]s$/;

/** Configurations of Vitest under another name: they stay, and Vitest would read only one of two. */
async function otherTestConfigs(root: string, template: Files): Promise<readonly string[]> {
  const names = await readdir(root).catch(() => []); // not there yet, or told by the places
  return names.filter(
    (name) => TEST_CONFIG.test(name) && !template.some(([path]) => path === name),
  );
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

const TSCONFIG = "tsconfig.json";
const SKIP_LIB_CHECK = '"skipLibCheck": true,';
/** A clone has a Vitest of its own, whose types would get the matchers in place of the project's. */
const ONE_VITEST = `${SKIP_LIB_CHECK}
    "paths": { "vitest": ["./node_modules/vitest"] },`;

/** Whether npm links wsgw to a directory, instead of unpacking a tarball. */
function isClone(wsgw: string | undefined): boolean {
  return wsgw?.startsWith("file:") === true && !wsgw.endsWith(".tgz");
}

/** Compiling is left to a tsconfig.json that is `own`: by that one `tsc` may write files. */
function filled(
  path: string,
  template: string,
  {
    name,
    wsgw,
    own,
  }: { readonly name: string; readonly wsgw: string | undefined; readonly own: readonly string[] },
): string {
  const text = template.replaceAll("{{name}}", name);
  if (path === TSCONFIG && isClone(wsgw)) return text.replace(SKIP_LIB_CHECK, ONE_VITEST);
  if (path !== MANIFEST) return text;
  const manifest = JSON.parse(text);
  if (wsgw !== undefined) manifest.devDependencies.wsgw = wsgw;
  if (own.includes(TSCONFIG)) delete manifest.scripts.check;
  return `${JSON.stringify(manifest, undefined, 2)}\n`;
}
