import { createHash } from "node:crypto";
import { existsSync, mkdirSync, realpathSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { errorCode } from "../errors/error-code.ts";
import { whyNotWritten } from "../errors/in-words.ts";
import { WsgwError } from "../errors.ts";

// The only owner of the state directory's location: keys, builds and records of running gateways.

/** The state directory of a project with a config file; `root` is the directory of that file. */
export function stateNextTo(root: string): string {
  return join(root, ".wsgw");
}

/**
 * The state directory of a project without a config file: in the user's cache directory, because a directory
 * next to a template would appear in git and in the assets of its deployment.
 */
export function stateInCache(root: string): string {
  const real = realDirectory(root);
  const hash = createHash("sha256").update(real).digest("hex").slice(0, 12);
  return join(realDirectory(cacheDirectory()), "wsgw", `${basename(real)}-${hash}`);
}

/** Creates the directory, and makes git ignore it. Throws PROJECT_UNWRITABLE. */
export function makeStateDirectory(stateDir: string): void {
  const ignore = join(stateDir, ".gitignore");
  if (existsSync(ignore)) return;
  try {
    mkdirSync(stateDir, { recursive: true });
    writeFileSync(ignore, "*\n", { flag: "wx" });
  } catch (cause) {
    if (errorCode(cause) === "EEXIST" && existsSync(ignore)) return; // created by another process
    const message = `${stateDir} cannot be written: ${whyNotWritten(cause, stateDir)}.`;
    throw new WsgwError("PROJECT_UNWRITABLE", message, { cause });
  }
}

/** Whether this is the first call in a state directory, which is recorded there. False if that fails. */
export function isFirstTime(stateDir: string, what: string): boolean {
  try {
    makeStateDirectory(stateDir);
    writeFileSync(join(stateDir, what), "", { flag: "wx" });
    return true;
  } catch {
    return false;
  }
}

function cacheDirectory(): string {
  const { XDG_CACHE_HOME = "", LOCALAPPDATA = "" } = process.env;
  if (XDG_CACHE_HOME !== "") return resolve(XDG_CACHE_HOME);
  if (process.platform === "darwin") return join(homedir(), "Library", "Caches");
  if (process.platform === "win32" && LOCALAPPDATA !== "") return LOCALAPPDATA;
  return join(homedir(), ".cache");
}

/**
 * Source maps and records contain real paths; for a missing directory, that of its nearest existing parent
 * counts.
 */
function realDirectory(directory: string): string {
  try {
    return realpathSync(directory);
  } catch {
    const parent = dirname(directory);
    return parent === directory ? directory : join(realDirectory(parent), basename(directory));
  }
}
