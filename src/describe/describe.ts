import { mappedUrl, mappingsOf } from "../definition/custom-domain.ts";
import { sentenceOf } from "../definition/faults.ts";
import { localApiKey } from "../definition/generated-api-key.ts";
import { AWS_IAM, backendOf, functionOf, functionsOf } from "../definition/integrations.ts";
import { postingTo } from "../definition/permission-to-post.ts";
import type {
  ApiKey,
  ApiTable,
  Authorizer,
  KeyDefinition,
  LambdaFunction,
  Project,
  Route,
  StageThrottle,
  ThrottleDefinition,
  UsagePlan,
  Value,
  WebSocketApi,
} from "../definition/project.ts";
import { replaceReferences, resolveValue } from "../definition/references.ts";
import { hasSeveral } from "../deploy/template/placed-apis.ts";
import { tablesOf } from "../deploy/template/tables.ts";
import { undeployable } from "../deploy/template/undeployable.ts";
import { executeApiHost } from "../emulator/network/rules/hosts.ts";
import type { DefinitionSource, Trigger } from "../readers/loaded-definition.ts";
import { notServedText, unservedOf } from "../readers/rules/undelivered.ts";
import { fieldOf, isObject } from "../values/json.ts";
import { mapValues } from "../values/map-values.ts";

/** The parts and permissions of a project; plain data in a stable order. */
export type ProjectDescription = {
  readonly name: string;
  readonly description: string;
  /** In the definition's order. */
  readonly apis: readonly ApiDescription[];
  /** Whether there is more than one API with one stage. */
  readonly several: boolean;
  readonly functions: readonly FunctionDescription[];
  readonly tables: readonly TableDescription[];
  /** Absent without API keys; the same applies to usage plans. */
  readonly apiKeys?: readonly ApiKeyDescription[];
  readonly usagePlans?: readonly UsagePlanDescription[];
  /** The parts that cannot be deployed, and why. */
  readonly undeployable: readonly string[];
  /** The rest of a template: triggers besides routes, other APIs, and features that are not emulated. */
  readonly fromTemplate?: Pick<
    DefinitionSource,
    "triggers" | "httpApis" | "notServed" | "failsOnAws"
  > & {
    readonly unservedTables?: DefinitionSource["tables"];
  };
};

export type ApiDescription = {
  readonly name: string;
  readonly description: string;
  readonly routeSelectionExpression: string;
  /** In the definition's order. */
  readonly stages: readonly StageDescription[];
  /** Of the first mapping of its custom domain. */
  readonly customDomainUrl?: string;
  /** Stages by URL, if the custom domain has several mappings. */
  readonly customDomainUrls?: Readonly<Record<string, string>>;
  /** Absent if AWS's host for the API is enabled. */
  readonly disableExecuteApiEndpoint?: true;
  readonly routes: readonly RouteDescription[];
};

export type StageDescription = {
  readonly name: string;
  readonly variables: Readonly<Record<string, string>>;
  /**
   * The URL for clients on AWS; `{apiId}` is known after a deployment, and `{region}` stays if the definition
   * has none.
   */
  readonly url: string;
  readonly throttle?: StageThrottle;
};

export type ApiKeyDescription = {
  readonly name: string;
  readonly description?: string;
  readonly enabled: boolean;
  /** On this machine; absent if the definition contains the value. */
  readonly localValue?: string;
};

export type UsagePlanDescription = {
  readonly name: string;
  readonly description?: string;
  readonly apiKeys: readonly string[];
  /** Prefixed with the API's name and a space if there are several APIs or stages. */
  readonly stages: readonly string[];
  readonly throttle?: ThrottleDefinition;
  readonly quota?: NonNullable<UsagePlan["quota"]>;
};

