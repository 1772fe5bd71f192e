import { join } from "node:path";
import type { BuildOptions, Plugin } from "esbuild";
import { isOwnFile } from "./own-code.ts";

/** Stands in the code for all that tells or takes time; whoever evaluates the bundle hands it over. */
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

const LOADERS = { ts: "ts", mts: "ts", cts: "ts", tsx: "ts" } as const;

/**
 * Gives the project's own files another `Date` and other timers than packages have, which sign and
 * retry by the machine's. A file is own when no `node_modules` is above it.
 */
export function fakeTimers(): Plugin {
  return {
    name: "wsgw-own-time",
    setup(build) {
      const { absWorkingDir, target, platform } = build.initialOptions;
      const options: BuildOptions = {
        ...(absWorkingDir !== undefined && { absWorkingDir }),
        ...(target !== undefined && { target }),
        ...(platform !== undefined && { platform }),
        bundle: false,
        write: false,
        outdir: join(absWorkingDir ?? ".", ".wsgw"),
        define: REPLACED,
        sourcemap: "inline",
        sourcesContent: false,
        logLevel: "silent",
      };

      build.onResolve({ filter: /^(node:)?timers(\/promises)?$/ }, ({ path, importer }) =>
        isOwnFile(importer)
          ? { path: `wsgw:${path.replace(/^node:/, "")}`, external: true }
          : undefined,
      );
      build.onLoad({ filter: /\.[mc]?[jt]sx?$/ }, async ({ path, namespace }) => {
        if (namespace !== "file" || !isOwnFile(path)) return undefined;
        const { build: transform } = build.esbuild;
        try {
          const { outputFiles } = await transform({ ...options, entryPoints: [path] });
          const extension = path.slice(path.lastIndexOf(".") + 1);
          const loader = LOADERS[extension as keyof typeof LOADERS] ?? "js";
          return { contents: outputFiles?.[0]?.text ?? "", loader };
        } catch {
          return undefined; // broken code is reported where it stands
        }
      });
    },
  };
}
