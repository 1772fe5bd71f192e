import { readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { whyNotRead } from "../../errors/in-words.ts";
import { WsgwError } from "../../errors.ts";
import { type ManifestStack, readAssets, readManifest } from "./rules/manifest.ts";

/** A `cdk.out` with the assemblies nested in it. */
export type Assembly = {
  /** Absolute. */
  readonly directory: string;
  readonly stacks: readonly AssemblyStack[];
  /** Values that the app must look up in an account before its templates are complete. */
  readonly missing: readonly string[];
  /** The files it was read from; absolute. */
  readonly files: readonly string[];
  /** Time of its synthesis, in ms. */
  readonly writtenAt: number;
};

export type AssemblyStack = Omit<ManifestStack, "templateFile"> & {
  /** Absolute path of its template. */
  readonly file: string;
  /** Paths of its assets, relative to its template's directory, by their S3 object keys. */
  readonly assets: ReadonlyMap<string, string>;
};

const MANIFEST = "manifest.json";
/** A stage contains stacks and no stages, so two levels would be enough. */
const DEEPEST = 5;

/** Time of a directory's synthesis, in ms; undefined if it contains no assembly. */
export function writtenAt(directory: string): number | undefined {
  return statSync(join(directory, MANIFEST), { throwIfNoEntry: false })?.mtimeMs;
}

/** Reads an assembly. Throws CONFIG_UNREADABLE if a file of it is missing or not JSON. */
export function readAssembly(directory: string, depth = 0): Assembly {
  const file = join(directory, MANIFEST);
  const manifest = readManifest(readJson(file));
  if (manifest === undefined || depth > DEEPEST) {
    throw unreadable(file, "it is not a CDK manifest");
  }
  const assetFiles = manifest.assetFiles.map((name) => join(directory, name));
  const assets = new Map(assetFiles.flatMap((each) => [...readAssets(readJson(each))]));
  const own = manifest.stacks.map(({ templateFile, ...stack }) => ({
    ...stack,
    file: join(directory, templateFile),
    assets,
  }));
  const nested = manifest.nested.map((name) => readAssembly(join(directory, name), depth + 1));
  return {
    directory,
    stacks: [...own, ...nested.flatMap(({ stacks }) => stacks)],
    missing: [...manifest.missing, ...nested.flatMap(({ missing }) => missing)],
    files: [file, ...assetFiles, ...nested.flatMap(({ files }) => files)],
    writtenAt: writtenAt(directory) ?? 0,
  };
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    const why = error instanceof SyntaxError ? error.message : whyNotRead(error, file);
    throw unreadable(file, why, error);
  }
}

function unreadable(file: string, why: string, cause?: unknown): WsgwError {
  return new WsgwError(
    "CONFIG_UNREADABLE",
    `${relative(process.cwd(), file)} cannot be read: ${why}.`,
    {
      hint: "Run cdk synth again.",
      cause,
    },
  );
}