type RouteDescription = {
  readonly routeKey: string;
  /** Undefined if the route has no function. */
  readonly function: string | undefined;
  /**
   * What the route calls instead of a function, such as `mock`, `dynamodb PutItem` or a method with its URL.
   */
  readonly calls?: string;
  /** Why the route has no integration: a sentence, or its end after the route. */
  readonly because?: string;
  /** Whether the handler's result is sent back to the client. */
  readonly twoWay: boolean;
  readonly integrationTimeoutMs: number;
  readonly operationName?: string;
  /** The authorizer, and its identity sources. */
  readonly authorizer?: Authorizer;
  /** Clients sign the handshake with AWS keys. */
  readonly authorizationType?: typeof AWS_IAM;
  /** Only clients with an API key of a usage plan can connect. */
  readonly apiKeyRequired?: true;
};

export type FunctionDescription = {
  readonly name: string;
  readonly handler: string;
  readonly runtime: string;
  readonly memoryMb: number;
  readonly timeoutSeconds: number;
  /** Route keys; prefixed with the API's name and a space if there are several APIs or stages. */
  readonly routes: readonly string[];
  readonly tables: readonly string[];
  /** Names of its environment variables. */
  readonly environment: readonly string[];
  /** Its layers, if any. */
  readonly layers?: readonly string[];
  /** Name or ARN of an existing role; `permissions` is empty in that case. */
  readonly role?: string;
  /** The permissions of its role. */
  readonly permissions: readonly PermissionDescription[];
  /** ARNs of its role's managed policies. */
  readonly managedPolicies?: readonly string[];
  /** Why its role is not fully known. */
  readonly unknownRole?: string;
};

type PermissionDescription = {
  readonly effect: "Allow" | "Deny";
  readonly actions: readonly string[];
  readonly resource: string;
};

export type TableDescription = {
  readonly name: string;
  /** For example `room (S), sentAt (N)`. */
  readonly key: string;
  /** Keys by name of the index. */
  readonly indexes: Readonly<Record<string, string>>;
  /** For example `on-demand` or `5 read and 5 write units`. */
  readonly capacity: string;
  readonly timeToLive?: string;
  readonly environmentVariable?: string;
  readonly functions: readonly string[];
  /** What happens to it when the stack no longer contains it. */
  readonly deletionPolicy: string;
};

const FIRST_ROUTES = ["$connect", "$disconnect", "$default"];

/**
 * Describes a project from its definition alone, without lookups on this machine or on AWS. `root`, the
 * definition's directory, determines the local values of API keys.
 */
export function descriptionOf(
  project: Project,
  source?: DefinitionSource,
  root?: string,
): ProjectDescription {
  const isTemplate = source !== undefined && source.kind !== "config";
  const [first, ...others] = Object.values(project.apis);
  const own = others.length === 0 ? first?.description : undefined;
  return {
    // a template's project has the name of its stack
    name: isTemplate && others.length === 0 ? (first?.name ?? project.name) : project.name,
    description: project.description ?? own ?? "",
    apis: Object.values(project.apis).map((api) => describeApi(api, project.region)),
    several: hasSeveral(project),
    functions: sortedValues(project.functions).map((fn) =>
      describeFunction(project, fn, isTemplate, source?.directories),
    ),
    tables: sortedValues(project.tables).map(describeTable),
    ...describeUsage(project, root),
    undeployable: isTemplate ? [] : undeployable(project).map(sentenceOf),
    ...(isTemplate && {
      fromTemplate: {
        triggers: source.triggers,
        httpApis: source.httpApis,
        notServed: source.notServed,
        ...(source.failsOnAws && { failsOnAws: source.failsOnAws }),
        ...(source.tables && { unservedTables: source.tables }),
      },
    }),
  };
}

/** A single API with one stage is merged into the project itself. */
export function describeAsJson({
  several,
  apis,
  fromTemplate,
  ...project
}: ProjectDescription): string {
  const [api] = apis;
  const { name, description, ...rest } = project;
  const [stage] = api?.stages ?? [];
  const parts = several || api === undefined || stage === undefined ? { apis } : flat(api, stage);
  return `${JSON.stringify({ name, description, ...parts, ...rest, ...fromTemplate }, undefined, 2)}\n`;
}

