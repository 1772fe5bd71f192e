import type { Fault } from "../../definition/faults.ts";
import type { ApiTable, Project } from "../../definition/project.ts";
import type { Value } from "../../definition/references.ts";

/** The names that are valid only on this machine: the definition's, and the local ids of its APIs, by key. */
type Here = {
  readonly project: Project;
  readonly apiIds: Readonly<Record<string, string>>;
};

/** Environment variables whose value is valid only on this machine. */
export function localValues(here: Here): readonly Fault[] {
  return Object.values(here.project.functions).flatMap((fn) =>
    Object.entries(fn.environment).flatMap(([name, value]): readonly Fault[] => {
      const [problem] = literalsIn(value).flatMap((text) => problemOf(text, here) ?? []);
      return problem === undefined ? [] : [[["functions", fn.name, "environment", name], problem]];
    }),
  );
}

/** The literal strings in a value; references are valid everywhere. */
function literalsIn(value: Value): readonly string[] {
  if (typeof value === "string") return [value];
  return "join" in value ? value.join.flatMap(literalsIn) : [];
}

const LOOPBACK = /(?<![\w.-])(?:localhost|127\.0\.0\.1|\[::1\])(?![\w.-])/i;

function problemOf(value: string, { project, apiIds }: Here): string | undefined {
  const [loopback] = LOOPBACK.exec(value) ?? [];
  if (loopback !== undefined) {
    return `contains ${loopback}, which on AWS is the function's own execution environment. Set an address that it can reach there.`;
  }
  const words = value.split(/[^a-z0-9]+/i);
  const [key, apiId] = Object.entries(apiIds).find(([, id]) => words.includes(id)) ?? [];
  if (key !== undefined) {
    return `contains ${apiId}, the id of the API ${project.apis[key]?.name} on this machine. On AWS it has another. Refer to it: { ref: "api.${key}.id" }.`;
  }
  const table = Object.values(project.tables).find((each) => isNamed(each, value));
  if (table === undefined) return undefined;
  return `contains "${table.name}", the name of the table ${table.logicalName} on this machine. CloudFormation gives it another. Refer to it: { ref: "table.${table.logicalName}.name" }.`;
}

/** Whether a value is the table's name, or an ARN of the table or of a part of it. */
function isNamed({ name }: ApiTable, value: string): boolean {
  return value === name || (value.startsWith("arn:") && value.split("/")[1] === name);
}
