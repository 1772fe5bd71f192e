import type { CalledFunction, Route } from "./checked-project.ts";
import type { Value, Values } from "./references.ts";

const STAGE_VARIABLE = /\$\{stageVariables\.(\w+)\}/g;

/** Whether a route names its function with an alias or stage variables. */
export function isQualified(written: string): boolean {
  return written.includes(":") || written.includes("${");
}

/**
 * The function of a route on a stage with these variables, written as `send:live` or
 * `${stageVariables.fn}:${stageVariables.alias}`. A variable contains a function's name on AWS.
 */
export function calledFunction(
  written: string,
  variables: Values,
  functions: Readonly<Record<string, { readonly functionName?: unknown }>>,
): CalledFunction {
  const filled = written.replaceAll(STAGE_VARIABLE, (whole, name: string) =>
    Object.hasOwn(variables, name) ? (nameIn(variables[name] ?? "") ?? whole) : whole,
  );
  const at = filled.search(/:(?!.*\})/);
  const [called, qualifier] = at < 0 ? [filled] : [filled.slice(0, at), filled.slice(at + 1)];
  const byName = Object.keys(functions).find((key) => functions[key]?.functionName === called);
  return { name: byName ?? called, qualifier };
}

/** The start of a function's ARN; a stage variable may contain an ARN. */
const FUNCTION_ARN = /^arn:[^:]+:lambda:[^:]*:[^:]*:function:/;

/** The function's key in a reference to its name. */
function nameIn(value: Value): string | undefined {
  if (typeof value === "string") return value.replace(FUNCTION_ARN, "");
  return "ref" in value ? /^function\.([^.]+)\.name$/.exec(value.ref)?.[1] : undefined;
}

/** A route on a stage, if stage variables determine its function. */
export function routeAt<R extends Pick<Route, "calls" | "integration">>(
  route: R,
  stage: string,
): R {
  const called = route.calls?.[stage];
  if (called === undefined || !("function" in route.integration)) return route;
  const { name, qualifier } = called;
  return { ...route, integration: { ...route.integration, function: name }, qualifier };
}

/** The functions that a route calls on its stages, each once, with their aliases. */
export function targetsOf(route: Pick<Route, "calls" | "integration">): readonly CalledFunction[] {
  const { calls, integration } = route;
  if (!("function" in integration)) return [];
  const all = Object.values(calls ?? { any: { name: integration.function, qualifier: undefined } });
  return [...new Map(all.map((each) => [`${each.name}:${each.qualifier}`, each])).values()];
}
