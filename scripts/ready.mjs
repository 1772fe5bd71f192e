// Prepares a checkout: installs the packages, and builds dist/ if it is missing or stale. Loads only Node's
// own modules, so it is fast if there is nothing to do.
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { isDistStale, isStale } from "./stale.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const at = (...parts) => join(root, ...parts);

if (isStale("node_modules/.package-lock.json", ["package-lock.json"])) {
  console.log("wsgw: installing packages (npm ci)");
  const { status } = spawnSync("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: root,
    stdio: "inherit",
    shell: process.platform === "win32",
  });
  if (status !== 0) process.exit(status ?? 1);
}

if (isDistStale()) {
  console.log("wsgw: building");
  execFileSync(process.execPath, [at("scripts", "build.mjs")], { cwd: root, stdio: "inherit" });
}

// npx finds the command of its own package only through its cache, which remembers forever that dist/ was
// missing the first time.
const command = at("node_modules", ".bin", "wsgw");
if (process.platform !== "win32" && !existsSync(command)) {
  symlinkSync(join("..", "..", "dist", "cli.js"), command);
}
