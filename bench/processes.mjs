// @ts-check
import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

/** @typedef {import("node:child_process").ChildProcess} ChildProcess */

const GRACE_MS = 3_000;

/** @type {import("node:stream").Writable | undefined} */
let undertaker;

/**
 * Starts a Node process with its own process group. The group ends as a whole, by `stopProcess` or with this
 * process, however that ends.
 * @param {readonly string[]} args
 * @param {{ stdio: import("node:child_process").StdioOptions }} options
 */
export function startNode(args, options) {
  undertaker ??= startUndertaker();
  const child = spawn(process.execPath, args, { ...options, detached: true });
  undertaker.write(`+${child.pid}\n`);
  child.once("exit", () => {
    killGroup(child); // child processes it left behind
    undertaker?.write(`-${child.pid}\n`);
  });
  return child;
}

/**
 * Asks a process to end, and kills its whole group if it has not ended after three seconds.
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
  // Detached, so that Ctrl-C in the terminal does not reach it.
  const child = spawn(process.execPath, [program], {
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
  });
  child.unref();
  const input = /** @type {import("node:net").Socket} */ (child.stdin);
  input.unref();
  return input;
}
