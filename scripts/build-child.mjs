import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { keep } from "./keep.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));

/**
 * Builds the programs of the execution environments, for Node and for Python, and the preload of other
 * programs.
 */
export async function buildLambdaChild() {
  keep(
    `${root}dist/python-bootstrap.py`,
    readFileSync(`${root}src/emulator/lambda/runtime-api/bootstrap.py`, "utf8"),
  );
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: {
      "lambda-child": "src/emulator/lambda/child-process/child/bootstrap.ts",
      "own-hosts": "src/emulator/own-hosts-preload.ts",
      "config-child": "src/readers/config/config-child.ts",
    },
    outdir: `${root}dist`,
    outExtension: { ".js": ".cjs" },
    bundle: true,
    platform: "node",
    target: "node20.19",
    format: "cjs",
    write: false,
  });
  for (const { path, text } of outputFiles) keep(path, text);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildLambdaChild();
