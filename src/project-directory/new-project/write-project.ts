import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { whyNotWritten } from "../../errors/in-words.ts";
import { WsgwError } from "../../errors.ts";
import { existingFiles, isDefinition, isTestConfig, otherTestConfigs } from "./existing-files.ts";
import { extendManifest } from "./extend-manifest.ts";
import { installedBy } from "./installed-by.ts";
import { isProjectName } from "./name.ts";
import { type Language, loadTemplate } from "./template.ts";
import { writeFiles } from "./write-files.ts";

export type ProjectPlan = {
  /** Directory to which `directory` is relative. Default: the working directory. */
  readonly cwd?: string;
  /** Directory of the project; created if it does not exist. Default: `cwd`. */
  readonly directory?: string;
  /** The name of the package and of its API; `isProjectName()` checks it. */
  readonly name: string;
  readonly language: Language;
  /**
   * The version of wsgw in package.json. Default: the clone or tarball that this wsgw was installed from,
   * else its compatible versions.
   */
  readonly wsgw?: string;
  /** Writes only the definition. */
  readonly configOnly?: boolean;
  /** Overwrites existing files instead of keeping them. */
  readonly overwrite?: boolean;
};

export type WrittenProject = {
  /** Absolute path of the project's directory. */
  readonly root: string;
  /** Paths of all written files, relative to `root`, sorted. */
  readonly files: readonly string[];
  /** Those of them that existed. */
  readonly overwritten: readonly string[];
  /** Existing files that were extended: `package.json`, with missing scripts and packages. */
  readonly extended: readonly string[];
  /** Existing files of the project that were kept. */
  readonly kept: readonly string[];
  /** The scripts in package.json afterwards. */
  readonly scripts: Readonly<Record<string, string>>;
};

/**
 * Writes a chat that can be run, tested and deployed. Keeps existing files, and adds what a package.json
 * lacks. Throws a WsgwError with all problems before it writes the first file: `NAME_INVALID`,
 * `FOLDER_UNUSABLE`.
 */
export async function writeProject(plan: ProjectPlan): Promise<WrittenProject> {
  const { name, overwrite = false, configOnly = false } = plan;
  if (!isProjectName(name)) {
    throw new WsgwError("NAME_INVALID", `"${name}" is not a valid name for a project.`);
  }
  const root = resolve(plan.cwd ?? ".", plan.directory ?? ".");
  const whole = [...(await loadTemplate(plan.language))];
  const allPaths = whole.map(([path]) => path);
  const testConfigs = configOnly ? [] : await otherTestConfigs(root, allPaths);
  const template = whole.filter(([path]) =>
    configOnly ? isDefinition(path) : testConfigs.length === 0 || !isTestConfig(path),
  );
  const paths = template.map(([path]) => path);
  const there = await existingFiles(root, paths, overwrite);
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
    const message = `wsgw cannot write to ${root}, and wrote nothing: ${whyNotWritten(cause, root)}.`;
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

/** The existing package.json with the project's missing parts, if it exists and lacks any. */
async function extendedManifest(root: string, made: Files, own: readonly string[]): Promise<Files> {
  const added = made.find(([path]) => path === MANIFEST && own.includes(path));
  if (added === undefined) return [];
  const written = await readFile(join(root, MANIFEST), "utf8");
  const text = extendManifest(written, added[1]);
  if (text === undefined) {
    const message = `${join(root, MANIFEST)} is not JSON, so wsgw cannot add scripts and packages.`;
    throw new WsgwError("FOLDER_UNUSABLE", message, {
      hint: "Correct it, or choose another directory.",
    });
  }
  return text === written ? [] : [[MANIFEST, text]];
}

function scriptsIn(files: Files): Readonly<Record<string, string>> {
  const manifest = files.find(([path]) => path === MANIFEST);
  return manifest === undefined ? {} : (JSON.parse(manifest[1]).scripts ?? {});
}

const TSCONFIG = "tsconfig.json";
const SKIP_LIB_CHECK = '"skipLibCheck": true,';
/** A clone has its own Vitest, whose types would get the matchers instead of the project's. */
const ONE_VITEST = `${SKIP_LIB_CHECK}
    "paths": { "vitest": ["./node_modules/vitest"] },`;

/** Whether npm links wsgw to a directory instead of unpacking a tarball. */
function isClone(wsgw: string | undefined): boolean {
  return wsgw?.startsWith("file:") === true && !wsgw.endsWith(".tgz");
}

/** Leaves compiling to an `own` tsconfig.json: with that one, `tsc` may write files. */
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
