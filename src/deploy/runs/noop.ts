import { createHash } from "node:crypto";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, join, relative, resolve } from "node:path";
import { jsonIn } from "../../bundle/directory-files.ts";
import { loadProject } from "../../emulator/load-project.ts";
import { whyNotWritten } from "../../errors/in-words.ts";
import { WsgwError } from "../../errors.ts";
import { makeStateDirectory, stateNextTo } from "../../project-directory/state-directory.ts";
import { chosenPlace } from "../../readers/rules/option-precedence.ts";
import { objectOf } from "../../values/json.ts";
import type { PackagedCode, PackagedFile } from "../package/package-template.ts";
import type { PackagedZip } from "../package/packaged-zip.ts";
import { managedBucket, NO_ACCOUNT } from "../rules/bucket.ts";
import { logRoleWarnings } from "../rules/log-role.ts";
import { rejectStage } from "../rules/rejected-with-template.ts";
import { deployedAs } from "../rules/stack-name.ts";
import { stagesIn, stagesInWords } from "../rules/stages-in-words.ts";
import { deployedHandler } from "../template/deployed-handler.ts";
import { layerLogicalId } from "../template/logical-ids.ts";
import { stated, summaryOf } from "../template/summary.ts";
import type { PrepareFact } from "./facts.ts";
import { type PreparedDeployment, prepareDeployment } from "./prepare.ts";
import { type OpenedTemplate, openTemplate, prepareTemplate } from "./prepare-template.ts";
import { type ConfiguredBy, sourceOf } from "./run-open.ts";

export type WriteDeploymentOptions = ConfiguredBy & {
  /**
   * Output directory, relative to `cwd`. Default `.wsgw/deploy/<name of the project>` in the project, and for
   * a template `deploy/<name of the stack>` in its state directory.
   */
  readonly out?: string;
  /** As in a deployment. */
  readonly stackName?: string;
  readonly stage?: string;
  /**
   * As in a deployment of a template; without a bucket, the template contains the name of wsgw's own bucket
   * with a placeholder account.
   */
  readonly bucket?: string;
  readonly region?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly report?: (fact: PrepareFact) => void;
};

/** What would be sent. */
type Made = Pick<PreparedDeployment, "template" | "templateText" | "buildId" | "warnings"> & {
  readonly packaged: readonly PackagedCode[];
  readonly falseConditions: readonly string[];
  /** Of the project, or of the template's stack. */
  readonly name: string;
  readonly stages: ReturnType<typeof stagesIn>;
  readonly stagesInWords: string;
  /** Nested templates, and other files that are sent. */
  readonly files: readonly PackagedFile[];
  /** Handlers and runtimes of functions by name, as far as known. */
  readonly runs: ReadonlyMap<string, { readonly handler: string; readonly runtime: string }>;
  /** Which file was selected, and why. */
  readonly remarks: readonly string[];
};

/** What was written instead of sent. */
export type WrittenDeployment = Omit<Made, "files" | "runs"> & {
  /** Absolute. */
  readonly directory: string;
  /** File names in the directory. */
  readonly files: readonly string[];
  /** Number of resources in a new stack. */
  readonly added: number;
  /** The contents of the stack, as text. */
  readonly summary: string;
};

const TEMPLATE = "template.json";
const MANIFEST = "manifest.json";
const SUMMARY = "summary.txt";

/**
 * Does everything of a deployment that does not need AWS, and writes what would be sent: the template, a zip
 * for each function, a manifest and a summary. Needs no credentials and no network; the same project gives
 * the same bytes. Deletes files of an earlier run that are no longer part of it.
 */
export async function writeDeployment(options: WriteDeploymentOptions): Promise<WrittenDeployment> {
  const { cwd, out } = options;
  const chosen = out === undefined ? undefined : resolve(cwd, out);
  const template = await openTemplate(options);
  if (template !== undefined) return writeTemplate(template, chosen, options);
  if (options.bucket !== undefined) {
    throw new WsgwError("USAGE", "--bucket has no effect with --noop, except for a template.");
  }
  const loaded = await loadProject({ ...sourceOf(options), runsHooks: true });
  if (chosen !== undefined) assertApart(chosen, loaded.root, out ?? "");
  const { project, packaged, ...made } = await prepareDeployment({
    loaded,
    without: chosen === undefined ? [] : [chosen],
    adjust: (defined) => deployedAs(defined, options),
    ...(options.report !== undefined && { report: options.report }),
  });
  const stateDir = stateNextTo(loaded.root);
  if (chosen === undefined) makeStateDirectory(stateDir);
  const functions = Object.values(project.functions);
  return written(chosen ?? join(stateDir, "deploy", project.name), {
    ...made,
    packaged: [
      ...packaged.functions.map((fn) => ({ ...fn, of: "function", isLeftOut: false }) as const),
      ...packaged.layers.map(writtenLayer),
    ],
    falseConditions: [],
    name: project.name,
    stages: stagesIn(project),
    stagesInWords: stagesInWords(project),
    files: [],
    runs: new Map(
      functions.map((fn) => [fn.name, { handler: deployedHandler(fn), runtime: fn.runtime }]),
    ),
    remarks: [],
  });
}

