import { objectOf } from "../values/json.ts";
import { placeOf, type Report } from "./faults.ts";
import { DEFINITION_LIMITS } from "./limits.ts";
import type { Parts, Table } from "./raw-parts.ts";

/** Checks the variables that the author and the tables set. */
export function checkEnvironment(
  name: string,
  fn: Parts,
  tables: readonly Table[],
  report: Report,
): void {
  const path = ["functions", name, "environment"];
  const own = objectOf(fn.environment);
  const filled = new Map<string, Table>();

  for (const table of tables) {
    if (table.variable === undefined) continue;
    const other = filled.get(table.variable);
    filled.set(table.variable, table);
    if (other !== undefined) {
      report(
        [...table.path, "environmentVariable"],
        `"${table.variable}" is also set by ${placeOf(other.path)}, and function ${name} uses both. Choose another variable.`,
      );
    } else if (Object.hasOwn(own, table.variable)) {
      report(
        [...path, table.variable],
        `${placeOf(table.path)} sets this variable to the name of its table. Remove it here, or rename one of them.`,
      );
    }
  }

  const whole = {
    ...own,
    ...Object.fromEntries([...filled].map(([variable, table]) => [variable, table.name])),
  };
  const bytes = environmentBytes(whole);
  if (bytes > DEFINITION_LIMITS.environmentBytes) {
    report(
      path,
      `${bytes} bytes exceed Lambda's limit of ${DEFINITION_LIMITS.environmentBytes}. Shorten it.`,
    );
  }
}

/**
 * Lambda measures the variables as JSON: its error contains "String measured: {…}".
 * @see https://github.com/github-aws-runners/terraform-aws-github-runner/issues/3594
 */
function environmentBytes(environment: Parts): number {
  const texts = Object.entries(environment).filter(([, value]) => typeof value === "string");
  return Buffer.byteLength(JSON.stringify(Object.fromEntries(texts)));
}
