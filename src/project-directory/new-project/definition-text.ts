import type {
  FunctionDefinition,
  PermissionsDefinition,
  ProjectRouteDefinition,
  RoleStatement,
  StageThrottleDefinition,
  TableDefinition,
  WebSocketApiDefinition,
} from "../../definition/parts.ts";
import type { Value } from "../../definition/references.ts";
import { DEFAULT_REGION } from "../../definition/region.ts";
import type { ProjectDefinition } from "../../definition/written.ts";
import { isObject } from "../../values/json.ts";
import { mapValues } from "../../values/map-values.ts";
import { createReferrer, type MadeFor } from "./plain-values.ts";

/** A project as the source of a config file. */
export type DefinitionText = {
  readonly text: string;
  /** The parts that the config file lacks, one line each. */
  readonly leftOut: readonly string[];
};

/**
 * The source of a `wsgw.config.ts` for a project from another format, in its shortest form: without defaults,
 * and with references to the project's own resources.
 */
export function definitionText(
  definition: ProjectDefinition,
  made: MadeFor,
  from: { readonly command: string; readonly leftOut: readonly string[] },
): DefinitionText {
  const refer = createReferrer(definition, made);
  const rolesOf = Object.entries(definition.functions).flatMap(([key, { permissions }]) =>
    rolesLeftOut(key, permissions),
  );
  const leftOut = [...from.leftOut, ...rolesOf];
  const project = shortened(definition, refer);
  const only = onlyApi(project);
  const printed = print(only ?? project, 0, "defineApi()".length);
  const define = only === undefined ? "defineProject" : "defineApi";
  const imports = [define, ...(printed.includes("ref(") ? ["ref"] : [])].join(", ");
  const comments = [
    `// Written by ${from.command}. docs/definition.md of wsgw describes every field.`,
    ...(leftOut.length === 0 ? [] : ["//", "// Omitted:"]),
    ...leftOut.map((line) => `// - ${line}`),
  ];
  const lines = [`import { ${imports} } from "wsgw";`, "", ...comments];
  const text = `${lines.join("\n")}\nexport default ${define}(${printed});\n`;
  return { text, leftOut };
}

type Integration = NonNullable<ProjectRouteDefinition["integration"]>;
type Refer = (text: string) => Value;

function shortened(
  { name, description, region, apis, functions, tables = {}, ...rest }: ProjectDefinition,
  refer: Refer,
): ProjectDefinition {
  const { accountId: _, ...others } = rest;
  const every = Object.keys(functions);
  return {
    name,
    ...(description !== undefined && { description }),
    ...(region !== undefined && region !== DEFAULT_REGION && { region }),
    apis: mapValues(apis, (api, key) => shortApi(api, `${name}-${key}`, refer)),
    functions: mapValues(functions, (fn, key) => shortFunction(fn, [key, `${name}-${key}`], refer)),
    ...(Object.keys(tables).length > 0 && {
      tables: mapValues(tables, (table, key) => shortTable(table, `${name}-${key}`, every)),
    }),
    ...others,
  };
}

function shortApi(
  { name, stages, routes, authorizers = {}, ...api }: WebSocketApiDefinition,
  usual: string,
  refer: Refer,
): WebSocketApiDefinition {
  return {
    ...(name !== undefined && name !== usual && { name }),
    ...api,
    stages: mapValues(stages, ({ variables = {}, throttle, ...stage }) => ({
      ...stage,
      ...(throttle !== undefined && { throttle: shortThrottle(throttle) }),
      ...(Object.keys(variables).length > 0 && { variables: referring(variables, refer) }),
    })),
    ...(Object.keys(authorizers).length > 0 && {
      authorizers: mapValues(authorizers, ({ denied: _, ...authorizer }) => authorizer),
    }),
    routes: mapValues(routes, (route) => shortRoute(route, refer)),
  };
}

function shortThrottle({ routes = {}, ...throttle }: StageThrottleDefinition) {
  return { ...throttle, ...(Object.keys(routes).length > 0 && { routes }) };
}

