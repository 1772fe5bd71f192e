import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const directory = fileURLToPath(new URL("../../../judges/cdk", import.meta.url));

/** The packages of the CDK, which are installed once, where npm reaches its registry; undefined elsewhere. */
export function packagesOfCdk(): string | undefined {
  const packages = join(directory, "node_modules");
  const isThere = () => existsSync(join(packages, "aws-cdk-lib", "package.json"));
  if (isThere()) return packages;
  try {
    const args = ["install", "--no-audit", "--no-fund", "--no-package-lock"];
    execFileSync("npm", args, { cwd: directory, stdio: "ignore" });
  } catch (error) {
    if (process.env.CI === "true") throw error;
    console.warn("The CDK cannot be installed, and its tests are skipped.");
  }
  return isThere() ? packages : undefined;
}
