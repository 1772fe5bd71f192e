import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const directory = fileURLToPath(new URL("../../../judges/serverless", import.meta.url));

/** The program of Serverless that a package has; it is installed once, where npm reaches its registry. */
export function programOf(name: "osls" | "serverless"): string | undefined {
  const program = join(directory, "node_modules", name, "bin", "serverless.js");
  if (existsSync(program)) return program;
  try {
    const args = ["install", "--no-audit", "--no-fund", "--ignore-scripts", "--no-package-lock"];
    execFileSync("npm", args, { cwd: directory, stdio: "ignore" });
  } catch (error) {
    if (process.env.CI === "true") throw error;
    console.warn(`${name} cannot be installed, and its tests are skipped.`);
  }
  return existsSync(program) ? program : undefined;
}
