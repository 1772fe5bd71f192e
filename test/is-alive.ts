import { spawnSync } from "node:child_process";

/** Whether a process lives. One that has ended may be listed for long, until an init takes note of that. */
export function isAlive(pid: number): boolean {
  const { stdout } = spawnSync("ps", ["-o", "stat=", "-p", String(pid)], { encoding: "utf8" });
  return /^[^Z]/.test(stdout.trim());
}
