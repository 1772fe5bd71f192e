import { didYouMean, type Fault, shown } from "../../definition/faults.ts";
import type { TemplateDefinition } from "../../definition/from-template.ts";
import type { ProjectDefinition } from "../../definition/written.ts";
import { isObject, stringIn } from "../../values/json.ts";
import { mapValues } from "../../values/map-values.ts";
import type { UnservedFunction } from "./code-elsewhere.ts";

/** Whether an author's definition is a `fromTemplate()`. */
export function isFromTemplate(definition: unknown): definition is TemplateDefinition {
  return stringIn(definition, "template") !== undefined;
}

const FIELDS = [
  "template",
  "parameters",
  "apis",
  "functions",
  "tables",
  "accountLimits",
  "endpoints",
  "vpcLinks",
  "esbuild",
  "$schema",
];
const BY_ID = ["apis", "functions", "tables"] as const;

/** Errors in the additions themselves; the added fields are checked with the whole definition. */
export function faultsOfAdditions(additions: object): readonly Fault[] {
  const unknown = Object.keys(additions).filter((name) => !FIELDS.includes(name));
  const notByName = [...BY_ID, "parameters"].filter((name) => {
    const value: unknown = Reflect.get(additions, name);
    return value !== undefined && !isObject(value);
  });
  return [
    ...unknown.map((name): Fault => {
      const near =
        didYouMean(name, FIELDS) ?? `. Its fields are ${FIELDS.slice(1, -1).join(", ")}.`;
      return [[name], `"${name}" is not a field of fromTemplate()${near}`];
    }),
    ...notByName.map((name): Fault => {
      const value: unknown = Reflect.get(additions, name);
      return [[name], `${shown(value)} is not an object with a value for each name.`];
    }),
  ];
}

/** A template's definition with its author's additions; errors name what the template lacks. */
export function addTo(
  definition: ProjectDefinition,
  additions: TemplateDefinition,
  unserved: readonly UnservedFunction[],
): { readonly definition: ProjectDefinition; readonly faults: readonly Fault[] } {
  const faults = BY_ID.flatMap((part) =>
    Object.keys(additions[part] ?? {})
      .filter((id) => !Object.hasOwn(definition[part] ?? {}, id))
      .map((id): Fault => {
        const others = part === "functions" ? unserved : [];
        const why = others.find(({ key }) => key === id)?.why;
        if (why !== undefined) {
          const what =
            "set the directory of its code as `root`, or the program that runs it as `command`";
          return [[part, id], `the function ${why}. To serve it, ${what}.`];
        }
        const known = [...Object.keys(definition[part] ?? {}), ...others.map(({ key }) => key)];
        const near = didYouMean(id, known) ?? `. It has ${known.join(", ") || "none"}.`;
        return [[part, id], `"${id}" is not among the ${part} of the template${near}`];
      }),
  );
  const { accountLimits, endpoints, vpcLinks, esbuild, functions = {} } = additions;
  const whole: ProjectDefinition = {
    ...definition,
    apis: merged(definition.apis, additions.apis),
    functions: merged(definition.functions, functions, (before, added) => ({
      ...before,
      ...added,
      environment: { ...before.environment, ...added.environment },
    })),
    ...(definition.tables && { tables: merged(definition.tables, additions.tables) }),
    ...(accountLimits && { accountLimits }),
    ...(endpoints && { endpoints }),
    ...(vpcLinks && { vpcLinks }),
    ...(esbuild && { esbuild }),
  };
  return { definition: whole, faults };
}

/** Each value merged with its addition of the same name. */
function merged<T extends object, A extends Partial<T>>(
  values: Readonly<Record<string, T>>,
  additions: Readonly<Record<string, A>> = {},
  merge: (before: T, added: A) => T = (before, added) => ({ ...before, ...added }),
): Readonly<Record<string, T>> {
  return mapValues(values, (before, name) => {
    const added = additions[name];
    return isObject(added) ? merge(before, added) : before;
  });
}