/** A layer's name is a path, and a function may have any name without a dot. */
function writtenLayer(layer: PackagedZip): PackagedCode {
  const file = `${layerLogicalId(layer.name)}.layer.zip`;
  return { ...layer, of: "layer", file, isLeftOut: false, missingRequirements: [] };
}

async function writeTemplate(
  template: OpenedTemplate,
  chosen: string | undefined,
  options: WriteDeploymentOptions,
): Promise<WrittenDeployment> {
  const { root, sam, stateDir, file, cwd, remarks } = template;
  rejectStage(options.stage);
  if (chosen !== undefined) assertApart(chosen, root, options.out ?? "");
  const from = { commandLine: options, ownTool: undefined, samconfig: sam };
  const { stackName = basename(root), region } = chosenPlace(from, options.env ?? {});
  const { withoutValue, ...made } = await prepareTemplate(template, {
    stackName,
    region,
    bucket: options.bucket ?? managedBucket(NO_ACCOUNT, region),
    without: chosen === undefined ? [] : [chosen],
    ...(options.report !== undefined && { report: options.report }),
  });
  if (chosen === undefined) makeStateDirectory(stateDir);
  return written(chosen ?? join(stateDir, "deploy", stackName), {
    ...made,
    warnings: [...withoutValue, ...made.warnings],
    name: stackName,
    stages: {},
    stagesInWords: `from ${relative(cwd, file)}`,
    runs: new Map(),
    remarks,
  });
}

function written(directory: string, { files: others, runs, ...given }: Made): WrittenDeployment {
  const made = { ...given, warnings: [...given.warnings, ...logRoleWarnings(given.template)] };
  const packaged = made.packaged.map((fn) => ({ ...fn, runs: runs.get(fn.name) }));
  const summary = summaryOf({ ...made, packaged });
  const files = new Map<string, string | Uint8Array>([
    [TEMPLATE, made.templateText],
    ...made.packaged.map((each) => [zipName(each), each.zip] as const),
    ...others.map(({ name, body }) => [name, body] as const),
    [MANIFEST, manifestOf({ ...made, files: others, runs })],
    [SUMMARY, summary],
  ]);
  writeDirectory(directory, files);
  const added = stated(made.template.Resources, made.falseConditions).length;
  return { ...made, directory, files: [...files.keys()], added, summary };
}

/** The output directory is excluded from the code, so it must not contain the code. */
function assertApart(directory: string, root: string, out: string): void {
  const below = relative(directory, root);
  if (below !== "" && below.startsWith("..")) return;
  throw new WsgwError(
    "OUTPUT_UNUSABLE",
    `--out ${out} is the definition's directory or a parent of it. Choose a directory for the output only.`,
  );
}

function zipName({ name, file = `${name}.zip` }: PackagedCode): string {
  return file;
}

function manifestOf(made: Made): string {
  const { name, stages, packaged, templateText, buildId, warnings, files: others, runs } = made;
  const archives = packaged.filter(({ of }) => of !== "function");
  const manifest = {
    name,
    ...stages,
    buildId,
    template: {
      file: TEMPLATE,
      bytes: Buffer.byteLength(templateText),
      sha256: createHash("sha256").update(templateText).digest("hex"),
    },
    functions: packaged
      .filter(({ of }) => of === "function")
      .map((fn) => ({
        name: fn.name,
        runtime: runs.get(fn.name)?.runtime,
        handler: runs.get(fn.name)?.handler,
        ...zipOf(fn),
      })),
    ...(archives.length > 0 && {
      archives: archives.map((each) => ({ name: each.name, ...zipOf(each) })),
    }),
    ...(others.length > 0 && {
      files: others.map(({ name: file, key, body }) => ({ file, key, bytes: body.length })),
    }),
    warnings,
  };
  return `${JSON.stringify(manifest, undefined, 2)}\n`;
}

function zipOf(code: PackagedCode) {
  const { key, sha256, zippedBytes, unzippedBytes, files } = code;
  return { zip: zipName(code), key, sha256, zippedBytes, unzippedBytes, files };
}

function writeDirectory(directory: string, files: ReadonlyMap<string, string | Uint8Array>): void {
  try {
    for (const name of filesOfBefore(directory)) {
      if (!files.has(name)) rmSync(join(directory, name), { force: true });
    }
    mkdirSync(directory, { recursive: true });
    for (const [name, contents] of files) writeFileSync(join(directory, name), contents);
  } catch (cause) {
    throw new WsgwError(
      "OUTPUT_UNUSABLE",
      `${directory} cannot be written: ${whyNotWritten(cause, directory)}.`,
      { cause },
    );
  }
}

/** Only files that wsgw itself has written there, according to its manifest, are deleted. */
function filesOfBefore(directory: string): readonly string[] {
  const { functions, archives, files } = objectOf(jsonIn(join(directory, MANIFEST)));
  return [namesIn(functions, "zip"), namesIn(archives, "zip"), namesIn(files, "file")].flat();
}

function namesIn(list: unknown, field: string): readonly string[] {
  if (!Array.isArray(list)) return [];
  return list
    .map((entry: Readonly<Record<string, unknown>> | null) => entry?.[field])
    .filter((name): name is string => typeof name === "string" && /^[\w-]+(?:\.\w+)+$/.test(name));
}
