import { cp } from "node:fs/promises";
import { basename, join, relative, resolve, sep } from "node:path";
import { checkProject } from "../definition/checks.ts";
import type { FunctionDefinition } from "../definition/parts.ts";
import { regionFor } from "../definition/region.ts";
import type { ProjectDefinition } from "../definition/written.ts";
import { whyNotWritten } from "../errors/in-words.ts";
import { WsgwError } from "../errors.ts";
import { definitionText } from "../project-directory/new-project/definition-text.ts";
import { rejectTaken } from "../project-directory/new-project/existing-files.ts";
import { writeFiles } from "../project-directory/new-project/write-files.ts";
import { projectOf } from "../readers/find-definition.ts";
import type { DefinitionSource, LoadedDefinition } from "../readers/loaded-definition.ts";
import { notServedText, unservedOf } from "../readers/rules/undelivered.ts";
import { mapValues } from "../values/map-values.ts";
import { parseRouteExpression } from "./apigateway/message/rules/route-expression.ts";
import { loadDefinition } from "./load-project.ts";
import { apiIdOf } from "./local-ids.ts";
import { DEFAULT_ACCOUNT } from "./options.ts";

export type ConfigPlan = {
  readonly cwd: string;
  /** The project's current file: a template, or another supported format. */
  readonly from: string;
  readonly overwrite: boolean;
};

export type WrittenConfig = {
  /** Absolute. */
  readonly file: string;
  /** Code directories that were written next to it, relative to it. */
  readonly directories: readonly string[];
  readonly leftOut: readonly string[];
};

const NAME = "wsgw.config.ts";

/**
 * Writes a `wsgw.config.ts` equivalent to a file of another format. Throws a WsgwError before it writes
 * anything: the errors in that file, `USAGE` for a config file, `FILES_EXIST`.
 */
export async function writeConfig({ cwd, from, overwrite }: ConfigPlan): Promise<WrittenConfig> {
  const file = resolve(cwd, from);
  if (/^wsgw\.config\./.test(basename(file))) {
    throw new WsgwError("USAGE", `${from} is already a config file of wsgw.`);
  }
  const loaded = await loadDefinition({ cwd, template: from });
  const definition = loaded.definition as ProjectDefinition; // as readers create it
  checkProject(definition, from, { parseExpression: parseRouteExpression });
  const root = projectOf(file);
  const moved = unpackedIn(definition, loaded);
  await rejectTaken(root, [NAME, ...moved.values()], overwrite);

  const placed = {
    ...definition,
    functions: mapValues(definition.functions, (fn) => fromRoot(fn, loaded.root, root, moved)),
  };
  const { region = regionFor(undefined, undefined, {}) } = definition;
  const made = {
    region,
    accountId: DEFAULT_ACCOUNT,
    apiIdOf: (name: string) => apiIdOf(loaded.root, name),
  };
  const command = `wsgw init --from ${relative(root, file)}`;
  const { text, leftOut } = definitionText(placed, made, {
    command,
    leftOut: leftOutOf(loaded.source),
  });
  try {
    await writeFiles(root, [[NAME, text]]);
    for (const [directory, place] of moved) {
      await cp(resolve(loaded.root, directory), join(root, place), { recursive: true });
    }
  } catch (cause) {
    const message = `${join(root, NAME)} cannot be written: ${whyNotWritten(cause, root)}.`;
    throw new WsgwError("FOLDER_UNUSABLE", message, { cause });
  }
  return { file: join(root, NAME), directories: [...moved.values()], leftOut };
}

/**
 * The directories that wsgw has unpacked from templates and zip files into its cache, and their new location.
 */
function unpackedIn(
  { functions }: ProjectDefinition,
  { root, stateDir }: Pick<LoadedDefinition, "root" | "stateDir">,
): ReadonlyMap<string, string> {
  const isUnpacked = (directory: string) =>
    resolve(root, directory).startsWith(`${stateDir}${sep}`);
  const all = Object.entries(functions).flatMap(([key, { root: code = ".", layers = [] }]) => [
    [code, `functions/${key}`] as const,
    ...layers.map((layer, at) => [layer, `layers/${key}-${at + 1}`] as const),
  ]);
  return new Map(all.filter(([directory]) => isUnpacked(directory)).toReversed());
}

/** A function whose directories are relative to that of the config file. */
function fromRoot(
  { root = ".", layers, ...fn }: FunctionDefinition,
  loadedRoot: string,
  configRoot: string,
  moved: ReadonlyMap<string, string>,
): FunctionDefinition {
  const place = (directory: string): string =>
    moved.get(directory) ??
    (relative(configRoot, resolve(loadedRoot, directory)).replaceAll("\\", "/") || ".");
  const directory = place(root);
  return {
    ...fn,
    ...(directory !== "." && { root: directory }),
    ...(layers !== undefined && { layers: layers.map(place) }),
  };
}

function leftOutOf(source: DefinitionSource): readonly string[] {
  const { triggers, httpApis, tables = [], notServed, unserved } = source;
  return [
    ...triggers.map(({ kind, from, function: fn }) => `the ${kind} ${from}, which invokes ${fn}`),
    ...httpApis.map(
      ({ name, functions }) => `the HTTP API ${name}, which invokes ${functions.join(", ")}`,
    ),
    ...tables.flatMap(unservedOf).filter((each) => each.startsWith("stream")),
    // wsgw deploy itself grants the permissions that a template lacks
    ...notServed.filter(({ add }) => add === undefined).map(notServedText),
    ...unserved.map(({ key, why }) => `the function ${key}, which ${why}`),
  ];
}
