import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { errorCode } from "../errors/error-code.ts";
import { isRunning } from "../processes/is-running.ts";

const LOOK_AGAIN_MS = 50;

/**
 * Runs `work` while no other process does, such as the workers of a test run: a lock file contains the id of
 * the working process. Rejects if the signal aborts before its turn.
 */
export async function withFileLock<T>(
  file: string,
  signal: AbortSignal | undefined,
  work: () => Promise<T>,
): Promise<T> {
  mkdirSync(dirname(file), { recursive: true });
  while (!isTaken(file)) await delay(LOOK_AGAIN_MS, undefined, { signal });
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
}

/** Takes the lock file, also from a process that has ended. */
function isTaken(file: string): boolean {
  try {
    writeFileSync(file, String(process.pid), { flag: "wx" });
    return true;
  } catch (error) {
    if (errorCode(error) !== "EEXIST") throw error;
    const holder = Number(textOf(file));
    // a new file is empty, and belongs to a running process
    if (holder > 0 && !isRunning(holder)) rmSync(file, { force: true });
    return false;
  }
}

function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return ""; // it was released in the meantime
  }
}
