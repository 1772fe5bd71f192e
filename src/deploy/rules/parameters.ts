/** The parameters of a template: those with a default need no value. */
export type TemplateParameters = Readonly<Record<string, { readonly Default?: unknown }>>;

type ParameterPlan = {
  readonly values: Readonly<Record<string, string>>;
  /** Those that keep the stack's value. */
  readonly kept: readonly string[];
  /** Whole sentences. */
  readonly faults: readonly string[];
};

/**
 * Decides the value of each template parameter: the given one, else the stack's, else the template's default.
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
        (name) => `The template has no parameter "${name}". It has ${names.sort().join(", ")}.`,
      ),
      ...missing.map((name) => `The parameter "${name}" has no value and no default.`),
    ],
  };
}
