import { resolve } from "node:path";
import { bringsSdkV2 } from "../definition/runtimes.ts";
import type { LocatedHandler } from "./handlers.ts";

type Format = "commonjs" | "module";

/** Handlers that one run of esbuild can build. */
export type BuildGroup = {
  readonly format: Format;
  /** Folders, absolute. */
  readonly layers: readonly string[];
  /** Whether Lambda brings SDK v2 with their runtimes. */
  readonly sdkV2: boolean;
  readonly files: readonly string[];
};

/** Puts handlers together by format, layers and the SDK that they find. */
export function buildGroups(
  root: string,
  handlers: readonly LocatedHandler[],
  formatOf: (handler: LocatedHandler) => Format,
): readonly BuildGroup[] {
  const groups = new Map<string, BuildGroup>();
  for (const handler of handlers) {
    const format = formatOf(handler);
    const layers = (handler.layers ?? []).map((layer) => resolve(root, layer));
    const sdkV2 = bringsSdkV2(handler.runtime ?? "");
    const key = [format, sdkV2, ...layers].join("\n");
    const files = groups.get(key)?.files ?? [];
    groups.set(key, { format, layers, sdkV2, files: [...new Set([...files, handler.file])] });
  }
  return [...groups.values()];
}
