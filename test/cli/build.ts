import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { buildBin } from "../../scripts/build-bin.mjs";
import { commandLine } from "../../scripts/bundle-options.mjs";
import { keep } from "../../scripts/keep.mjs";
import { isDistStale } from "../../scripts/stale.mjs";
import { buildLambdaChild } from "../lambda-child.ts";

let built: Promise<string> | undefined;

/**
 * Returns the file of the command line as it is now, for tests that run it as a process: that of dist/, or if
 * dist/ is older than the sources, a new bundle, built once for all files of a process of tests.
 */
export function buildCli(): Promise<string> {
  built ??= isDistStale() ? bundle() : Promise.resolve(inDist("cli.js"));
  return built;
}

const inDist = (name: string) => fileURLToPath(new URL(`../../dist/${name}`, import.meta.url));

/** Writes into dist/, because the package's own imports are resolved from there. */
async function bundle(): Promise<string> {
  await buildLambdaChild();
  const outdir = inDist("test-cli");
  const { outputFiles } = await build({
    ...commandLine,
    entryPoints: ["cli/wsgw.ts"],
    outdir,
    external: [...commandLine.external, "@aws-sdk/*"],
    write: false,
  });
  for (const { path, text } of outputFiles) keep(path, text);
  return buildBin(outdir);
}
