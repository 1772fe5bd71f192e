// @ts-check
import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

/** @typedef {import("node:child_process").ChildProcess} ChildProcess */

const GRACE_MS = 3_000;

/** @type {import("node:stream").Writable | undefined} */
let undertaker;

/**
 * Starts a Node process that leads a process group of its own. The group ends as a whole, by
 * `stopProcess` or, however this process ends, with it.
 * @param {readonly string[]} args
 * @param {{ stdio: import("node:child_process").StdioOptions }} options
 */
export function startNode(args, options) {
  undertaker ??= startUndertaker();
  const child = spawn(process.execPath, args, { ...options, detached: true });
  undertaker.write(`+${child.pid}\n`);
  child.once("exit", () => {
    killGroup(child); // what it left behind
    undertaker?.write(`-${child.pid}\n`);
  });
  return child;
}

/**
 * Asks a process to end, and ends it with its whole group when it does not within three seconds.
 * @param {ChildProcess} child
 */
export async function stopProcess(child) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, "exit");
  const timer = setTimeout(() => killGroup(child), GRACE_MS);
  child.kill("SIGTERM");
  await exited;
  clearTimeout(timer);
}

/** @param {ChildProcess} child */
function killGroup(child) {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, "SIGKILL");
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== "ESRCH") throw error;
  }
}

function startUndertaker() {
  const program = fileURLToPath(new URL("undertaker.mjs", import.meta.url));
  // Detached, so that Ctrl-C in the terminal does not reach it too.
  const child = spawn(process.execPath, [program], {
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
  });
  child.unref();
  const input = /** @type {import("node:net").Socket} */ (child.stdin);
  input.unref();
  return input;
}
