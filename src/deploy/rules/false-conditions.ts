import type { Evaluator } from "../../readers/cloudformation/rules/intrinsic-functions.ts";
import type { Json, JsonObject } from "../template/model.ts";

/** The conditions of a template that are false, without those that depend on a parameter with an unknown value. */
export function falseConditions(
  conditions: JsonObject,
  unknown: readonly string[],
  evaluator: Evaluator,
): readonly string[] {
  return Object.keys(conditions).filter(
    (name) => !isOpen(name, conditions, unknown) && !evaluator.holds(name),
  );
}

/** Whether a condition depends on parameters with unknown values, directly or through other conditions. */
function isOpen(name: string, conditions: JsonObject, unknown: readonly string[]): boolean {
  const seen = new Set<string>();
  const isOpenNode = (node: Json | undefined): boolean => {
    if (typeof node === "string") {
      if (unknown.some((each) => node === each || node.includes(`\${${each}}`))) return true;
      if (seen.has(node) || !Object.hasOwn(conditions, node)) return false;
      seen.add(node);
      return isOpenNode(conditions[node]);
    }
    return typeof node === "object" && node !== null && Object.values(node).some(isOpenNode);
  };
  return isOpenNode(name);
}
