import { WsgwError } from "../errors.ts";
import { mapValues } from "./map-values.ts";
import type { Api, ApiFunction, Project } from "./model.ts";
import { type Meanings, resolveReferences } from "./resolve.ts";
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
    const message = `${where}: wsgw cannot run several ${what} in one project yet; keep one.`;
    throw new WsgwError("CONFIG_INVALID", message);
  }
  const { tables, endpoints, hooks, deploy } = project;
  return {
    key: api.key,
    name: api.name,
    description: api.description,
    routeSelectionExpression: api.routeSelectionExpression,
    stage,
    functions: mapValues(project.functions, ({ root, ...fn }) =>
      withTableNames(project, fromCodeRoot(root, fn)),
    ),
    routes: mapValues(api.routes, ({ integration, ...route }) => ({
      ...route,
      function: integration.function,
    })),
    tables,
    customDomain: api.customDomain,
    domainName: api.domainName,
    endpoints,
    hooks,
    deploy,
  };
}

/**
 * A project as it runs on this machine: without references, its functions named from the folder of the definition,
 * and the names of its tables in their variables.
 */
export type LocalProject = Omit<Project, "functions" | "region" | "accountId"> & {
  readonly region: string;
  readonly accountId: string;
  readonly functions: Readonly<Record<string, ApiFunction>>;
};

export function localProject(project: Project, meanings: Meanings): LocalProject {
  const resolved = resolveReferences(project, meanings);
  return {
    ...resolved,
    region: meanings.region,
    accountId: meanings.accountId,
    functions: mapValues(resolved.functions, ({ root, ...fn }) =>
      withTableNames(project, fromCodeRoot(root, fn)),
    ),
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
