// Writes the entry file of the command.
import { chmodSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { keep } from "./keep.mjs";

const root = join(import.meta.dirname, "..");

/** Writes `cli.js` next to the `wsgw.js` that it loads. Returns its path. */
export function buildBin(folder) {
  const { engines } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const text = readFileSync(join(root, "cli/bin.js"), "utf8").replace("ENGINES", engines.node);
  const file = join(folder, "cli.js");
  keep(file, `#!/usr/bin/env node\n${text}`);
  chmodSync(file, 0o755);
  return file;
}
