import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import { whyNotStarted } from "../../errors/in-words.ts";
import { WsgwError } from "../../errors.ts";

const ARGUMENTS = ["install", "--no-audit", "--no-fund", "--loglevel=error"];

/** Runs `npm install` in `root`. Throws a WsgwError, `INSTALL_FAILED`, with npm's message. */
export async function installPackages(root: string): Promise<void> {
  const npm = spawn("npm", ARGUMENTS, {
    cwd: root,
    stdio: ["ignore", "pipe", "pipe"],
    shell: process.platform === "win32", // on Windows npm is a shell script
  });
  const ended = new Promise<number | NodeJS.Signals | null>((resolve, reject) => {
    npm.once("error", reject);
    npm.once("close", (code, signal) => resolve(signal ?? code));
  });
  try {
    const [status, out, err] = await Promise.all([ended, text(npm.stdout), text(npm.stderr)]);
    if (status === 0) return;
    const said = [err, out].map((each) => each.trim()).filter((each) => each !== "");
    const message = [`npm install ended with ${status} in ${root}:`, ...said].join("\n");
    throw new WsgwError("INSTALL_FAILED", message);
  } catch (cause) {
    if (cause instanceof WsgwError) throw cause;
    throw new WsgwError("INSTALL_FAILED", `npm cannot start in ${root}: ${whyNotStarted(cause)}.`, {
      cause,
    });
  }
}
