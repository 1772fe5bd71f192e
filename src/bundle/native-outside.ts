import { join } from "node:path";
import type { Plugin } from "esbuild";
import { isNativePackage } from "./kept-packages.ts";
import { nodeModulesWith, packageName } from "./own-code.ts";

const SKIP = Symbol("resolved by esbuild itself");

/**
 * Keeps native code external: what cannot be bundled is loaded from its place. These are all `*.node` files
 * and, if `packages` are bundled, those that look for such files.
 */
export function nativeOutside(packages: boolean): Plugin {
  return {
    name: "native-outside",
    setup(build) {
      const filter = packages ? /\.node$|^[^./]/ : /\.node$/;
      const known = new Map<string, boolean>();
      const isNative = (directory: string): boolean => {
        const answer = known.get(directory) ?? isNativePackage(directory);
        known.set(directory, answer);
        return answer;
      };
      build.onResolve({ filter }, async (args) => {
        const { path, importer, kind, resolveDir } = args;
        if (kind === "entry-point" || args.pluginData === SKIP) return;
        if (!path.endsWith(".node")) {
          const name = packageName(path);
          const nodeModules = nodeModulesWith(name, resolveDir);
          if (nodeModules === undefined || !isNative(join(nodeModules, name))) return;
        }
        const found = await build.resolve(path, { importer, kind, resolveDir, pluginData: SKIP });
        if (found.errors.length > 0 || found.external) return;
        return { path: found.path, external: true };
      });
    },
  };
}