/** Why API Gateway may not invoke a template's function does not apply to a deployment by wsgw. */
function shortRoute(
  { integration, ...route }: ProjectRouteDefinition,
  refer: Refer,
): ProjectRouteDefinition {
  if (integration === undefined) return route;
  if (integration.type === "lambda-proxy") return { function: integration.function, ...route };
  return { ...route, integration: shortIntegration(integration, refer) };
}

function shortIntegration(integration: Integration, refer: Refer): Integration {
  switch (integration.type) {
    case "lambda": {
      const { denied: _, deniedAt: __, missingAt: ___, ...own } = integration;
      return own;
    }
    case "aws": {
      const { denied: _, credentials: __, permissions, uri, ...own } = integration;
      const roleStatements = statementsIn(permissions).map((each) => referringIn(each, refer));
      return {
        ...own,
        uri: typeof uri === "string" ? refer(uri) : uri,
        ...(roleStatements.length > 0 && { roleStatements }),
      };
    }
    default:
      return integration;
  }
}

/** A statement with references to resources. */
function referringIn({ Sid, Resource, ...statement }: RoleStatement, refer: Refer): RoleStatement {
  return {
    ...(Sid !== undefined && /^[A-Za-z0-9]+$/.test(Sid) && { Sid }),
    ...statement,
    Resource: Array.isArray(Resource)
      ? Resource.map((each) => refer(String(each)))
      : refer(String(Resource)),
  };
}

function shortFunction(
  { functionName, environment = {}, permissions, timeout, memory, ...fn }: FunctionDefinition,
  usual: readonly string[],
  refer: Refer,
): FunctionDefinition {
  const statements = ownStatements(permissions).map((each) => referringIn(each, refer));
  return {
    ...fn,
    ...(functionName !== undefined && !usual.includes(functionName) && { functionName }),
    ...(memory !== undefined && memory !== 128 && { memory }),
    ...(timeout !== undefined && timeout !== 3 && { timeout }),
    ...(Object.keys(environment).length > 0 && { environment: referring(environment, refer) }),
    ...(statements.length > 0 && { roleStatements: statements }),
  };
}

function shortTable(
  { name, indexes = {}, functions = [], ...table }: TableDefinition,
  usual: string,
  every: readonly string[],
): TableDefinition {
  const isOfAll = functions.length === every.length;
  return {
    ...(name !== undefined && name !== usual && { name }),
    ...table,
    ...(Object.keys(indexes).length > 0 && { indexes: mapValues(indexes, shortIndex) }),
    ...(!isOfAll && { functions }),
  };
}

type Index = NonNullable<TableDefinition["indexes"]>[string];

function shortIndex({ scope, projection, ...index }: Index): Index {
  return {
    ...index,
    ...(scope !== undefined && scope !== "global" && { scope }),
    ...(projection !== undefined && projection !== "ALL" && { projection }),
  };
}

function referring(values: Readonly<Record<string, Value>>, refer: Refer) {
  return mapValues(values, (value) => (typeof value === "string" ? refer(value) : value));
}

/**
 * The permissions of a role beyond wsgw's defaults for each function: its tables, its connections, its log.
 */
function ownStatements(permissions: PermissionsDefinition | undefined): readonly RoleStatement[] {
  return statementsIn(permissions).filter(
    (each) => !isUsual(each) && !JSON.stringify(each).includes("{{"),
  );
}

function statementsIn({ policies = {} }: PermissionsDefinition = {}): readonly RoleStatement[] {
  return Object.values(policies).flatMap((document) => {
    const statements = isObject(document) ? [document.Statement ?? []].flat() : [];
    return statements.filter(isStatement);
  });
}

function isStatement(statement: unknown): statement is RoleStatement {
  if (!isObject(statement)) return false;
  const { Action, Resource } = statement;
  return Action !== undefined && [Resource].flat().every((each) => typeof each === "string");
}

function isUsual({ Action }: RoleStatement): boolean {
  return [Action].flat().every((action) => /^(?:dynamodb|execute-api|logs|xray):/i.test(action));
}

/**
 * For example `arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole`, which every role of wsgw's
 * includes.
 */
const USUAL_POLICY = /\/AWSLambdaBasicExecutionRole$/;