function flat(
  {
    routeSelectionExpression,
    customDomainUrl,
    customDomainUrls,
    disableExecuteApiEndpoint,
    routes,
  }: ApiDescription,
  { url, ...stage }: StageDescription,
) {
  return {
    routeSelectionExpression,
    stage,
    url,
    customDomainUrl,
    customDomainUrls,
    disableExecuteApiEndpoint,
    routes,
  };
}

function describeApi(api: WebSocketApi, region = "{region}"): ApiDescription {
  const { customDomain } = api;
  const domainUrls = [...mappingsOf(api)].map(
    ([key, stage]) => [`wss://${mappedUrl(customDomain?.name ?? "", key)}`, stage] as const,
  );
  const [first] = domainUrls;
  return {
    name: api.key,
    description: api.description ?? "",
    routeSelectionExpression: api.routeSelectionExpression,
    stages: Object.values(api.stages).map(({ name, variables, throttle }) => ({
      name,
      variables: mapValues(variables, inWords),
      url: `wss://${executeApiHost("{apiId}", region)}/${name}`,
      ...(throttle !== undefined && { throttle }),
    })),
    ...(first !== undefined && { customDomainUrl: first[0] }),
    ...(domainUrls.length > 1 && { customDomainUrls: Object.fromEntries(domainUrls) }),
    ...(api.disableExecuteApiEndpoint && { disableExecuteApiEndpoint: true }),
    routes: routesOf(api).map((route) => describeRoute(api, route)),
  };
}

function routesOf({ routes }: WebSocketApi): readonly Route[] {
  const own = Object.keys(routes).filter((key) => !FIRST_ROUTES.includes(key));
  return [...FIRST_ROUTES, ...own.sort()].flatMap((key) => routes[key] ?? []);
}

function describeRoute({ authorizers }: WebSocketApi, route: Route): RouteDescription {
  const authorizer = authorizers[route.authorizer ?? ""];
  const calls = backendOf(route, inWords);
  return {
    routeKey: route.routeKey,
    function: functionOf(route),
    ...(route.calledAs !== undefined && { calledAs: route.calledAs }),
    ...(calls !== undefined && { calls }),
    ...(route.integration.type === "none" && { because: whyNone(route) }),
    twoWay: route.routeResponse,
    integrationTimeoutMs: route.integrationTimeout,
    ...(route.operationName !== undefined && { operationName: route.operationName }),
    ...(authorizer !== undefined && { authorizer }),
    ...(route.authorizer === AWS_IAM && { authorizationType: AWS_IAM }),
    ...(route.apiKeyRequired && { apiKeyRequired: true }),
  };
}

function whyNone({ integration, routeKey }: Route): string {
  if (integration.type === "none" && integration.because !== undefined) return integration.because;
  switch (routeKey) {
    case "$connect":
    case "$disconnect":
      return "has no integration, so nothing runs";
    default:
      return 'has no integration, so messages get "Internal server error"';
  }
}

function describeUsage(
  project: Project,
  root: string | undefined,
): Pick<ProjectDescription, "apiKeys" | "usagePlans"> {
  const isOne = !hasSeveral(project);
  const apiKeys = sortedValues(project.apiKeys).map((key) => ({
    ...about(key),
    enabled: key.enabled,
    ...(root !== undefined &&
      key.value === undefined && { localValue: localApiKey(root, key).value }),
  }));
  const usagePlans = sortedValues(project.usagePlans).map((plan) => ({
    ...about(plan),
    apiKeys: plan.apiKeys,
    stages: plan.apiStages.map(({ api, stage }) => (isOne ? stage : `${api} ${stage}`)),
    ...(plan.throttle !== undefined && { throttle: plan.throttle }),
    ...(plan.quota !== undefined && { quota: plan.quota }),
  }));
  return {
    ...(apiKeys.length > 0 && { apiKeys }),
    ...(usagePlans.length > 0 && { usagePlans }),
  };
}

function about({
  name,
  description,
}: ApiKey | UsagePlan): Pick<ApiKeyDescription, "name" | "description"> {
  return { name, ...(description !== undefined && { description }) };
}

