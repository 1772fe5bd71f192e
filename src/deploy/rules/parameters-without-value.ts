import type { Origins } from "../../readers/cloudformation/rules/origins.ts";
import type { Finding } from "../../readers/cloudformation/rules/report.ts";
import type { JsonObject } from "../template/model.ts";
import { valueAt } from "./local-paths.ts";

/**
 * Warns about each parameter of a template that has neither a value nor a default. `unknown` are those without
 * a known value.
 */
export function parametersWithoutValue(
  parameters: JsonObject,
  unknown: readonly string[],
  {
    given,
    origins,
  }: { readonly given: Readonly<Record<string, string>>; readonly origins: Origins },
): readonly Finding[] {
  return unknown
    .filter((name) => !Object.hasOwn(given, name))
    .filter((name) => valueAt(parameters, [name, "Default"]) === undefined)
    .map((name) => ({
      severity: "warning",
      origin: origins.of(parameters, name),
      problem: `has no default and no value. Deploy with --parameter ${name}=VALUE, or set it in parameter_overrides of samconfig.toml.`,
    }));
}
