import type * as v from "valibot";
import type { ApiDeploy, ApiTable, LambdaFunction, Project, Route, WebSocketApi } from "./model.ts";
import type { Values } from "./references.ts";
import type {
  apiSchema,
  connectionTableSchema,
  customDomainSchema,
  deploySchema,
  functionSchema,
  loggingSchema,
  projectRouteSchema,
  projectSchema,
  tableSchema,
  webSocketApiSchema,
} from "./schema.ts";

type Parsed<S extends v.GenericSchema> = v.InferOutput<S>;

/** The project that a sound definition describes, whichever of the two forms it has. */
export function fillIn(
  definition: Parsed<typeof apiSchema> | Parsed<typeof projectSchema>,
): Project {
  return "apis" in definition ? projectOf(definition) : projectOf(longForm(definition));
}

type LongForm = Omit<Parsed<typeof projectSchema>, "tables"> & {
  readonly tables: Readonly<Record<string, Parsed<typeof tableSchema>>>;
};

/** The API is called by its own name, and its connection table is one table more. */
function longForm(definition: Parsed<typeof apiSchema>): LongForm {
  const { name, description, functions, tables, connectionTable, endpoints, hooks, deploy } =
    definition;
  const { stage, routes, routeSelectionExpression, customDomain, domainName } = definition;
  return {
    name,
    ...(description !== undefined && { description }),
    apis: {
      [name]: {
        name,
        ...(description !== undefined && { description }),
        routeSelectionExpression,
        stages: { [stage.name]: stage },
        routes,
        ...(customDomain !== undefined && { customDomain }),
        domainName,
      },
    },
    functions,
    tables: {
      ...tables,
      ...(connectionTable !== undefined && { connections: tableFor(connectionTable) }),
    },
    endpoints,
    hooks,
    deploy,
  };
}

function tableFor({
  attribute,
  ...rest
}: Parsed<typeof connectionTableSchema>): Parsed<typeof tableSchema> {
  return { ...rest, partitionKey: { name: attribute, type: "S" }, indexes: {} };
}

function projectOf(definition: LongForm): Project {
  const { name, description, region, accountId, endpoints, hooks, deploy } = definition;
  const functionNames = Object.keys(definition.functions);
  const tables = mapValues(definition.tables, (table, logicalName) =>
    fillTable(name, logicalName, table, functionNames),
  );
  return {
    name,
    description,
    region,
    accountId,
    apis: mapValues(definition.apis, (api, key) => fillApi(name, key, api)),
    functions: mapValues(definition.functions, (fn, key) =>
      fillFunction(key, fn, Object.values(tables)),
    ),
    tables,
    endpoints,
    hooks,
    deploy: fillDeploy(deploy),
  };
}

function fillApi(
  project: string,
  key: string,
  api: Parsed<typeof webSocketApiSchema>,
): WebSocketApi {
  return {
    key,
    name: api.name ?? `${project}-${key}`,
    description: api.description,
    routeSelectionExpression: api.routeSelectionExpression,
    routes: mapValues(api.routes, (route, routeKey) => fillRoute(routeKey, route)),
    stages: mapValues(api.stages, ({ description, variables }, name) => ({
      name,
      description,
      variables,
    })),
    customDomain: fillCustomDomain(api.customDomain),
    domainName: api.domainName,
  };
}

function fillRoute(routeKey: string, route: Parsed<typeof projectRouteSchema>): Route {
  const { function: fn = "", integration, operationName, ...rest } = route;
  return {
    routeKey,
    ...rest,
    operationName,
    integration: integration ?? { type: "lambda-proxy", function: fn },
  };
}

function fillCustomDomain(
  domain: Parsed<typeof customDomainSchema> | undefined,
): WebSocketApi["customDomain"] {
  return (
    domain && {
      name: domain.name,
      mappingKey: domain.mappingKey ?? "",
      certificateArn: domain.certificateArn,
    }
  );
}

function fillTable(
  project: string,
  logicalName: string,
  table: Parsed<typeof tableSchema>,
  functionNames: readonly string[],
): ApiTable {
  const { name, seed, functions } = table;
  return {
    logicalName,
    name: name ?? `${project}-${logicalName}`,
    partitionKey: table.partitionKey,
    sortKey: table.sortKey,
    indexes: table.indexes,
    capacity: table.capacity,
    timeToLive: table.timeToLive,
    environmentVariable: table.environmentVariable,
    functions: [...new Set(functions ?? functionNames)],
    ...(seed !== undefined && { seed: [seed].flat() }),
    deletionPolicy: table.deletionPolicy,
  };
}

function fillFunction(
  name: string,
  fn: Parsed<typeof functionSchema>,
  tables: readonly ApiTable[],
): LambdaFunction {
  const filled: [string, Values[string]][] = tables.flatMap((table) =>
    table.environmentVariable !== undefined && table.functions.includes(name)
      ? [[table.environmentVariable, { ref: `table.${table.logicalName}.name` }]]
      : [],
  );
  return {
    ...fn,
    name,
    description: fn.description,
    root: fn.root ?? ".",
    code: fn.code,
    command: fn.command,
    environment: { ...fn.environment, ...Object.fromEntries(filled) },
    role: fn.role,
  };
}

/**
 * What is worth knowing of every request, as JSON lines.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-api-logging.html
 */
const ACCESS_LOG_FORMAT = JSON.stringify(
  Object.fromEntries(
    [
      ["requestTime", "requestTime"],
      ["requestId", "requestId"],
      ["extendedRequestId", "extendedRequestId"],
      ["connectionId", "connectionId"],
      ["eventType", "eventType"],
      ["routeKey", "routeKey"],
      ["status", "status"],
      ["sourceIp", "identity.sourceIp"],
      ["integrationStatus", "integration.status"],
      ["integrationLatency", "integrationLatency"],
      ["error", "error.message"],
    ].map(([name = "", variable = ""]) => [name, `$context.${variable}`]),
  ),
);

function fillDeploy({ logging, ...deploy }: Parsed<typeof deploySchema>): ApiDeploy {
  return { ...deploy, logging: logging && fillLogging(logging) };
}

function fillLogging({
  level,
  dataTrace,
  accessLog,
}: Parsed<typeof loggingSchema>): ApiDeploy["logging"] {
  const format = accessLog === true ? ACCESS_LOG_FORMAT : accessLog || undefined;
  if (level === undefined && format === undefined) return undefined;
  return { level: level ?? "OFF", dataTrace, accessLog: format };
}

function mapValues<T, U>(
  record: Readonly<Record<string, T>>,
  change: (value: T, key: string) => U,
): Readonly<Record<string, U>> {
  return Object.fromEntries(
    Object.entries(record).map(([key, value]) => [key, change(value, key)]),
  );
}
