import type { Plugin } from "esbuild";
import type { OwnBuild } from "./build-groups.ts";

const ALIASED = Symbol("an alias has been replaced");
const BARE = /^[^./]/;

/**
 * A function's aliases and, for a deployment, its external imports; applied before all rules about package
 * names. On this machine packages stay external in any case.
 * @see https://esbuild.github.io/api/#alias https://esbuild.github.io/api/#external
 */
export function ownResolution(own: OwnBuild, leavesOutside: boolean): readonly Plugin[] {
  const { alias = {}, external = [] } = own;
  return [
    ...(Object.keys(alias).length > 0 ? [aliases(alias, own.codeRoot)] : []),
    ...(leavesOutside && external.length > 0 ? [externals(external)] : []),
  ];
}

function aliases(alias: Readonly<Record<string, string>>, codeRoot: string): Plugin {
  // the longest first, as in esbuild
  const names = Object.keys(alias).sort((one, other) => other.length - one.length);
  return {
    name: "aliases",
    setup(build) {
      build.onResolve({ filter: BARE }, ({ path, importer, kind, namespace, ...args }) => {
        if (kind === "entry-point" || args.pluginData === ALIASED) return;
        const name = names.find((each) => path === each || path.startsWith(`${each}/`));
        const meant = alias[name ?? ""];
        if (name === undefined || meant === undefined) return;
        const resolveDir = meant.startsWith(".") ? codeRoot : args.resolveDir;
        const rest = path.slice(name.length);
        const from = { importer, kind, namespace, resolveDir, pluginData: ALIASED };
        return build.resolve(`${meant}${rest}`, from);
      });
    },
  };
}

/**
 * Whether patterns make an import external: a name includes all files of its package; a pattern contains one
 * `*`.
 */
export function isExternal(patterns: readonly string[], path: string): boolean {
  return patterns.some((pattern) => {
    const [before = "", after] = pattern.split("*");
    if (after !== undefined) return path.startsWith(before) && path.endsWith(after);
    return path === pattern || path.startsWith(`${pattern}/`);
  });
}

function externals(patterns: readonly string[]): Plugin {
  return {
    name: "externals",
    setup(build) {
      build.onResolve({ filter: /.*/ }, ({ path, kind }) =>
        kind !== "entry-point" && isExternal(patterns, path) ? { path, external: true } : undefined,
      );
    },
  };
}
