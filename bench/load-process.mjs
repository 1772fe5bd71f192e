// @ts-check
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { startNode, stopProcess } from "./processes.mjs";

const PROGRAM = fileURLToPath(new URL("load.mjs", import.meta.url));

/**
 * @typedef {{
 *   run(job: import("./load.mjs").Job, timeoutMs?: number): Promise<any>,
 *   stop(): Promise<void>,
 * }} Load `run` does one job at a time and rejects when it fails or takes too long
 */

/** Starts a load generator. @returns {Load} */
export function startLoad() {
  const child = startNode([PROGRAM], { stdio: ["ignore", "inherit", "inherit", "ipc"] });
  const ended = once(child, "exit").then(() => [{ error: "The load generator has ended." }]);
  return {
    async run(job, timeoutMs = 60_000) {
      child.send({ job, timeoutMs });
      const [{ result, error }] = await Promise.race([once(child, "message"), ended]);
      if (error !== undefined) throw new Error(error);
      return result;
    },
    stop: () => stopProcess(child),
  };
}