function rolesLeftOut(key: string, permissions: PermissionsDefinition | undefined) {
  const managed = (permissions?.managedPolicies ?? []).filter((arn) => !USUAL_POLICY.test(arn));
  const hidden = statementsIn(permissions).some((each) => JSON.stringify(each).includes("{{"));
  return [
    ...managed.map((arn) => `the managed policy ${arn} of ${key}`),
    ...(hidden ? [`a statement of ${key} with a value that only AWS knows`] : []),
  ];
}

/** The short form, for one API with one stage and only function routes; undefined for anything else. */
function onlyApi({ name, region, apis, ...project }: ProjectDefinition): object | undefined {
  const [[key, api] = [], ...more] = Object.entries(apis);
  if (api === undefined || more.length > 0 || region !== undefined) return undefined;
  const [[stage, settings] = [], ...others] = Object.entries(api.stages);
  const isShort = Object.values(api.routes).every(({ integration }) => integration === undefined);
  const called = api.name ?? name;
  const hasPlans = project.usagePlans !== undefined;
  if (!isShort || others.length > 0 || stage === undefined || hasPlans) return undefined;
  if (!/^[A-Za-z][A-Za-z0-9-]{0,127}$/.test(called)) return undefined;
  const { name: _, stages: __, routes, authorizers, ...rest } = api;
  const { functions, ...parts } = project;
  const short = {
    name: called,
    ...rest,
    stage: { name: stage, ...settings },
    functions,
    ...(authorizers && { authorizers }),
    routes,
    ...parts,
  };
  // references use the API's key, which is its name in the short form
  return JSON.parse(
    JSON.stringify(short).replaceAll(`"ref":"api.${key}.`, `"ref":"api.${called}.`),
  );
}

const WIDTH = 100;
const PLAIN_KEY = /^[A-Za-z_$][\w$]*$/;

/** A value in TypeScript syntax; `used` are the occupied columns of its line. */
function print(value: unknown, indent: number, used: number): string {
  const inOne = printInline(value);
  if (used + inOne.length <= WIDTH && !isLong(value, indent)) return inOne;
  const inner = " ".repeat(indent + 2);
  const close = " ".repeat(indent);
  if (Array.isArray(value)) {
    const items = value.map((each) => `${inner}${print(each, indent + 2, indent + 3)},`);
    return `[\n${items.join("\n")}\n${close}]`;
  }
  if (!isObject(value) || "ref" in value) return inOne;
  const items = entriesOf(value).map(([key, each]) => {
    const name = keyText(key);
    const used = indent + 5 + name.length;
    const isLine = typeof each === "string" && !each.includes("\n");
    const isTooLong = isLine && used + printInline(each).length > WIDTH;
    return `${inner}${name}:${isTooLong ? `\n${inner}  ` : " "}${print(each, indent + 2, used)},`;
  });
  return `{\n${items.join("\n")}\n${close}}`;
}

/** Nested objects at the top of a definition are clearer on several lines. */
function isLong(value: unknown, indent: number): boolean {
  return (
    indent < 4 &&
    isObject(value) &&
    entriesOf(value).some(([, each]) => isObject(each) && !("ref" in each))
  );
}

function printInline(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(printInline).join(", ")}]`;
  if (typeof value === "string") return textLiteral(value);
  if (!isObject(value)) return JSON.stringify(value);
  if (typeof value.ref === "string") return `ref(${JSON.stringify(value.ref)})`;
  const entries = entriesOf(value);
  if (entries.length === 0) return "{}";
  return `{ ${entries.map(([key, each]) => `${keyText(key)}: ${printInline(each)}`).join(", ")} }`;
}

/** A string literal with the quotes that need fewer escapes; several lines as a template literal. */
function textLiteral(text: string): string {
  if (text.includes("\n")) return `\`${text.replace(/[`\\]|\$\{/g, "\\$&")}\``;
  const json = JSON.stringify(text);
  const count = (quote: string) => text.split(quote).length;
  if (count('"') <= count("'")) return json;
  return `'${json.slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
}

function entriesOf(
  value: Readonly<Record<string, unknown>>,
): readonly (readonly [string, unknown])[] {
  return Object.entries(value).filter(([, each]) => each !== undefined);
}

function keyText(key: string): string {
  return PLAIN_KEY.test(key) ? key : JSON.stringify(key);
}
