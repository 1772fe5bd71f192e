import { relative } from "node:path";
import { isDirectory } from "../../bundle/directory-files.ts";
import { findHandlers, splitHandler } from "../../bundle/locate-handlers.ts";
import { familyOf, OPEN_RUNTIMES } from "../../definition/runtimes.ts";
import { handlerOfEntry, readBuildProperties } from "../../readers/sam/rules/build-properties.ts";
import { type LocalPath, valueAt } from "../rules/local-paths.ts";
import type { Json, JsonObject } from "../template/model.ts";
import type { NodeFunction } from "./package-node.ts";

// Without a build by SAM, wsgw bundles the Node functions of a template that cannot run as they are.

/** What is at one local path of a template. */
export type TemplateCode = {
  readonly local: LocalPath;
  /** Absolute. */
  readonly file: string;
  /** Unique among all of them. */
  readonly name: string;
  /** The settings of its resource. */
  readonly resource: JsonObject;
};

/** The function to bundle if its handler is TypeScript or esbuild must build it. */
export function nodeFunction(
  root: string,
  item: TemplateCode,
  all: readonly TemplateCode[],
): NodeFunction | undefined {
  const { local, file, name, resource } = item;
  const { Handler: named, Runtime: written, Metadata: metadata = null } = resource;
  if (local.kind !== "code" || !isDirectory(file) || typeof named !== "string") return undefined;
  const properties = readBuildProperties(metadata);
  const handler = handlerOfEntry(named, properties?.entryPoints ?? []);
  const runtime = OPEN_RUNTIMES.find((each) => each === written) ?? OLDEST_NODE;
  if (typeof written === "string" && familyOf(written) !== "node") return undefined;
  const [found] = findHandlers(file, [{ name, handler }]).handlers;
  if (found === undefined) return undefined;
  if (found.language !== "typescript" && properties === undefined) return undefined;
  const fromRoot = (directory: string) => relative(root, directory).replaceAll("\\", "/") || ".";
  const layers = layersOf(item, all).map(fromRoot);
  const { build } = properties ?? {};
  const settings = { runtime, nodeModules: [], include: [], build };
  return { name, handler, root: fromRoot(file), layers, ...settings };
}

/** The directories of a function's layers in the same template, from which it may import. */
function layersOf(
  { resource: { Layers } }: TemplateCode,
  all: readonly TemplateCode[],
): readonly string[] {
  const named: readonly Json[] = Array.isArray(Layers) ? Layers : [];
  return named.flatMap((layer) => {
    const id = valueAt(layer, ["Ref"]);
    const found = all.find(({ local }) => local.kind === "archive" && local.id === id);
    return found !== undefined && isDirectory(found.file) ? [found.file] : [];
  });
}

/** The path of a bundle, so that the template's handler finds it. */
export function moduleOf({ resource: { Handler: handler } }: TemplateCode): string {
  const { directory = "", module = "index" } = splitHandler(String(handler)) ?? {};
  return `${directory}${module}`.replace(/^(?:\.\/)+/, "");
}

/** The bundling target of a function with an unknown runtime. */
const OLDEST_NODE =
  [...OPEN_RUNTIMES].filter((each) => familyOf(each) === "node").sort()[0] ?? "nodejs22.x";

/** Ends of sentences about SAM build settings that wsgw does not support. */
export function unhonoured({
  resource: { Metadata: metadata = null },
}: TemplateCode): readonly string[] {
  const names = readBuildProperties(metadata)?.unhonoured ?? [];
  return names.map(
    (name) =>
      `has ${name} in its BuildProperties, which wsgw ignores. Run sam build to deploy its output.`,
  );
}

/** Ends of sentences about code that most likely needs a build first. */
export function unbuilt({
  file,
  resource: { Metadata: metadata },
}: TemplateCode): readonly string[] {
  const build = valueAt(metadata, ["BuildMethod"]);
  if (!isDirectory(file) || typeof build !== "string") return [];
  return [
    `has the build method ${build}, and wsgw deploys its directory unchanged. Run sam build to deploy its output.`,
  ];
}
