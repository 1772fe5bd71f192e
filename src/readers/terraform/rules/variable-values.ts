import type { Entries, Value } from "./values.ts";

/** The files of a directory with values of variables: of two values, the later file's counts. */
export function variableFiles(names: readonly string[]): readonly string[] {
  return [
    ...["terraform.tfvars", "terraform.tfvars.json"].filter((name) => names.includes(name)),
    ...names.filter((name) => /\.auto\.tfvars(?:\.json)?$/.test(name)).sort(),
  ];
}

/** A value, or the text of one, whose meaning depends on the type of its variable. */
type Given = { readonly value: Value } | { readonly text: string };

/**
 * The given value of a variable: a plan's, else the command line's, else that of a file, else that of
 * `TF_VAR_NAME`. Without one, the variable has its default.
 */
export function givenValue(
  name: string,
  from: {
    readonly variables: Entries;
    readonly parameters: Readonly<Record<string, string>>;
    readonly inFiles: ReadonlyMap<string, Value>;
    readonly env: Readonly<Record<string, string | undefined>>;
  },
): Given | undefined {
  const { variables, parameters, inFiles, env } = from;
  if (Object.hasOwn(variables, name)) return { value: variables[name] ?? null };
  if (parameters[name] !== undefined) return { text: parameters[name] };
  const value = inFiles.get(name);
  if (value !== undefined) return { value };
  const text = env[`TF_VAR_${name}`];
  return text === undefined ? undefined : { text };
}

/** The error about a variable that is used and has neither a value nor a default. */
export function noValue(name: string, modules: readonly string[]): string {
  return modules.length === 0
    ? `the variable ${name} has no value. Set one in terraform.tfvars, as TF_VAR_${name}, or with --parameter-overrides ${name}=VALUE.`
    : `the variable ${name} has no value. Set it in module.${modules.at(-1)}.`;
}
