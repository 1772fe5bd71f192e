import type { ReferenceName, Value } from "../../definition/references.ts";
import { partitionOf } from "../../definition/region.ts";
import type { ProjectDefinition } from "../../definition/written.ts";

/** Region, account and names that a definition's strings contain. */
export type MadeFor = {
  readonly region: string;
  readonly accountId: string;
  readonly apiIdOf: (name: string) => string;
};

/** Replaces placeholder values of a project's own resources by references. */
export function createReferrer(
  definition: ProjectDefinition,
  made: MadeFor,
): (text: string) => Value {
  const { region, accountId } = made;
  const whole = new Map<string, ReferenceName>();
  const parts = [...partsOf(definition, made, whole)];
  const places = [
    [accountId, "accountId"],
    [region, "region"],
  ] as const;
  return (text) => {
    const name = whole.get(text);
    if (name !== undefined) return { ref: name };
    const isOfAws = text.startsWith("arn:") || text.includes(".amazonaws.com");
    const joined = split(text, isOfAws ? [...parts, ...places] : parts);
    const [only = "", ...more] = joined;
    return more.length === 0 ? only : { join: joined };
  };
}

/**
 * The replaceable parts of strings, the longest first. A bare name means a resource only if it is the whole
 * string.
 */
function* partsOf(
  { name: project, apis, functions, tables = {} }: ProjectDefinition,
  { region, accountId, apiIdOf }: MadeFor,
  whole: Map<string, ReferenceName>,
): Iterable<readonly [string, ReferenceName]> {
  const { name: partition, domain } = partitionOf(region);
  const arn = (service: string, rest: string) =>
    `arn:${partition}:${service}:${region}:${accountId}:${rest}`;
  for (const [key, { name = `${project}-${key}`, stages }] of Object.entries(apis)) {
    const id = apiIdOf(name);
    const [stage = ""] = Object.keys(stages);
    const address = `${id}.execute-api.${region}.${domain}/${stage}`;
    yield [`wss://${address}`, `api.${key}.url`];
    yield [`https://${address}`, `api.${key}.callbackUrl`];
    yield [id, `api.${key}.id`];
  }
  for (const [key, { name = `${project}-${key}` }] of Object.entries(tables)) {
    whole.set(name, `table.${key}.name`);
    yield [arn("dynamodb", `table/${name}`), `table.${key}.arn`];
  }
  for (const [key, { functionName = key }] of Object.entries(functions)) {
    if (!whole.has(functionName)) whole.set(functionName, `function.${key}.name`);
    yield [arn("lambda", `function:${functionName}`), `function.${key}.arn`];
  }
}

function split(
  text: string,
  parts: readonly (readonly [string, ReferenceName])[],
): readonly Value[] {
  for (const [part, name] of parts) {
    const at = text.indexOf(part);
    if (at < 0 || goesOn(text, at + part.length, name)) continue;
    const around = [text.slice(0, at), text.slice(at + part.length)] as const;
    const [before, after] = around.map((each) => (each === "" ? [] : split(each, parts)));
    return [...(before ?? []), { ref: name }, ...(after ?? [])];
  }
  return [text];
}

/** `table/rooms` is not a prefix of `table/rooms-old`. */
function goesOn(text: string, end: number, name: ReferenceName): boolean {
  return /^(?:table|function)\./.test(name) && /[\w.-]/.test(text[end] ?? "");
}
