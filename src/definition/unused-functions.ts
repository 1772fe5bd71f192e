import type { Project } from "./checked-project.ts";
import type { Fault } from "./faults.ts";
import { functionsOf } from "./integrations.ts";
import { namesIn } from "./references.ts";

/** A warning about each function that nothing of the project uses. */
export function unusedFunctions(project: Project): readonly Fault[] {
  const { functions } = project;
  const used = usedFunctions(project);
  return Object.keys(functions)
    .filter((name) => !used.has(name) && !isNamed(name, functions))
    .map((name) => [["functions", name], "no route uses this function, and nothing refers to it."]);
}

/** Functions that routes and authorizers use, or that other parts reference, for example to invoke them. */
function usedFunctions({ apis, functions }: Project): ReadonlySet<string> {
  const referring = [
    ...Object.values(functions).map((fn) => [Object.values(fn.environment), fn.roleStatements]),
    ...Object.values(apis).flatMap(({ stages }) =>
      Object.values(stages).map(({ variables }) => Object.values(variables)),
    ),
  ];
  const routes = Object.values(apis).flatMap((api) => Object.values(api.routes));
  const authorizers = Object.values(apis).flatMap((api) => Object.values(api.authorizers));
  return new Set([
    ...authorizers.map((authorizer) => authorizer.function),
    ...routes.flatMap(functionsOf),
    ...namesIn(referring).flatMap((name) => /^function\.([^.]+)\./.exec(name)?.[1] ?? []),
  ]);
}

/**
 * Whether the environment of another function contains this one's name or ARN as a string, and so may invoke
 * it.
 */
function isNamed(name: string, functions: Project["functions"]): boolean {
  const literal = new RegExp(`^(.+:)?${name}(:[\\w$-]+)?$`);
  return Object.values(functions).some(
    (other) =>
      other.name !== name &&
      Object.values(other.environment).some(
        (value) => typeof value === "string" && literal.test(value),
      ),
  );
}