/** `5 requests a second, bursts of 2`. */
export function limiting({ rateLimit, burstLimit }: ThrottleDefinition): string {
  return [
    ...(rateLimit === undefined ? [] : [`${rateLimit} requests a second`]),
    ...(burstLimit === undefined ? [] : [`bursts of ${burstLimit}`]),
  ].join(", ");
}

/** The limits of a stage: what they apply to, and their values. */
export function stageLimits({
  throttle,
}: StageDescription): readonly (readonly [string, string])[] {
  if (throttle === undefined) return [];
  const shared = limiting(throttle);
  const routes = Object.entries(throttle.routes).map(([key, own]) => [key, limiting(own)] as const);
  return [["the stage", shared] as const, ...routes].filter(([, limits]) => limits !== "");
}

/** The limits of a usage plan, as text. */
export function planInWords({ apiKeys, stages, throttle, quota }: UsagePlanDescription): string {
  return [
    `keys ${apiKeys.join(", ") || "none"}`,
    `stages ${stages.join(", ") || "none"}`,
    ...(throttle === undefined ? [] : [limiting(throttle)]),
    ...(quota === undefined ? [] : [`${quota.limit} handshakes a ${quota.period.toLowerCase()}`]),
  ].join("; ");
}

/** What is known about an API key, as text. */
export function keyInWords(
  { enabled, localValue, description }: ApiKeyDescription,
  { fromTemplate }: Pick<ProjectDescription, "fromTemplate">,
): string {
  const file = fromTemplate === undefined ? "definition" : "template";
  return [
    localValue === undefined ? `its value is in the ${file}` : `${localValue} on this machine`,
    ...(enabled ? [] : ["not enabled"]),
    ...(description === undefined ? [] : [description]),
  ].join("; ");
}

/** The URLs of an API's custom domain, with their stages if there are several; empty without a domain. */
export function ownUrls({ customDomainUrl, customDomainUrls }: ApiDescription): readonly string[] {
  if (customDomainUrls === undefined) return customDomainUrl === undefined ? [] : [customDomainUrl];
  return Object.entries(customDomainUrls).map(([url, stage]) => `${url} (${stage})`);
}

/** `who (function check) by route.request.header.Auth`, `AWS_IAM`, or empty if all clients can connect. */
export function authorizing({ authorizer, authorizationType }: RouteDescription): string {
  if (authorizer === undefined) return authorizationType ?? "";
  const { name, function: fn, identitySource } = authorizer;
  const by = identitySource.length === 0 ? "" : ` by ${identitySource.join(" and ")}`;
  return `${name} (function ${fn})${by}`;
}

function describeFunction(
  project: Project,
  fn: LambdaFunction,
  isTemplate: boolean,
  directories: DefinitionSource["directories"] = {},
): FunctionDescription {
  const tables = tablesOf(project, fn.name);
  const named = hasSeveral(project) ? ({ key }: WebSocketApi) => `${key} ` : () => "";
  return {
    name: fn.name,
    handler: handlerOf(fn, directories),
    runtime: fn.runtime,
    memoryMb: fn.memory,
    timeoutSeconds: fn.timeout,
    routes: Object.values(project.apis).flatMap((api) =>
      routesOf(api)
        .filter((route) => functionsOf(route).includes(fn.name))
        .map(({ routeKey }) => `${named(api)}${routeKey}`),
    ),
    tables: tables.map(({ logicalName }) => logicalName),
    environment: Object.keys(fn.environment).sort(),
    ...(fn.layers.length > 0 && { layers: fn.layers.map((layer) => directories[layer] ?? layer) }),
    ...(fn.role !== undefined && { role: fn.role }),
    ...(isTemplate || fn.permissions !== undefined
      ? statedPermissions(fn)
      : { permissions: fn.role === undefined ? permissionsOf(project, fn, tables) : [] }),
  };
}

function handlerOf(
  { handler, root }: LambdaFunction,
  directories: NonNullable<DefinitionSource["directories"]>,
): string {
  const called = directories[root];
  if (called !== undefined) return `${handler} in ${called}`;
  return root === "." ? handler : `${root}/${handler}`;
}

