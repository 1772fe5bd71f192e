import { functionNamed, qualifierIn } from "./function-names.ts";
import { field } from "./tree.ts";

/** The function that a URI of Lambda leads to, or why none does. */
export type Called = {
  /** In the definition; undefined if the function does not run here. */
  readonly key?: string;
  readonly name: string;
  readonly qualifier: string | undefined;
  /** Ends a sentence that begins with the function. */
  readonly why: string;
};

export type StageCall = Called & { readonly stage: string };

type Texts = Readonly<Record<string, string>>;

type Functions = {
  /** Keys in the definition by name on AWS. */
  readonly functions: ReadonlyMap<string, string>;
  /** Why other functions do not run, by name on AWS. */
  readonly unserved: ReadonlyMap<string, string>;
};

/** What a stage with these variables calls by a URI of Lambda. */
export function functionAt(
  uri: string,
  variables: Texts,
  { functions, unserved }: Functions,
): Called {
  const filled = filledIn(uri, variables);
  const name = functionNamed(filled);
  const key = name === undefined ? undefined : functions.get(name);
  const [unset] = /\$\{stageVariables\.\w+\}/.exec(filled) ?? [];
  const why =
    unset === undefined
      ? (unserved.get(name ?? "") ?? "is not in the template")
      : `has no name, because the stage does not set ${unset}`;
  const qualifier = qualifierIn(filled);
  return { ...(key !== undefined && { key }), name: name ?? uri, qualifier, why };
}

/** What each stage calls by a URI of Lambda. */
export function callsAt(
  uri: string,
  variables: Readonly<Record<string, Texts>>,
  functions: Functions,
): readonly StageCall[] {
  return Object.entries(variables).map(([stage, texts]) => ({
    stage,
    ...functionAt(uri, texts, functions),
  }));
}

/**
 * The function of a route whose stages make these calls, as the definition names it, and which stages have
 * none. A stage without a function fails alone. `function` is undefined if no stage has one.
 */
export function functionsByStage(uri: string, calls: readonly StageCall[]) {
  const [first, ...others] = calls.filter(({ key }) => key !== undefined);
  const differ = others.some(({ key }) => key !== first?.key);
  const byVariable = differ ? functionByVariable(uri) : undefined;
  const doesRun = ({ key }: StageCall): boolean =>
    key !== undefined && (byVariable !== undefined || key === first?.key);
  const runs = calls.filter(doesRun);
  const missing = calls.filter((call) => !doesRun(call));
  const missingAt: Texts = Object.fromEntries(
    missing.map(({ stage, name, why }) => [stage, `the function ${name} ${why}`]),
  );
  const qualifiers = new Set(runs.map(({ qualifier }) => qualifier));
  const [qualifier] = qualifiers.size === 1 ? qualifiers : [];
  const named = qualifier === undefined ? first?.key : `${first?.key}:${qualifier}`;
  return { function: byVariable ?? named, runs, missing, missingAt };
}

/** The function of a URI as stage variables name it; undefined for a URI without. */
function functionByVariable(uri: string): string | undefined {
  const named = /\/functions\/(.+)\/invocations$/.exec(uri)?.[1] ?? uri;
  const [, inArn] = /:function:([^:]*\$\{stageVariables\.\w+\}[^:]*)/.exec(named) ?? [];
  return inArn ?? /^\$\{stageVariables\.\w+\}$/.exec(named)?.[0];
}

/** A URI with the variables of a stage. */
export function filledIn(uri: string, variables: Texts): string {
  return uri.replace(
    /\$\{stageVariables\.(\w+)\}/g,
    (whole, name: string) => field(variables, name) ?? whole,
  );
}
