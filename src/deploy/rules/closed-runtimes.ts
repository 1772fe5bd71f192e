import { RUNTIMES, type Runtime, successorOf } from "../../definition/runtimes.ts";
import type { Evaluator } from "../../readers/cloudformation/rules/intrinsic-functions.ts";
import type { Origins } from "../../readers/cloudformation/rules/origins.ts";
import type { Finding } from "../../readers/cloudformation/rules/report.ts";
import { isObject, section } from "../../readers/cloudformation/rules/tree.ts";
import type { JsonObject } from "../template/model.ts";
import { valueAt } from "./local-paths.ts";

/** Why Lambda creates no function with a runtime; undefined if it does. */
export function closedRuntime(runtime: Runtime): string | undefined {
  const successor = successorOf(runtime);
  if (successor === undefined) return undefined;
  return `Lambda rejects new functions with ${runtime}; use ${successor}.`;
}

const FUNCTIONS = ["AWS::Lambda::Function", "AWS::Serverless::Function"];

/** A warning for each use of a closed runtime in a template. */
export function closedRuntimes(
  template: JsonObject,
  resources: readonly JsonObject[],
  evaluator: Evaluator,
  origins: Origins,
): readonly Finding[] {
  const globals = valueAt(template, ["Globals", "Function"]);
  const naming = resources.flatMap((resource) => {
    if (!FUNCTIONS.includes(String(resource.Type))) return [];
    const own = section(resource, "Properties");
    if (own.Runtime !== undefined) return [own];
    return resource.Type !== "AWS::Lambda::Function" && isObject(globals) ? [globals] : [];
  });
  return [...new Set(naming)].flatMap((place): readonly Finding[] => {
    const named = evaluator.value(place.Runtime ?? null);
    const runtime = RUNTIMES.find((each) => each === named);
    const problem = runtime && closedRuntime(runtime);
    if (problem === undefined) return [];
    return [{ severity: "warning", origin: origins.of(place, "Runtime"), problem }];
  });
}
