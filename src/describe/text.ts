import {
  type ApiDescription,
  authorizing,
  besides,
  type FunctionDescription,
  keyInWords,
  ownUrls,
  type ProjectDescription,
  planInWords,
  stageLimits,
  type TableDescription,
} from "./describe.ts";

/** The description for a terminal: aligned columns without colours. */
export function describeAsText(project: ProjectDescription): string {
  const { apis, several, functions, tables, undeployable } = project;
  const problems = undeployable.map((sentence) => `  ${sentence}`);
  const lines = [
    titled(project),
    ...apis.flatMap((api) => [
      "",
      ...(several ? [`API ${titled(api)}`] : []),
      ...factLines(api),
      ...section(several ? `Routes of ${api.name}` : "Routes", routeLines(api)),
    ]),
    ...section("Functions", functions.flatMap(functionLines)),
    ...section("Tables", tables.flatMap(tableLines)),
    ...section(
      "API keys",
      columns((project.apiKeys ?? []).map((key) => [`  ${key.name}`, keyInWords(key, project)])),
    ),
    ...section(
      "Usage plans",
      columns((project.usagePlans ?? []).map((plan) => [`  ${plan.name}`, planInWords(plan)])),
    ),
    ...besides(project).flatMap(({ title, lines }) =>
      section(
        title,
        lines.map((line) => `  ${line}`),
      ),
    ),
    ...section("Cannot be deployed", problems),
  ];
  return `${lines.map((line) => line.trimEnd()).join("\n")}\n`;
}

function titled({ name, description }: Pick<ApiDescription, "name" | "description">): string {
  return description === "" ? name : `${name}: ${description}`;
}

function factLines(api: ApiDescription) {
  const { stages, routeSelectionExpression } = api;
  const own = ownUrls(api).map((url) => ["  Own domain", url]);
  return columns([
    ...stages.flatMap((stage, at) => [
      ["  URL", api.disableExecuteApiEndpoint ? `${stage.url}, disabled` : stage.url],
      ...(at === 0 ? own : []),
      ["  Stage", stage.name],
      ...Object.entries(stage.variables).map(([variable, value]) => [`    ${variable}`, value]),
      ...stageLimits(stage).map(([what, limits]) => ["    Limits", `${what}: ${limits}`]),
    ]),
    ["  Route by", routeSelectionExpression],
  ]);
}

function routeLines({ routes }: ApiDescription): readonly string[] {
  return columns(
    routes.map((route) => [
      `  ${route.routeKey}`,
      `-> ${route.function ?? route.calls ?? "nothing"}`,
      [
        route.because ?? `waits ${route.integrationTimeoutMs / 1000} s`,
        ...(route.twoWay ? ["sends the answer back"] : []),
        ...(route.authorizer === undefined ? [] : [`asks the authorizer ${authorizing(route)}`]),
        ...(route.authorizationType === undefined ? [] : ["takes signed handshakes (AWS_IAM)"]),
        ...(route.apiKeyRequired === true ? ["needs an API key"] : []),
      ].join(", "),
    ]),
  );
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ["", title, ...lines];
}

function functionLines(fn: FunctionDescription): readonly string[] {
  const settings = `${fn.handler}, ${fn.runtime}, ${fn.memoryMb} MB, ${fn.timeoutSeconds} s`;
  return [
    `  ${fn.name}`,
    `    ${settings}`,
    ...(fn.environment.length === 0 ? [] : [`    sees    ${fn.environment.join(", ")}`]),
    ...(fn.layers ?? []).map((layer) => `    layer   ${layer}`),
    ...(fn.role === undefined ? [] : [`    role    ${fn.role}, which exists already`]),
    ...fn.permissions.map(({ effect, actions, resource }) => {
      const verb = effect === "Allow" ? "may" : "not";
      return `    ${verb}     ${actions.join(", ")} on ${resource}`;
    }),
    ...(fn.managedPolicies ?? []).map((arn) => `    may     what ${arn} allows`),
    ...(fn.unknownRole === undefined ? [] : [`    role    not known whole: ${fn.unknownRole}`]),
  ];
}

function tableLines(table: TableDescription): readonly string[] {
  const { capacity, deletionPolicy, environmentVariable, functions, indexes, timeToLive } = table;
  const end = deletionPolicy === "Delete" ? "deleted with the stack" : "kept without the stack";
  return [
    `  ${table.name}`,
    `    key ${table.key}; ${capacity}; ${end}`,
    ...Object.entries(indexes).map(([name, key]) => `    index ${name} on ${key}`),
    ...(timeToLive === undefined ? [] : [`    items end at ${timeToLive}`]),
    `    used by ${functions.join(", ") || "no function"}${environmentVariable === undefined ? "" : ` as ${environmentVariable}`}`,
  ];
}

function columns(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, at) =>
    Math.max(...rows.map((row) => row[at]?.length ?? 0)),
  );
  return rows.map((row) => row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join("  "));
}
