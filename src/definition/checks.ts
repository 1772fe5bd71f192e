import { WsgwError } from "../errors.ts";
import { checkConsistency } from "./consistency.ts";
import { fillDeploy } from "./deploy-shape.ts";
import { shown } from "./faults.ts";
import { otherThanDefinition } from "./no-definition.ts";
import type {
  Api,
  ApiDefinition,
  ApiFunction,
  ApiRoute,
  ApiTable,
  FunctionDefinition,
  RouteDefinition,
  TableDefinition,
} from "./project.ts";
import { DEFAULT_RUNTIME } from "./runtimes.ts";
import { definitionShape, type ParseExpression } from "./schema.ts";
import { isObject } from "./shape.ts";

/** A sound definition, and what its author should know although AWS would take it. */
export type CheckedApi = { readonly api: Api; readonly warnings: readonly string[] };

/**
 * Checks a definition and fills in every default. Throws CONFIG_INVALID with all faults at once, one
 * a line, each beginning with `where`, the file as its author would name it.
 */
export function checkApi(
  definition: unknown,
  where: string,
  rules: { readonly parseExpression: ParseExpression },
): CheckedApi {
  const faults = new Set<string>(); // one mistake may be met for each of several functions
  const report = (place: string, problem: string): void => {
    faults.add(`${where}: ${place}: ${problem}`);
  };

  const other = otherThanDefinition(definition);
  if (other !== undefined || !isObject(definition)) {
    const message = `${where}: ${other ?? shown(definition)} is not an API definition, which is an object with name, functions and routes.`;
    throw new WsgwError("CONFIG_INVALID", message);
  }
  const functionNames = isObject(definition.functions) ? Object.keys(definition.functions) : [];
  const hasShape = definitionShape(functionNames, rules.parseExpression);
  // Not `&&`: the faults between the parts belong to the same report.
  const sound = hasShape(definition, "", report);
  checkConsistency(definition, report);
  if (!sound || faults.size > 0) throw new WsgwError("CONFIG_INVALID", [...faults].join("\n"));

  return { api: fillIn(definition), warnings: warningsOf(definition, where) };
}

const DEFAULTS = {
  memoryMb: 128,
  timeoutSeconds: 3,
  integrationTimeoutMs: 29_000,
  connectionTableUnits: 5,
} as const;

function fillIn(definition: ApiDefinition): Api {
  const tables = mapValues(tableDefinitions(definition), (table, name) =>
    fillTable(definition, name, table),
  );
  return {
    name: definition.name,
    description: definition.description,
    routeSelectionExpression: definition.routeSelectionExpression,
    stage: {
      name: definition.stage.name,
      description: definition.stage.description,
      variables: definition.stage.variables ?? {},
    },
    functions: mapValues(definition.functions, (fn, name) =>
      fillFunction(name, fn, Object.values(tables)),
    ),
    routes: mapValues(definition.routes, (route, routeKey) => fillRoute(routeKey, route)),
    tables,
    customDomain: fillCustomDomain(definition.customDomain),
    domainName: definition.domainName ?? "localhost",
    endpoints: definition.endpoints ?? {},
    hooks: definition.hooks ?? {},
    deploy: fillDeploy(definition.deploy),
  };
}

function fillCustomDomain(domain: ApiDefinition["customDomain"]): Api["customDomain"] {
  return (
    domain && {
      name: domain.name,
      mappingKey: domain.mappingKey ?? "",
      certificateArn: domain.certificateArn,
    }
  );
}

function tableDefinitions({
  tables,
  connectionTable,
}: ApiDefinition): Readonly<Record<string, TableDefinition>> {
  if (connectionTable === undefined) return tables ?? {};
  const { attribute, capacity, deletionPolicy = "Delete", ...rest } = connectionTable;
  const units = DEFAULTS.connectionTableUnits;
  return {
    ...tables,
    connections: {
      ...rest,
      partitionKey: { name: attribute, type: "S" },
      capacity: capacity ?? { read: units, write: units },
      deletionPolicy,
    },
  };
}

function fillTable(api: ApiDefinition, logicalName: string, table: TableDefinition): ApiTable {
  return {
    logicalName,
    name: table.name ?? `${api.name}-${logicalName}`,
    partitionKey: table.partitionKey,
    sortKey: table.sortKey,
    indexes: table.indexes ?? {},
    capacity: table.capacity ?? "on-demand",
    timeToLive: table.timeToLive,
    environmentVariable: table.environmentVariable,
    functions: [...new Set(table.functions ?? Object.keys(api.functions))],
    ...(table.seed !== undefined && { seed: [table.seed].flat() }),
    deletionPolicy: table.deletionPolicy ?? "Retain",
  };
}

function fillFunction(
  name: string,
  fn: FunctionDefinition,
  tables: readonly ApiTable[],
): ApiFunction {
  const tableNames = tables.flatMap((table) =>
    table.environmentVariable !== undefined && table.functions.includes(name)
      ? [[table.environmentVariable, table.name] as const]
      : [],
  );
  return {
    name,
    handler: fn.handler,
    description: fn.description,
    runtime: fn.runtime ?? DEFAULT_RUNTIME,
    code: fn.code,
    command: fn.command,
    include: fn.include ?? [],
    exclude: fn.exclude ?? [],
    nodeModules: fn.nodeModules ?? [],
    memory: fn.memory ?? DEFAULTS.memoryMb,
    timeout: fn.timeout ?? DEFAULTS.timeoutSeconds,
    environment: { ...fn.environment, ...Object.fromEntries(tableNames) },
    layers: fn.layers ?? [],
    roleStatements: fn.roleStatements ?? [],
    role: fn.role,
  };
}

function fillRoute(routeKey: string, route: RouteDefinition): ApiRoute {
  return {
    routeKey,
    function: route.function,
    operationName: route.operationName,
    routeResponse: route.routeResponse ?? false,
    integrationTimeout: route.integrationTimeout ?? DEFAULTS.integrationTimeoutMs,
  };
}

function mapValues<T, U>(
  record: Readonly<Record<string, T>>,
  change: (value: T, key: string) => U,
): Readonly<Record<string, U>> {
  return Object.fromEntries(
    Object.entries(record).map(([key, value]) => [key, change(value, key)]),
  );
}

/** AWS takes all of these, so they are no faults: what deploys there must start here. */
function warningsOf({ functions, routes }: ApiDefinition, where: string): readonly string[] {
  const warnings: string[] = [];
  for (const routeKey of ["$connect", "$disconnect"]) {
    if (routes[routeKey]?.routeResponse !== true) continue;
    warnings.push(
      `${where}: routes.${routeKey}.routeResponse: ${routeKey} has no message to answer, so the route response has no effect.`,
    );
  }
  const used = new Set(Object.values(routes).map((route) => route.function));
  for (const name of Object.keys(functions)) {
    if (!used.has(name))
      warnings.push(`${where}: functions.${name}: no route leads to this function.`);
  }
  return warnings;
}
