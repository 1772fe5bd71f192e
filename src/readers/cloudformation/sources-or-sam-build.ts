import { statSync } from "node:fs";
import { dirname, join } from "node:path";
import { filesBelow, isDirectory } from "../../bundle/directory-files.ts";
import { isLaidOut } from "../../bundle/layers.ts";
import { found, hasHandler, type LocatedCode, locateOwn, locateOwnLayer } from "./local-code.ts";
import type { Resource } from "./rules/stack.ts";
import { isObject } from "./rules/tree.ts";

/** The output directory of `sam build`, next to the template. */
const SAM_BUILD = join(".aws-sam", "build");

type Wanted = {
  readonly handler: string;
  /** The handler before the build. */
  readonly ownHandler: string;
  readonly runtime: string;
  /** Whether what `sam build` made goes before the sources: wsgw cannot build them alike. */
  readonly needsBuild: boolean;
};

/**
 * The code of a function: its sources, unless only what `sam build` wrote contains the handler or is built as
 * its settings say.
 */
export function locateCode(
  resource: Resource,
  { handler, ownHandler, runtime, needsBuild }: Wanted,
  stateDir: string,
): LocatedCode {
  const own = locateOwn(resource, runtime, stateDir);
  const isHere = own.kind === "found" && hasHandler(own.directory, ownHandler, runtime);
  if (isHere && !needsBuild) return own;
  const built = join(dirname(resource.file), SAM_BUILD, ...resource.key.split("-"));
  if (!isDirectory(built) || !hasHandler(built, handler, runtime)) return own;
  if (!isHere) return found(built);
  const inputs = filesBelow(own.directory).filter((file) => file !== resource.file);
  return { ...found(built), inputs, isOutdated: isNewer(inputs, built) };
}

/**
 * The directory of a layer; `elsewhere` if it exists only on AWS. Its own files take precedence over an
 * earlier `sam build`, unless they require a build and have not changed since, or do not have Lambda's
 * layout.
 */
export function locateLayer(layer: Resource, stateDir: string): LocatedCode {
  const own = locateOwnLayer(layer, stateDir);
  const metadata = layer.attribute("Metadata");
  const isBuilt = isObject(metadata) && metadata.BuildMethod !== undefined;
  if (own.kind === "found" && !isBuilt) return own;
  const built = join(dirname(layer.file), SAM_BUILD, ...layer.key.split("-"));
  if (!isDirectory(built)) return own;
  if (own.kind !== "found" || own.from !== undefined) return found(built);
  const inputs = filesBelow(own.directory); // a change of one may make the build stale
  if (!isNewer(inputs, built)) return { ...found(built), inputs };
  return isLaidOut(own.directory)
    ? { ...own, inputs }
    : { ...found(built), inputs, isOutdated: true };
}

function isNewer(files: readonly string[], built: string): boolean {
  const since = timeOf(built);
  return files.some((file) => changedAt(file) > since);
}

/** Time of `sam build`: it keeps the times of copied files, and writes its template last. */
function timeOf(built: string): number {
  return Math.max(changedAt(built), changedAt(join(dirname(built), "template.yaml")));
}

function changedAt(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
