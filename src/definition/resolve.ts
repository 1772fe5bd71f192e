import { mapValues } from "../values/map-values.ts";
import type { Project, WebSocketApi } from "./checked-project.ts";
import { mapValuesOf } from "./integrations.ts";
import { lambdaName } from "./lambda-name.ts";
import type { RoleStatement } from "./parts.ts";
import {
  type ReferenceName,
  replaceReferences,
  resolveValue,
  resolveValues,
} from "./references.ts";
import { partitionOf } from "./region.ts";

/** The values of references in one place, for example on this machine. */
export type Meanings = {
  readonly region: string;
  readonly accountId: string;
  readonly idOf: (api: WebSocketApi) => string;
  /** The host in the API's URLs. */
  readonly hostOf: (api: WebSocketApi) => string;
};

/** The project with every reference replaced by a string. */
export function resolveReferences(project: Project, meanings: Meanings): Project {
  const lookUp = lookUpIn(project, meanings);
  const { apis, functions, deploy } = project;
  const statementsOf = (statements: readonly RoleStatement[]) =>
    replaceReferences(statements, (value) => resolveValue(value, lookUp));
  return {
    ...project,
    apis: mapValues(apis, (api) => ({
      ...api,
      stages: mapValues(api.stages, (stage) => ({
        ...stage,
        variables: resolveValues(stage.variables, lookUp),
      })),
      routes: mapValues(api.routes, ({ integration, ...route }) => ({
        ...route,
        integration: mapValuesOf(integration, {
          value: (value) => resolveValue(value, lookUp),
          statements: statementsOf,
        }),
      })),
      identities: mapValues(api.identities, ({ statements, ...identity }) => ({
        ...identity,
        ...(statements !== undefined && { statements: statementsOf(statements) }),
      })),
    })),
    functions: mapValues(functions, (fn) => ({
      ...fn,
      environment: resolveValues(fn.environment, lookUp),
      roleStatements: statementsOf(fn.roleStatements),
    })),
    deploy: { ...deploy, tags: resolveValues(deploy.tags, lookUp) },
  };
}

function lookUpIn(project: Project, meanings: Meanings): (name: ReferenceName) => string {
  const known = new Map<string, string>([
    ["region", meanings.region],
    ["accountId", meanings.accountId],
  ]);
  const arn = (service: string, rest: string) =>
    `arn:${partitionOf(meanings.region).name}:${service}:${meanings.region}:${meanings.accountId}:${rest}`;
  for (const [key, api] of Object.entries(project.apis)) {
    const [stage = ""] = Object.keys(api.stages);
    const address = `${meanings.hostOf(api)}/${stage}`;
    known.set(`api.${key}.id`, meanings.idOf(api));
    known.set(`api.${key}.url`, `wss://${address}`);
    known.set(`api.${key}.callbackUrl`, `https://${address}`);
    known.set(`api.${key}.stage`, stage);
  }
  for (const [key, { name }] of Object.entries(project.tables)) {
    known.set(`table.${key}.name`, name);
    known.set(`table.${key}.arn`, arn("dynamodb", `table/${name}`));
  }
  for (const [key, fn] of Object.entries(project.functions)) {
    known.set(`function.${key}.name`, lambdaName(fn));
    known.set(`function.${key}.arn`, arn("lambda", `function:${lambdaName(fn)}`));
  }
  return (name) => {
    const value = known.get(name);
    if (value === undefined) throw new Error(`${name} does not exist in the project.`);
    return value;
  };
}
