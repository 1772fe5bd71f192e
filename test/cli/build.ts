import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { buildLambdaChild } from "../../scripts/build-child.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));

/**
 * Builds the command line as it is now, for tests that run it as a process, so that they never test a
 * dist/ of yesterday. It stands in dist/ because the package's own imports are resolved from there.
 */
export async function buildCli(): Promise<{ cli: string; remove: () => Promise<void> }> {
  await mkdir(join(root, "dist"), { recursive: true });
  await buildLambdaChild();
  const folder = await mkdtemp(join(root, "dist", "test-cli-"));
  await build({
    absWorkingDir: root,
    entryPoints: ["cli/wsgw.ts"],
    outdir: folder,
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node20.19",
    packages: "external",
    logLevel: "error",
  });
  return {
    cli: join(folder, "wsgw.js"),
    remove: () => rm(dirname(join(folder, "wsgw.js")), { recursive: true, force: true }),
  };
}
