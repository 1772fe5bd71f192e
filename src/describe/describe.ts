import type { Api, ApiFunction, ApiTable, KeyDefinition } from "../definition/project.ts";
import { resolveValues, type Values } from "../definition/references.ts";
import { undeployable } from "../deploy/template/deployable.ts";

/** What an API consists of and who may do what, in words and names; plain data in a stable order. */
export type ApiDescription = {
  readonly name: string;
  readonly description: string;
  readonly routeSelectionExpression: string;
  readonly stage: { readonly name: string; readonly variables: Readonly<Record<string, string>> };
  /** Where clients connect on AWS; `{apiId}` and `{region}` are known after a deploy. */
  readonly url: string;
  readonly customDomainUrl?: string;
  readonly routes: readonly RouteDescription[];
  readonly functions: readonly FunctionDescription[];
  readonly tables: readonly TableDescription[];
  /** What of it cannot be deployed, and why. */
  readonly undeployable: readonly string[];
};

type RouteDescription = {
  readonly routeKey: string;
  readonly function: string;
  /** What the handler returns is sent back to the client. */
  readonly twoWay: boolean;
  readonly integrationTimeoutMs: number;
  readonly operationName?: string;
};

export type FunctionDescription = {
  readonly name: string;
  readonly handler: string;
  readonly runtime: string;
  readonly memoryMb: number;
  readonly timeoutSeconds: number;
  readonly routes: readonly string[];
  readonly tables: readonly string[];
  /** Names of its environment variables. */
  readonly environment: readonly string[];
  /** Name or ARN of a role that exists already; then `permissions` is empty, for they stand there. */
  readonly role?: string;
  /** What its role allows. */
  readonly permissions: readonly PermissionDescription[];
};

type PermissionDescription = {
  readonly effect: "Allow" | "Deny";
  readonly actions: readonly string[];
  readonly resource: string;
};

export type TableDescription = {
  readonly name: string;
  /** Such as `room (S), sentAt (N)`. */
  readonly key: string;
  /** Keys by name of the index. */
  readonly indexes: Readonly<Record<string, string>>;
  /** Such as `on-demand` or `5 read and 5 write units`. */
  readonly capacity: string;
  readonly timeToLive?: string;
  readonly environmentVariable?: string;
  readonly functions: readonly string[];
  /** What becomes of it when the stack no longer has it. */
  readonly deletionPolicy: string;
};

const FIRST_ROUTES = ["$connect", "$disconnect", "$default"];

/** Describes an API from its definition alone: nothing is looked up, here or on AWS. */
export function describeApi(api: Api): ApiDescription {
  const { customDomain, stage } = api;
  return {
    name: api.name,
    description: api.description ?? "",
    routeSelectionExpression: api.routeSelectionExpression,
    stage: { name: stage.name, variables: inWords(stage.variables) },
    url: `wss://{apiId}.execute-api.{region}.amazonaws.com/${stage.name}`,
    ...(customDomain && {
      customDomainUrl: `wss://${[customDomain.name, customDomain.mappingKey].filter(Boolean).join("/")}`,
    }),
    routes: routeKeysOf(api).map((routeKey) => describeRoute(api, routeKey)),
    functions: sortedValues(api.functions).map((fn) => describeFunction(api, fn)),
    tables: sortedValues(api.tables).map(describeTable),
    undeployable: undeployable(api),
  };
}

function routeKeysOf({ routes }: Api): readonly string[] {
  const own = Object.keys(routes).filter((key) => !FIRST_ROUTES.includes(key));
  return [...FIRST_ROUTES.filter((key) => key in routes), ...own.sort()];
}

function describeRoute({ routes }: Api, routeKey: string): RouteDescription {
  const route = routes[routeKey];
  return {
    routeKey,
    function: route?.function ?? "",
    twoWay: route?.routeResponse ?? false,
    integrationTimeoutMs: route?.integrationTimeout ?? 0,
    ...(route?.operationName !== undefined && { operationName: route.operationName }),
  };
}

function describeFunction(api: Api, fn: ApiFunction): FunctionDescription {
  const tables = sortedValues(api.tables).filter(({ functions }) => functions.includes(fn.name));
  return {
    name: fn.name,
    handler: fn.handler,
    runtime: fn.runtime,
    memoryMb: fn.memory,
    timeoutSeconds: fn.timeout,
    routes: routeKeysOf(api).filter((routeKey) => api.routes[routeKey]?.function === fn.name),
    tables: tables.map(({ logicalName }) => logicalName),
    environment: Object.keys(fn.environment).sort(),
    ...(fn.role !== undefined && { role: fn.role }),
    permissions: fn.role === undefined ? permissionsOf(api, fn, tables) : [],
  };
}

function permissionsOf(
  api: Api,
  fn: ApiFunction,
  tables: readonly ApiTable[],
): readonly PermissionDescription[] {
  const allow = (actions: readonly string[], resource: string): PermissionDescription => ({
    effect: "Allow",
    actions,
    resource,
  });
  return [
    allow(["logs:CreateLogStream", "logs:PutLogEvents"], "its own log group"),
    allow(["execute-api:ManageConnections"], `connections of the stage ${api.stage.name}`),
    ...tables.map(({ indexes, logicalName }) =>
      allow(
        ["dynamodb: read and write items"],
        `the table ${logicalName}${Object.keys(indexes).length > 0 ? " and its indexes" : ""}`,
      ),
    ),
    ...fn.roleStatements.map(({ Action, Effect, Resource }) => ({
      effect: Effect,
      actions: [Action].flat(),
      resource: typeof Resource === "string" ? Resource : JSON.stringify(Resource),
    })),
  ];
}

function describeTable(table: ApiTable): TableDescription {
  const { capacity, environmentVariable, timeToLive } = table;
  const indexes = Object.entries(table.indexes).sort(([left], [right]) => (left < right ? -1 : 1));
  return {
    name: table.logicalName,
    key: keyOf(table),
    indexes: Object.fromEntries(indexes.map(([name, index]) => [name, keyOf(index)])),
    capacity:
      capacity === "on-demand"
        ? capacity
        : `${capacity.read} read and ${capacity.write} write units`,
    ...(timeToLive !== undefined && { timeToLive }),
    ...(environmentVariable !== undefined && { environmentVariable }),
    functions: [...table.functions].sort(),
    deletionPolicy: table.deletionPolicy,
  };
}

function keyOf(keys: {
  readonly partitionKey: KeyDefinition;
  readonly sortKey?: KeyDefinition | undefined;
}): string {
  const all = keys.sortKey === undefined ? [keys.partitionKey] : [keys.partitionKey, keys.sortKey];
  return all.map(({ name, type }) => `${name} (${type})`).join(", ");
}

function sortedValues<T>(record: Readonly<Record<string, T>>): readonly T[] {
  return Object.entries(record)
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([, value]) => value);
}

/** References as the definition names them. */
function inWords(values: Values): Readonly<Record<string, string>> {
  return resolveValues(values, (name) => `{${name}}`);
}
