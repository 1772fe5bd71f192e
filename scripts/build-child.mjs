import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));
const outfile = `${root}dist/lambda-child.cjs`;

/** Builds the program of the execution environments. A file that would stay the same is left alone. */
export async function buildLambdaChild() {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: ["src/emulator/lambda/child/bootstrap.ts"],
    outfile,
    bundle: true,
    platform: "node",
    target: "node20.19",
    format: "cjs",
    write: false,
  });
  const text = outputFiles[0].text;
  if (existsSync(outfile) && readFileSync(outfile, "utf8") === text) return;
  mkdirSync(`${root}dist`, { recursive: true });
  // Written aside and renamed: test files run side by side and may start a child meanwhile.
  const aside = `${outfile}.${process.pid}`;
  writeFileSync(aside, text);
  renameSync(aside, outfile);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildLambdaChild();
