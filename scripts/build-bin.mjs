// Writes the files that are loaded first, and that every Node can read.
import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildSync } from "esbuild";
import { keep } from "./keep.mjs";

const root = join(import.meta.dirname, "..");

/** Writes `cli.js` next to the `wsgw.js` that it loads. Returns its path. */
export function buildBin(directory) {
  const file = join(directory, "cli.js");
  keep(file, `#!/usr/bin/env node\n${textOf("cli/bin.js")}`);
  chmodSync(file, 0o755);
  return file;
}

/**
 * Makes entries in `directory` fail with one sentence on a Node that is too old, before they load anything else.
 * @param {string} directory
 * @param {{ modules?: readonly string[], scripts?: readonly string[] }} entries
 */
export function guardEntries(directory, { modules = [], scripts = [] }) {
  const check = textOf("cli/needs-node.js");
  writeFileSync(join(directory, "needs-node.js"), check);
  for (const name of modules) {
    const file = join(directory, name);
    writeFileSync(file, `import "./needs-node.js";\n${readFileSync(file, "utf8")}`);
  }
  for (const name of scripts) {
    const file = join(directory, name);
    writeFileSync(file, `{\n${check}}\n${readFileSync(file, "utf8")}`);
  }
}

/** A file with what it imports. It has no imports left, so that it is a module and a script. */
function textOf(entry) {
  const { engines } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const { outputFiles } = buildSync({
    entryPoints: [join(root, entry)],
    bundle: true,
    format: "esm",
    platform: "neutral",
    target: "node13.2",
    charset: "utf8",
    external: ["./wsgw.js"],
    write: false,
  });
  return outputFiles[0].text.replace("ENGINES", engines.node);
}