/** The permissions of an existing role, as a template or the author describes them. */
function statedPermissions({
  permissions,
}: LambdaFunction): Pick<FunctionDescription, "permissions" | "managedPolicies" | "unknownRole"> {
  const { policies = {}, managedPolicies = [], unknown } = permissions ?? {};
  const statements = Object.values(policies).flatMap((document) =>
    [fieldOf(document, "Statement")].flat().filter(isObject),
  );
  return {
    permissions: statements.map(({ Effect, Action, NotAction, Resource, NotResource }) => ({
      effect: Effect === "Deny" ? "Deny" : "Allow",
      actions: textsOf(Action) ?? [`everything but ${textsOf(NotAction)?.join(", ")}`],
      resource:
        textsOf(Resource)?.join(", ") ?? `everything but ${textsOf(NotResource)?.join(", ")}`,
    })),
    ...(managedPolicies.length > 0 && { managedPolicies }),
    ...(unknown !== undefined && { unknownRole: unknown }),
  };
}

function textsOf(value: unknown): readonly string[] | undefined {
  return value === undefined
    ? undefined
    : [value]
        .flat()
        .map((each) => (typeof each === "string" ? each : JSON.stringify(each)))
        .map((text) => text.replace(/\{\{(?!resolve:).+\}\}/s, "{a value that only AWS knows}"));
}

function permissionsOf(
  project: Project,
  fn: LambdaFunction,
  tables: readonly ApiTable[],
): readonly PermissionDescription[] {
  const allow = (actions: readonly string[], resource: string): PermissionDescription => ({
    effect: "Allow",
    actions,
    resource,
  });
  const apis = Object.values(project.apis).map((api) => ({ api }));
  const whose = ({ key, stages }: WebSocketApi) =>
    hasSeveral(project) ? `the API ${key}` : `the stage ${Object.keys(stages).join()}`;
  return [
    allow(["logs:CreateLogStream", "logs:PutLogEvents"], "its own log group"),
    ...postingTo(apis, fn).map(({ api }) =>
      allow(["execute-api:ManageConnections"], `connections of ${whose(api)}`),
    ),
    ...tables.map(({ indexes, logicalName }) =>
      allow(
        ["dynamodb: read and write items"],
        `the table ${logicalName}${Object.keys(indexes).length > 0 ? " and its indexes" : ""}`,
      ),
    ),
    ...replaceReferences(fn.roleStatements, inWords).map(({ Action, Effect, Resource }) => ({
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

/** A value as text, with the definition's names of references. */
function inWords(value: Value): string {
  return resolveValue(value, (name) => `{${name}}`);
}

/** The rest of a template besides the WebSocket APIs, with titles; empty for a config file. */
export function besides({ fromTemplate }: ProjectDescription): readonly {
  readonly title: string;
  readonly lines: readonly string[];
}[] {
  const { triggers = [], httpApis = [], unservedTables = [] } = fromTemplate ?? {};
  const { notServed = [], failsOnAws = [] } = fromTemplate ?? {};
  return [
    {
      title: "Triggers, not delivered locally yet",
      lines: triggers.map(triggerLine),
    },
    {
      title: "HTTP APIs, not served locally yet",
      lines: httpApis.flatMap(({ name, functions, routes }) =>
        routes === undefined
          ? `${name} -> ${functions.join(", ")}`
          : routes.map((each) => `${name}: ${each.route} -> ${each.function}`),
      ),
    },
    {
      title: "Of tables, not served locally yet",
      lines: unservedTables.flatMap(unservedOf),
    },
    {
      title: "Not served",
      lines: notServed.map(notServedText),
    },
    { title: "Fails on AWS", lines: failsOnAws },
  ].filter(({ lines }) => lines.length > 0);
}

function triggerLine({ kind, from, schedule, filters = [], ...trigger }: Trigger): string {
  const when = schedule === undefined ? "" : `, ${schedule}`;
  const like = filters.length === 0 ? "" : `, events like ${filters.join(" or ")}`;
  return `${kind} ${from}${when}${like} -> ${trigger.function}`;
}
