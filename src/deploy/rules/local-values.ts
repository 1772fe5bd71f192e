import type { Api, ApiTable } from "../../definition/project.ts";
import type { Value } from "../../definition/references.ts";

/** What names belong to this machine: the definition, and the id that its API has here. */
type Here = { readonly api: Api; readonly apiId: string };

/**
 * Environment variables whose value is right on this machine only, a sentence each. What a table's
 * `environmentVariable` fills in is not among them: CloudFormation fills that in too.
 */
export function localValues(here: Here): readonly string[] {
  const { functions, tables } = here.api;
  return Object.values(functions).flatMap((fn) => {
    const filledIn = Object.values(tables).flatMap((table) =>
      table.functions.includes(fn.name) ? (table.environmentVariable ?? []) : [],
    );
    return Object.entries(fn.environment).flatMap(([name, value]) => {
      if (filledIn.includes(name)) return [];
      const [problem] = literalsIn(value).flatMap((text) => problemOf(text, here) ?? []);
      return problem === undefined ? [] : [`functions.${fn.name}.environment.${name} ${problem}`];
    });
  });
}

/** The strings in a value that its author wrote; references are right everywhere. */
function literalsIn(value: Value): readonly string[] {
  if (typeof value === "string") return [value];
  return "join" in value ? value.join.flatMap(literalsIn) : [];
}

const LOOPBACK = /(?<![\w.-])(?:localhost|127\.0\.0\.1|\[::1\])(?![\w.-])/i;

function problemOf(value: string, { api, apiId }: Here): string | undefined {
  const [loopback] = LOOPBACK.exec(value) ?? [];
  if (loopback !== undefined) {
    return `names ${loopback}; on AWS that is the function's own execution environment. Give an address that it reaches there.`;
  }
  if (value.split(/[^a-z0-9]+/i).includes(apiId)) {
    return `holds ${apiId}, the id that the API ${api.name} has on this machine; on AWS it has another. Refer to it: { ref: "api.${api.key}.id" }.`;
  }
  const table = Object.values(api.tables).find((each) => isNamed(each, value));
  if (table === undefined) return undefined;
  return `holds "${table.name}", the name of the table ${table.logicalName} on this machine; CloudFormation gives it another. Refer to it: { ref: "table.${table.logicalName}.name" }.`;
}

/** Whether a value is the table's name, or an ARN of the table or of something in it. */
function isNamed({ name }: ApiTable, value: string): boolean {
  return value === name || (value.startsWith("arn:") && value.split("/")[1] === name);
}
