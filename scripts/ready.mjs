// Prepares a checkout: installs the packages, and builds dist/ if it is missing or stale. Loads only Node's
// own modules, so it is fast if there is nothing to do.
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, readdirSync, statSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const at = (...parts) => join(root, ...parts);

if (changed("node_modules/.package-lock.json", ["package-lock.json"])) {
  console.log("wsgw: installing packages (npm ci)");
  const { status } = spawnSync("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: root,
    stdio: "inherit",
    shell: process.platform === "win32",
  });
  if (status !== 0) process.exit(status ?? 1);
}

if (
  changed("dist/cli.js", [
    "src",
    "cli",
    "scripts",
    "templates",
    "package.json",
    "tsconfig.json",
    "tsconfig.build.json",
    "wsgw.config.ts",
  ])
) {
  console.log("wsgw: building");
  execFileSync(process.execPath, [at("scripts", "build.mjs")], { cwd: root, stdio: "inherit" });
}

// npx finds the command of its own package only through its cache, which remembers forever that dist/ was
// missing the first time.
const command = at("node_modules", ".bin", "wsgw");
if (process.platform !== "win32" && !existsSync(command)) {
  symlinkSync(join("..", "..", "dist", "cli.js"), command);
}

/** Whether `made` is missing or older than one of its sources. */
function changed(made, sources) {
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
