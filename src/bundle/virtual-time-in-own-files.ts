import { join } from "node:path";
import type { BuildOptions, Plugin } from "esbuild";
import { loadEsbuild } from "./esbuild.ts";
import { isOwnFile } from "./own-code.ts";
import type { Source, SourceChange } from "./source-changes.ts";

/** Replaces everything about time in the code; the evaluation of the bundle provides it. */
const TIME = "__wsgw_time";

const TIMERS = [
  "setTimeout",
  "setInterval",
  "setImmediate",
  "clearTimeout",
  "clearInterval",
  "clearImmediate",
];

/** Only names that the file does not declare itself are replaced: esbuild knows the scopes. */
const REPLACED: Record<string, string> = Object.fromEntries([
  ...["Date", ...TIMERS].flatMap((name) =>
    [name, `globalThis.${name}`, `global.${name}`].map((form) => [form, `${TIME}.${name}`]),
  ),
  ["performance.now", `${TIME}.now`],
  ["globalThis.performance.now", `${TIME}.now`],
]);

/**
 * Gives the project's own files other timers than packages, which sign and retry by the machine's clock; used
 * together with `ownTime`.
 */
export function fakeTimers(): Plugin {
  return {
    name: "wsgw-own-time",
    setup(build) {
      build.onResolve({ filter: /^(node:)?timers(\/promises)?$/ }, ({ path, importer }) =>
        isOwnFile(importer)
          ? { path: `wsgw:${path.replace(/^node:/, "")}`, external: true }
          : undefined,
      );
    },
  };
}

/** Declares another `Date` and other timers in the project's own files. */
export function ownTime(root: string, target: string): SourceChange {
  return async (path, source) => {
    if (!isOwnFile(path)) return source;
    const options: BuildOptions = {
      absWorkingDir: root,
      entryPoints: [path], // so that the tsconfig.json of its directory applies
      plugins: [asRead(source)],
      platform: "node",
      target,
      bundle: false,
      write: false,
      outdir: join(root, "out"), // nothing is written
      define: REPLACED,
      sourcemap: "inline",
      sourcesContent: false,
      logLevel: "silent",
    };
    try {
      const { outputFiles } = await loadEsbuild().build(options);
      const contents = outputFiles?.[0]?.text ?? "";
      return { ...source, contents, loader: source.loader.startsWith("ts") ? "ts" : "js" };
    } catch {
      return source; // invalid code is reported at its own place
    }
  };
}

function asRead(source: Source): Plugin {
  return {
    name: "as-read",
    setup(build) {
      build.onLoad({ filter: /.*/ }, () => source);
    },
  };
}
