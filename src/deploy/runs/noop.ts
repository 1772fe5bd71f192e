import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { ignoreInGit } from "../../bundle/build-output.ts";
import { loadProject } from "../../emulator/load-project.ts";
import { whyNotWritten } from "../../errors/in-words.ts";
import { WsgwError } from "../../errors.ts";
import { deployedAs, stagesIn, stagesInWords } from "../rules/deployed-project.ts";
import { deployedHandler } from "../template/deployed-handler.ts";
import { summaryOf } from "../template/summary.ts";
import type { PrepareFact } from "./facts.ts";
import { type PreparedDeployment, prepareDeployment } from "./prepare.ts";

export type WriteDeploymentOptions = {
  /** Folder to look for the config file in, and upwards of it. */
  readonly cwd: string;
  /** The config file, relative to `cwd`. */
  readonly config?: string;
  /** Folder to write to, relative to `cwd`. Default `.wsgw/deploy/<name of the project>` in the project. */
  readonly out?: string;
  /** As a deployment would have it. */
  readonly stackName?: string;
  readonly stage?: string;
  readonly report?: (fact: PrepareFact) => void;
};

/** What was written, instead of being sent. */
export type WrittenDeployment = PreparedDeployment & {
  /** Absolute. */
  readonly folder: string;
  /** Names in the folder. */
  readonly files: readonly string[];
  readonly stages: ReturnType<typeof stagesIn>;
  readonly stagesInWords: string;
  /** What the stack would hold, as text. */
  readonly summary: string;
};

const TEMPLATE = "template.json";
const MANIFEST = "manifest.json";
const SUMMARY = "summary.txt";

/**
 * Does all of a deployment that needs no AWS, and writes what would be sent: the template, a zip for each
 * function, a manifest of them and a summary. Needs no credentials and no network; the same project gives
 * the same bytes. What an earlier run left in the folder and is no longer part of it goes.
 */
export async function writeDeployment(options: WriteDeploymentOptions): Promise<WrittenDeployment> {
  const { cwd, config, out, report } = options;
  const loaded = await loadProject({ cwd, file: config, runsHooks: true });
  const chosen = out === undefined ? undefined : resolve(cwd, out);
  if (chosen !== undefined) assertApart(chosen, loaded.root, out ?? "");
  const prepared = await prepareDeployment({
    loaded,
    without: chosen === undefined ? [] : [chosen],
    adjust: (project) => deployedAs(project, options),
    ...(report !== undefined && { report }),
  });

  const folder = chosen ?? join(loaded.root, ".wsgw", "deploy", prepared.project.name);
  const summary = summaryOf(prepared);
  const files = new Map<string, string | Uint8Array>([
    [TEMPLATE, prepared.templateText],
    ...prepared.packaged.map(({ name, zip }) => [zipName(name), zip] as const),
    [MANIFEST, manifestOf(prepared)],
    [SUMMARY, summary],
  ]);
  if (chosen === undefined) ignoreInGit(join(folder, MANIFEST));
  writeFolder(folder, files);
  const { project } = prepared;
  const stages = { stages: stagesIn(project), stagesInWords: stagesInWords(project) };
  return { ...prepared, ...stages, folder, files: [...files.keys()], summary };
}

/** Everything in the output folder is left out of the code, so the code may not stand there. */
function assertApart(folder: string, root: string, out: string): void {
  const below = relative(folder, root);
  if (below !== "" && below.startsWith("..")) return;
  throw new WsgwError(
    "OUTPUT_UNUSABLE",
    `--out ${out} is the folder of the definition or one above it. Choose one for the output alone.`,
  );
}

function zipName(functionName: string): string {
  return `${functionName}.zip`;
}

function manifestOf({
  project,
  packaged,
  templateText,
  buildId,
  warnings,
}: PreparedDeployment): string {
  const manifest = {
    name: project.name,
    ...stagesIn(project),
    buildId,
    template: {
      file: TEMPLATE,
      bytes: Buffer.byteLength(templateText),
      sha256: createHash("sha256").update(templateText).digest("hex"),
    },
    functions: packaged.map(({ name, sha256, key, zippedBytes, unzippedBytes, files }) => {
      const fn = project.functions[name];
      return {
        name,
        runtime: fn?.runtime,
        handler: fn && deployedHandler(fn),
        zip: zipName(name),
        key,
        sha256,
        zippedBytes,
        unzippedBytes,
        files,
      };
    }),
    warnings,
  };
  return `${JSON.stringify(manifest, undefined, 2)}\n`;
}

function writeFolder(folder: string, files: ReadonlyMap<string, string | Uint8Array>): void {
  try {
    for (const name of zipsOfBefore(folder)) {
      if (!files.has(name)) rmSync(join(folder, name), { force: true });
    }
    mkdirSync(folder, { recursive: true });
    for (const [name, contents] of files) writeFileSync(join(folder, name), contents);
  } catch (cause) {
    throw new WsgwError(
      "OUTPUT_UNUSABLE",
      `${folder} cannot be written: ${whyNotWritten(cause, folder)}.`,
      { cause },
    );
  }
}

/** Only what wsgw itself has written there, by its own account, is deleted. */
function zipsOfBefore(folder: string): readonly string[] {
  try {
    const before: unknown = JSON.parse(readFileSync(join(folder, MANIFEST), "utf8"));
    const functions = (before as { functions?: unknown } | null)?.functions;
    if (!Array.isArray(functions)) return [];
    return functions
      .map((fn: { zip?: unknown } | null) => fn?.zip)
      .filter((zip): zip is string => typeof zip === "string" && /^[\w-]+\.zip$/.test(zip));
  } catch {
    return [];
  }
}
