import { resolve } from "node:path";
import type { FunctionBuildDefinition } from "../definition/parts.ts";
import { bringsSdkV2 } from "../definition/runtimes.ts";
import type { LocatedHandler } from "./locate-handlers.ts";

type Format = "commonjs" | "module";

/** Handlers that one run of esbuild can build. */
export type BuildGroup = {
  readonly format: Format;
  /** Folders, absolute. */
  readonly layers: readonly string[];
  /** Whether Lambda brings SDK v2 with their runtimes. */
  readonly sdkV2: boolean;
  readonly files: readonly string[];
  /** How they are built; undefined for what the project says alone. Functions that share a file share this. */
  readonly own: OwnBuild | undefined;
};

/** What a function says of its build, and its code root, from which paths in it are named; absolute. */
export type OwnBuild = Omit<FunctionBuildDefinition, "entry"> & { readonly codeRoot: string };

/** Puts handlers together by format, layers and the SDK that they find. */
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
    const files = groups.get(key)?.files ?? [];
    groups.set(key, { format, layers, sdkV2, own, files: [...new Set([...files, handler.file])] });
  }
  return [...groups.values()];
}

function ownBuild(root: string, { build, root: codeRoot = "." }: LocatedHandler) {
  if (build === undefined) return undefined;
  const { entry: _, ...own } = build; // its file says that
  return { ...own, codeRoot: resolve(root, codeRoot) };
}
