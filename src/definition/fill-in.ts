import type * as v from "valibot";
import { mapValues } from "../values/map-values.ts";
import { ACCESS_LOG_FORMAT } from "./access-log.ts";
import { calledFunction, isQualified } from "./called-functions.ts";
import type {
  ApiDeploy,
  ApiTable,
  LambdaFunction,
  Project,
  Route,
  WebSocketApi,
} from "./checked-project.ts";
import type { Value } from "./references.ts";
import type {
  apiSchema,
  connectionTableSchema,
  deploySchema,
  functionSchema,
  projectRouteSchema,
  projectSchema,
  tableSchema,
  webSocketApiSchema,
} from "./schema.ts";

type Parsed<S extends v.GenericSchema> = v.InferOutput<S>;
type OneApi = Parsed<typeof apiSchema>;

/** The project of a valid definition in either form. */
export function fillIn(definition: OneApi | Parsed<typeof projectSchema>): Project {
  const { name, description, endpoints, vpcLinks, esbuild, hooks, deploy } = definition;
  const long = "apis" in definition ? definition : undefined;
  const functionNames = Object.keys(definition.functions);
  const tables = mapValues(tablesIn(definition), (table, logicalName) =>
    fillTable(name, logicalName, table, functionNames),
  );
  return {
    name,
    description,
    region: long?.region,
    accountId: long?.accountId,
    apis: mapValues(apisIn(definition), (api, key) =>
      fillApi(name, key, api, definition.functions),
    ),
    functions: mapValues(definition.functions, (fn, key) =>
      fillFunction(key, fn, Object.values(tables)),
    ),
    tables,
    apiKeys: mapValues(definition.apiKeys, (key, keyName) => ({
      value: undefined,
      description: undefined,
      ...key,
      name: keyName,
    })),
    usagePlans: mapValues(definition.usagePlans, (plan, planName) => ({
      description: undefined,
      throttle: undefined,
      quota: undefined,
      ...plan,
      apiStages: plan.apiStages ?? allStages(apisIn(definition)),
      name: planName,
    })),
    accountLimits: definition.accountLimits,
    endpoints,
    vpcLinks,
    esbuild,
    hooks,
    deploy: fillDeploy(deploy),
  };
}

/** The API of the short form is called by its own name. */
function apisIn(
  definition: OneApi | Parsed<typeof projectSchema>,
): Readonly<Record<string, Parsed<typeof webSocketApiSchema>>> {
  if ("apis" in definition) return definition.apis;
  const { name, stage } = definition;
  return { [name]: { ...definition, stages: { [stage.name]: stage } } };
}

function allStages(
  apis: Readonly<Record<string, Parsed<typeof webSocketApiSchema>>>,
): Project["usagePlans"][string]["apiStages"] {
  return Object.entries(apis).flatMap(([api, { stages }]) =>
    Object.keys(stages).map((stage) => ({ api, stage })),
  );
}

/** The connection table becomes an additional table. */
function tablesIn(
  definition: OneApi | Parsed<typeof projectSchema>,
): Readonly<Record<string, Parsed<typeof tableSchema>>> {
  const { tables } = definition;
  if (!("connectionTable" in definition) || definition.connectionTable === undefined) return tables;
  const { attribute, ...rest }: Parsed<typeof connectionTableSchema> = definition.connectionTable;
  return {
    ...tables,
    connections: { ...rest, partitionKey: { name: attribute, type: "S" }, indexes: {} },
  };
}

