import { fieldOf, parseJson, stringIn } from "../../../values/json.ts";
import type { Finding } from "../../cloudformation/rules/report.ts";

/** Where `terraform init` lists the modules of registries and of git that it has fetched. */
export const MODULES_FILE = ".terraform/modules/modules.json";

/** The directory of a fetched module by the names of the calls that lead to it; undefined without `init`. */
export function fetchedDirectory(list: string, names: readonly string[]): string | undefined {
  const modules = fieldOf(parseJson(list)?.value, "Modules");
  const found = Array.isArray(modules)
    ? modules.find((each) => stringIn(each, "Key") === names.join("."))
    : undefined;
  return stringIn(found, "Dir");
}

/** A module that is not on this disk: an error for a local one, while others are ignored. */
export function moduleNotOnDisk(
  source: string,
  isLocal: boolean,
): Pick<Finding, "severity" | "problem"> {
  return isLocal
    ? { severity: "error", problem: `the module ${source} does not exist. Correct the path.` }
    : {
        severity: "warning",
        problem: `the module ${source} is not on this disk, so its resources are ignored. Run terraform init, or pass a plan with -t plan.json.`,
      };
}
