import { join } from "node:path";
import type { Plugin } from "esbuild";

/** The folder of a layer in which Node's packages are, whatever the runtime's version. */
export function nodeModulesIn(layer: string): string {
  return join(layer, "nodejs", "node_modules");
}

/**
 * Leaves what is named by its path below `/opt` to the execution environment, which knows the layers,
 * or takes it in from there. What no layer has is left outside too, and fails when the code runs.
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
