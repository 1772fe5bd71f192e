import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));
const outfile = `${root}dist/lambda-child.cjs`;

/** Makes the programs of the execution environments, for Node and for Python. */
export async function buildLambdaChild() {
  keep(
    `${root}dist/python-bootstrap.py`,
    readFileSync(`${root}src/emulator/lambda/runtime-api/bootstrap.py`, "utf8"),
  );
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: ["src/emulator/lambda/child-process/child/bootstrap.ts"],
    outfile,
    bundle: true,
    platform: "node",
    target: "node20.19",
    format: "cjs",
    write: false,
  });
  keep(outfile, outputFiles[0].text);
}

/** A file that would stay the same is left alone. */
function keep(file, text) {
  if (existsSync(file) && readFileSync(file, "utf8") === text) return;
  mkdirSync(`${root}dist`, { recursive: true });
  // Written aside and renamed: test files run side by side and may start a child meanwhile.
  const aside = `${file}.${process.pid}`;
  writeFileSync(aside, text);
  renameSync(aside, file);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildLambdaChild();