function fillApi(
  project: string,
  key: string,
  api: Parsed<typeof webSocketApiSchema>,
  functions: Functions,
): WebSocketApi {
  return {
    key,
    name: api.name ?? `${project}-${key}`,
    description: api.description,
    routeSelectionExpression: api.routeSelectionExpression,
    apiKeySelectionExpression: api.apiKeySelectionExpression,
    routes: mapValues(api.routes, (route, routeKey) =>
      withCalls(fillRoute(routeKey, route), api, functions),
    ),
    authorizers: mapValues(api.authorizers, (authorizer, name) => ({
      denied: undefined,
      ...authorizer,
      name,
    })),
    models: api.models,
    disableSchemaValidation: api.disableSchemaValidation,
    identities: api.identities,
    stages: mapValues(api.stages, ({ accessLog, executionLog, ...stage }, name) => ({
      description: undefined,
      throttle: undefined,
      detailedMetrics: undefined,
      ...stage,
      name,
      accessLog: accessLog && { format: ACCESS_LOG_FORMAT, file: undefined, ...accessLog },
      executionLog: executionLog && { file: undefined, ...executionLog },
    })),
    customDomain: api.customDomain && {
      mappingKey: "",
      certificateArn: undefined,
      ...api.customDomain,
    },
    domainName: api.domainName,
    ...(api.disableExecuteApiEndpoint && { disableExecuteApiEndpoint: true }),
    ...(api.ipAddressType === "dualstack" && { ipAddressType: api.ipAddressType }),
    hosts: api.hosts,
  };
}

function fillRoute(routeKey: string, route: Parsed<typeof projectRouteSchema>): Route {
  const { function: fn = "", integration, ...rest } = route;
  return {
    routeKey,
    operationName: undefined,
    authorizer: undefined,
    modelSelectionExpression: undefined,
    ...rest,
    integration: integration ?? { type: "lambda-proxy", function: fn },
  };
}

type Functions = Readonly<Record<string, Parsed<typeof functionSchema>>>;

/** A route with its functions by stage, if it names one with an alias or stage variables. */
function withCalls(
  route: Route,
  { stages }: Pick<Parsed<typeof webSocketApiSchema>, "stages">,
  functions: Functions,
): Route {
  const { integration } = route;
  if (!("function" in integration) || !isQualified(integration.function)) return route;
  const calledAs = integration.function;
  const calling = Object.entries(stages).filter(
    ([stage]) => integration.missingAt?.[stage] === undefined,
  );
  const calls = mapValues(Object.fromEntries(calling), ({ variables }) =>
    calledFunction(calledAs, variables, functions),
  );
  const [first] = Object.values(calls);
  if (first === undefined) return route;
  return { ...route, integration: { ...integration, function: first.name }, calledAs, calls };
}

function fillTable(
  project: string,
  logicalName: string,
  { name, seed, functions, ...table }: Parsed<typeof tableSchema>,
  functionNames: readonly string[],
): ApiTable {
  return {
    logicalName,
    name: name ?? `${project}-${logicalName}`,
    sortKey: undefined,
    timeToLive: undefined,
    environmentVariable: undefined,
    ...table,
    functions: [...new Set(functions ?? functionNames)],
    ...(seed !== undefined && { seed: [seed].flat() }),
  };
}

function fillFunction(
  name: string,
  fn: Parsed<typeof functionSchema>,
  tables: readonly ApiTable[],
): LambdaFunction {
  const filled = tables.flatMap(({ environmentVariable, logicalName, functions }) =>
    environmentVariable !== undefined && functions.includes(name)
      ? [[environmentVariable, { ref: `table.${logicalName}.name` } satisfies Value] as const]
      : [],
  );
  return {
    root: ".",
    functionName: undefined,
    description: undefined,
    aliases: undefined,
    code: undefined,
    command: undefined,
    role: undefined,
    permissions: undefined,
    build: undefined,
    ...fn,
    name,
    environment: { ...fn.environment, ...Object.fromEntries(filled) },
  };
}

function fillDeploy({ logging, ...deploy }: Parsed<typeof deploySchema>): ApiDeploy {
  if (logging === undefined) return { ...deploy, logging };
  const { level, dataTrace, accessLog } = logging;
  const format = accessLog === true ? ACCESS_LOG_FORMAT : accessLog || undefined;
  const isOff = level === undefined && format === undefined;
  return {
    ...deploy,
    logging: isOff ? undefined : { level: level ?? "OFF", dataTrace, accessLog: format },
  };
}
