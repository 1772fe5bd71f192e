import { resolve } from "node:path";
import type { FunctionBuildDefinition } from "../definition/parts.ts";
import { bringsSdkV2 } from "../definition/runtimes.ts";
import type { LocatedHandler } from "./locate-handlers.ts";

type Format = "commonjs" | "module";

/** Handlers that one esbuild run can build. */
export type BuildGroup = {
  readonly format: Format;
  /** Absolute directories. */
  readonly layers: readonly string[];
  /** Whether Lambda includes SDK v2 in their runtimes. */
  readonly sdkV2: boolean;
  readonly files: readonly string[];
  /** A file belongs to several groups if functions with different layers or runtimes share it. */
  readonly handlers: readonly LocatedHandler[];
  /**
   * Their own build settings; undefined if only the project's apply. Functions with the same file share this.
   */
  readonly own: OwnBuild | undefined;
};

/** A function's build settings, and its code root, to which their paths are relative; absolute. */
export type OwnBuild = Omit<FunctionBuildDefinition, "entry"> & { readonly codeRoot: string };

/** Groups handlers by format, layers, SDK and settings. */
export function buildGroups(
  root: string,
  handlers: readonly LocatedHandler[],
  formatOf: (handler: LocatedHandler) => Format,
): readonly BuildGroup[] {
  const groups = new Map<string, BuildGroup>();
  const seen = new Map<string, LocatedHandler>();
  for (const each of handlers) {
    const handler = seen.get(each.file) ?? each;
    seen.set(each.file, handler);
    const own = ownBuild(root, handler);
    const format = formatOf(handler);
    const layers = (each.layers ?? []).map((layer) => resolve(root, layer));
    const sdkV2 = bringsSdkV2(each.runtime ?? "");
    const key = [format, sdkV2, JSON.stringify(own), ...layers].join("\n");
    const members = [...(groups.get(key)?.handlers ?? []), each];
    const files = [...new Set(members.map(({ file }) => file))];
    groups.set(key, { format, layers, sdkV2, own, files, handlers: members });
  }
  return [...groups.values()];
}

function ownBuild(root: string, { build, root: codeRoot = "." }: LocatedHandler) {
  if (build === undefined) return undefined;
  const { entry: _, ...own } = build; // the entry is already the file
  return { ...own, codeRoot: resolve(root, codeRoot) };
}
