// @ts-check
import { dirname, join } from "node:path";
import { build } from "esbuild";

/**
 * Builds a definition and its `handlers.ts` with one esbuild run, and loads the definition.
 * @param {string} config
 */
export async function compile(config) {
  const source = dirname(config);
  const directory = join(source, ".wsgw", "floor");
  await build({
    entryPoints: [config, join(source, "handlers.ts")],
    outdir: directory,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    format: "esm",
    packages: "external",
    platform: "node",
  });
  const { default: api } = await import(join(directory, "wsgw.config.mjs"));
  return { api, directory };
}
