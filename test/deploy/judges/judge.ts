import { spawnSync } from "node:child_process";

/**
 * Whether a judge that wsgw did not write is on this machine. Without it its tests are skipped, and
 * say so; with `CI=true` they run all the same, and fail.
 */
export function isInstalled(command: string, ...args: readonly string[]): boolean {
  const { status } = spawnSync(command, args, { stdio: "ignore" });
  return status === 0 || process.env.CI === "true";
}
