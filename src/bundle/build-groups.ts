import { resolve } from "node:path";
import type { LocatedHandler } from "./handlers.ts";

type Format = "commonjs" | "module";

/** Handlers that one run of esbuild can build. */
export type BuildGroup = {
  readonly format: Format;
  /** Folders, absolute. */
  readonly layers: readonly string[];
  readonly files: readonly string[];
};

/** Puts handlers together by format and layers. */
export function buildGroups(
  root: string,
  handlers: readonly LocatedHandler[],
  formatOf: (handler: LocatedHandler) => Format,
): readonly BuildGroup[] {
  const groups = new Map<string, BuildGroup>();
  for (const handler of handlers) {
    const format = formatOf(handler);
    const layers = (handler.layers ?? []).map((layer) => resolve(root, layer));
    const key = [format, ...layers].join("\n");
    const files = groups.get(key)?.files ?? [];
    groups.set(key, { format, layers, files: [...new Set([...files, handler.file])] });
  }
  return [...groups.values()];
}
