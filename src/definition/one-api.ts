import { WsgwError } from "../errors.ts";
import type { Api, ApiFunction, Project } from "./model.ts";
import { fromCodeRoot } from "./runtimes.ts";

/**
 * One API of a project with its first stage, for whatever serves a single one: the only API, or the one that `key`
 * names. Throws CONFIG_INVALID where the project has more than that.
 */
export function apiOf(project: Project, where: string, key?: string): Api {
  const [api, ...others] = Object.values(project.apis).filter(
    (candidate) => key === undefined || candidate.key === key,
  );
  const [stage, ...otherStages] = Object.values(api?.stages ?? {});
  if (api === undefined || stage === undefined || others.length + otherStages.length > 0) {
    const what = others.length > 0 ? "APIs" : "stages of an API";
    const message = `${where}: several ${what} in one project cannot run yet; leave one.`;
    throw new WsgwError("CONFIG_INVALID", message);
  }
  return {
    name: api.name,
    description: api.description,
    routeSelectionExpression: api.routeSelectionExpression,
    stage,
    functions: Object.fromEntries(
      Object.entries(project.functions).map(([name, { root, ...fn }]) => [
        name,
        withTableNames(project, fromCodeRoot(root, fn)),
      ]),
    ),
    routes: Object.fromEntries(
      Object.entries(api.routes).map(([routeKey, { integration, ...route }]) => [
        routeKey,
        { ...route, function: integration.function },
      ]),
    ),
    tables: project.tables,
    customDomain: api.customDomain,
    domainName: api.domainName,
    endpoints: project.endpoints,
    hooks: project.hooks,
    deploy: project.deploy,
  };
}

/** The variables that tables fill hold the names of this machine. */
function withTableNames({ tables }: Project, fn: ApiFunction): ApiFunction {
  const names = Object.values(tables).flatMap(({ environmentVariable, functions, name }) =>
    environmentVariable !== undefined && functions.includes(fn.name)
      ? [[environmentVariable, name] as const]
      : [],
  );
  return { ...fn, environment: { ...fn.environment, ...Object.fromEntries(names) } };
}
