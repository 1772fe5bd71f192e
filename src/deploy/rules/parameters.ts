/** What a template says of its parameters: those with a default need no value. */
export type TemplateParameters = Readonly<Record<string, { readonly Default?: unknown }>>;

type ParameterPlan = {
  readonly values: Readonly<Record<string, string>>;
  /** Those that keep the value that the stack has. */
  readonly kept: readonly string[];
  /** Whole sentences. */
  readonly faults: readonly string[];
};

/**
 * Decides the value of each parameter of a template: as given now, else as the stack has it, else the
 * template's default.
 */
export function planParameters(
  declared: TemplateParameters,
  given: Readonly<Record<string, string>>,
  deployed: readonly string[],
): ParameterPlan {
  const names = Object.keys(declared);
  const unknown = Object.keys(given).filter((name) => !names.includes(name));
  const unset = names.filter((name) => !(name in given) && !deployed.includes(name));
  const missing = unset.filter((name) => declared[name]?.Default === undefined);
  return {
    values: Object.fromEntries(Object.entries(given).filter(([name]) => names.includes(name))),
    kept: names.filter((name) => !(name in given) && deployed.includes(name)),
    faults: [
      ...unknown.map(
        (name) => `The template has no parameter "${name}"; it has ${names.sort().join(", ")}.`,
      ),
      ...missing.map((name) => `The parameter "${name}" has no value and no default.`),
    ],
  };
}
