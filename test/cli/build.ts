import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { buildBin } from "../../scripts/build-bin.mjs";
import { commandLine } from "../../scripts/bundle-options.mjs";
import { keep } from "../../scripts/keep.mjs";
import { buildLambdaChild } from "../lambda-child.ts";

let built: Promise<string> | undefined;

/**
 * Builds the command line as it is now, for tests that run it as a process, so that they never test a
 * dist/ of yesterday, and returns its file. Once for all files of a process of tests.
 */
export function buildCli(): Promise<string> {
  built ??= bundle();
  return built;
}

/** It stands in dist/ because the package's own imports are resolved from there. */
async function bundle(): Promise<string> {
  await buildLambdaChild();
  const outdir = fileURLToPath(new URL("../../dist/test-cli", import.meta.url));
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
