import { join } from "node:path";
import type { Plugin } from "esbuild";

/** The directory of a layer with Node's packages, for any runtime version. */
export function nodeModulesIn(layer: string): string {
  return join(layer, "nodejs", "node_modules");
}

/**
 * Imports below `/opt` are left to the execution environment, which knows the layers, or bundled from the
 * layers. Those that no layer has stay external too, and fail at run time.
 */
export function filesOfLayers(layers: readonly string[], takesIn: boolean): Plugin {
  return {
    name: "files-of-layers",
    setup(build) {
      build.onResolve({ filter: /^\/opt\// }, async ({ path, kind, importer }) => {
        for (const layer of takesIn ? [...layers].reverse() : []) {
          const request = `./${path.slice("/opt/".length)}`;
          const found = await build.resolve(request, { kind, importer, resolveDir: layer });
          if (found.errors.length === 0) return { path: found.path };
        }
        return { path, external: true };
      });
    },
  };
}
