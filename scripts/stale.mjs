// Whether built files are older than their sources. Loads only Node's own modules, so it is fast.
import { existsSync, readdirSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const at = (path) => join(root, path);

/** Whether dist/ is missing or older than the sources. */
export function isDistStale() {
  return isStale("dist/cli.js", [
    "src",
    "cli",
    "scripts",
    "templates",
    "package.json",
    "tsconfig.json",
    "tsconfig.build.json",
    "wsgw.config.ts",
  ]);
}

/** Whether `made` is missing or older than one of its sources. Paths are relative to the checkout. */
export function isStale(made, sources) {
  if (!existsSync(at(made))) return true;
  const { mtimeMs } = statSync(at(made));
  return sources.some((source) => newest(at(source)) > mtimeMs);
}

function newest(path) {
  const { mtimeMs } = statSync(path);
  if (!statSync(path).isDirectory()) return mtimeMs;
  return readdirSync(path).reduce(
    (latest, name) => Math.max(latest, newest(join(path, name))),
    mtimeMs,
  );
}
