import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Plugin } from "esbuild";
import { nodeModulesWith, packageName } from "./packages.ts";

/** Packages by which others find their native code, from the place that they are in. */
const FINDERS = ["node-gyp-build", "bindings", "@mapbox/node-pre-gyp"];
const SKIP = Symbol("resolved by esbuild itself");

/**
 * Leaves native code outside: what cannot be bundled is loaded from where it is. That is every file
 * `*.node`, and where `packages` are taken into the bundle, those that look for such files around them.
 */
export function nativeOutside(packages: boolean): Plugin {
  return {
    name: "native-outside",
    setup(build) {
      const filter = packages ? /\.node$|^[^./]/ : /\.node$/;
      const known = new Map<string, boolean>();
      const isNative = (folder: string): boolean => {
        const answer = known.get(folder) ?? looks(folder);
        known.set(folder, answer);
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

function looks(folder: string): boolean {
  if (existsSync(join(folder, "binding.gyp")) || existsSync(join(folder, "prebuilds"))) return true;
  try {
    const { dependencies = {} } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    return FINDERS.some((name) => name in dependencies);
  } catch {
    return false;
  }
}
