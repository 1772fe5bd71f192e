import { readFileSync } from "node:fs";
import { parseJson } from "../../values/json.ts";
import { Origins } from "../cloudformation/rules/origins.ts";
import { type PlanText, regionInPlan } from "./rules/plan-or-state.ts";
import { isSourceFile } from "./rules/terraform-files.ts";
import { openTerraform, type ProjectOptions } from "./terraform-project.ts";

/** The region of the provider `aws`, in the files or in a plan; undefined if it has none. */
export function providerRegion(options: ProjectOptions): string | undefined {
  if (!isSourceFile(options.file)) {
    const plan = planIn(options.file);
    return plan && regionInPlan(plan);
  }
  const tools = {
    origins: new Origins(),
    report: () => {},
    inputs: new Set<string>(),
    leaveOpen: () => {},
  };
  const region = openTerraform(options, tools)?.ofProvider("aws", "region");
  return typeof region === "string" && region !== "" ? region : undefined;
}

/** A plan or a state; undefined if the file is not JSON. */
export function planIn(file: string): PlanText | undefined {
  const text = readFileSync(file, "utf8");
  const json = parseJson(text);
  return json && { file, text, json: json.value };
}
