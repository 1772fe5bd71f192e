import { isObject, objectOf } from "../values/json.ts";
import { calledFunction, isQualified } from "./called-functions.ts";
import {
  didYouMean,
  type ParseExpression,
  type Path,
  placeOf,
  type Report,
  shown,
} from "./faults.ts";
import { checkHosts } from "./host-checks.ts";
import { checkIntegrations } from "./integration-checks.ts";
import { AWS_IAM } from "./integrations.ts";
import { DEFINITION_LIMITS } from "./limits.ts";
import { checkModels } from "./model-checks.ts";
import {
  type Api,
  entriesOf,
  type Parts,
  readApis,
  readTables,
  type Table,
  textOf,
} from "./raw-parts.ts";
import { checkReferences } from "./reference-checks.ts";
import type { Values } from "./references.ts";
import { DEFAULT_RUNTIME, familyOf } from "./runtimes.ts";
import { isProject } from "./schema.ts";
import { checkUsage } from "./usage-checks.ts";

/**
 * Finds errors between the parts of a definition. Parts with an invalid shape are skipped, because their
 * errors have been reported.
 */
export function checkConsistency(
  definition: Parts,
  parseExpression: ParseExpression,
  report: Report,
): void {
  const functions = entriesOf(definition.functions);
  const tables = readTables(definition);
  const apis = readApis(definition);
  for (const api of apis) checkExpression(api, parseExpression, report);
  for (const [name, fn] of functions) checkFunction(["functions", name], fn, report);
  checkFunctionNames(definition, apis, tables, report);
  // a project's functions may belong to several APIs, each of which calls at most as many as it has routes
  if (!isProject(definition)) checkCount("functions", ["functions"], definition.functions, report);
  for (const api of apis) checkRoutes(api, report);
  for (const api of apis) checkIntegrations(api, report);
  for (const api of apis) checkAuthorizers(api, report);
  for (const api of apis) checkModels(api, parseExpression, report);
  checkUsage(definition, apis, report);
  checkApiNames(definition, apis, report);
  checkHosts(apis, report);
  checkTableNames(definition, tables, report);
  for (const table of tables) checkKeys(table, report);
  for (const [name, fn] of functions) {
    const used = tables.filter((table) => table.functions.includes(name));
    checkEnvironment(name, fn, used, report);
  }
  checkReferences(definition, apis, tables, report);
}

function checkExpression({ path, definition }: Api, parse: ParseExpression, report: Report): void {
  const source = definition.routeSelectionExpression;
  if (typeof source !== "string") return;
  const parsed = parse(source);
  if (parsed.kind === "ok") return;
  report(
    [...path, "routeSelectionExpression"],
    `${shown(source)} is not a valid expression: ${parsed.problem}. Write it like "$request.body.action".`,
  );
}

/** Finds missing fields, and fields that conflict with the runtime or each other. */
function checkFunction(path: Path, fn: Parts, report: Report): void {
  const runtime = typeof fn.runtime === "string" ? fn.runtime : DEFAULT_RUNTIME;
  const family = fn.command === undefined ? familyOf(runtime) : undefined;
  if (family === "command") {
    report(
      [...path, "command"],
      `is missing. wsgw itself runs only Node, Python and executables. For ${shown(fn.runtime)}, add the program that uses the Lambda Runtime API, such as ["java", "-jar", "chat.jar"].`,
    );
  }
  if (family === "node" && fn.code !== undefined) {
    report(
      [...path, "code"],
      "cannot be combined with a Node runtime. Write the directory in the handler.",
    );
  }
  const [misplaced, why] =
    family === "node"
      ? [
          ["exclude"],
          "cannot be combined with a Node runtime. Its zip contains only the handler's imports and the files of `include`.",
        ]
      : [
          ["include", "nodeModules"],
          "works with Node runtimes only. Others deploy the whole directory of the code, except the files of `exclude`.",
        ];
  for (const name of misplaced) if (fn[name] !== undefined) report([...path, name], why);
  // the stack cannot change an existing role
  if (fn.role !== undefined && fn.roleStatements !== undefined) {
    report(
      [...path, "roleStatements"],
      "cannot be combined with `role`, which refers to an existing role. Add the statements to that role, or omit `role`.",
    );
  }
}

/** Checks that the project has every function that routes and tables name. */
function checkFunctionNames(
  definition: Parts,
  apis: readonly Api[],
  tables: readonly Table[],
  report: Report,
): void {
  const names = entriesOf(definition.functions).map(([name]) => name);
  const has = names.length === 0 ? "`functions` is empty" : `\`functions\` has ${names.join(", ")}`;
  const check = (path: Path, name: unknown): void => {
    if (typeof name !== "string" || names.includes(name)) return;
    const instead = didYouMean(name, names) ?? `. ${has}.`;
    report(path, `${shown(name)} is not the name of a function${instead}`);
  };
  for (const api of apis) {
    for (const [key, route] of entriesOf(api.definition.routes)) {
      const path = [...api.path, "routes", key];
      const written = [[[...path, "function"], route.function] as const];
      if (isObject(route.integration)) {
        written.push([[...path, "integration", "function"], route.integration.function]);
      }
      for (const [place, name] of written) {
        if (typeof name === "string" && isQualified(name)) {
          const stages = stagesOf(api).filter(([stage]) => !isMissingAt(route, stage));
          checkQualified(definition, stages, place, name, report);
        } else check(place, name);
      }
    }
    for (const [name, authorizer] of entriesOf(api.definition.authorizers)) {
      check([...api.path, "authorizers", name, "function"], authorizer.function);
    }
  }
  for (const table of tables) {
    const listed = table.definition.functions;
    if (!Array.isArray(listed)) continue;
    for (const [i, name] of listed.entries()) check([...table.path, "functions", i], name);
  }
}

/** Checks that a function with an alias or stage variables exists, with the alias, on each stage. */
function checkQualified(
  definition: Parts,
  stages: ReturnType<typeof stagesOf>,
  path: Path,
  written: string,
  report: Report,
): void {
  const functions = Object.fromEntries(entriesOf(definition.functions));
  for (const [stage, { variables }] of stages) {
    const values = objectOf(variables) as Values;
    const { name, qualifier } = calledFunction(written, values, functions);
    const fn = functions[name];
    const at = `${shown(written)} is ${shown(name)} on stage ${stage}`;
    if (fn === undefined) {
      const problem = `${at}, which is not the name of a function. Set its stage variable to the function's name on AWS: ref("function.NAME.name").`;
      report(path, problem);
    } else if (qualifier !== undefined && !hasQualifier(fn, qualifier)) {
      const aliases = Array.isArray(fn.aliases) ? fn.aliases.map(String) : [];
      const instead = didYouMean(qualifier, aliases) ?? ". Add it to the function's `aliases`.";
      report(path, `${at}, which does not have the alias ${shown(qualifier)}${instead}`);
    }
  }
}

/** Whether a template has no function for a stage of a route. */
function isMissingAt({ integration }: Parts, stage: string): boolean {
  const { missingAt } = objectOf(integration);
  return isObject(missingAt) && Object.hasOwn(missingAt, stage);
}

/** Versions are made by AWS; there may be any. */
function hasQualifier({ aliases }: Parts, qualifier: string): boolean {
  return (
    /^(?:\$LATEST|\d+)$/.test(qualifier) || (Array.isArray(aliases) && aliases.includes(qualifier))
  );
}

function stagesOf({ definition }: Api): readonly (readonly [string, Parts])[] {
  const { stage, stages } = definition;
  return isObject(stage) ? [[textOf(stage.name) ?? "", stage]] : entriesOf(stages);
}

/** API Gateway accepts an authorizer only on `$connect`, and at most ten in an API. */
function checkAuthorizers(api: Api, report: Report): void {
  const { authorizers, routes } = api.definition;
  const names = entriesOf(authorizers).map(([name]) => name);
  checkCount("authorizers", [...api.path, "authorizers"], authorizers, report);
  if (names.includes(AWS_IAM)) {
    report(
      [...api.path, "authorizers", AWS_IAM],
      'cannot name an authorizer, because `authorizer: "AWS_IAM"` means IAM authorization. Use another name.',
    );
  }
  for (const [key, { authorizer }] of entriesOf(routes)) {
    if (typeof authorizer !== "string") continue;
    const path = [...api.path, "routes", key, "authorizer"];
    if (key !== "$connect") {
      report(
        path,
        "Currently, authorization is restricted to the $connect route only. Remove `authorizer` from this route.",
      );
    } else if (authorizer !== AWS_IAM && !names.includes(authorizer)) {
      const has =
        names.length === 0
          ? "There are no `authorizers`"
          : `\`authorizers\` has ${names.join(", ")}`;
      const instead = didYouMean(authorizer, [...names, AWS_IAM]) ?? `. ${has}.`;
      const problem = `${shown(authorizer)} is not the name of an authorizer (API Gateway: Invalid Authorizer identifier specified)`;
      report(path, `${problem}${instead}`);
    }
  }
}

function checkCount(
  what: "authorizers" | "functions" | "routes",
  path: Path,
  part: unknown,
  report: Report,
): void {
  const most = DEFINITION_LIMITS[what];
  const count = isObject(part) ? Object.keys(part).length : 0;
  if (count > most) {
    report(path, `${count} ${what} exceed API Gateway's limit of ${most}. Split the API.`);
  }
}

function checkRoutes(api: Api, report: Report): void {
  const { routes } = api.definition;
  const path = [...api.path, "routes"];
  checkCount("routes", path, routes, report);
  if (isObject(routes) && Object.keys(routes).length === 0) {
    report(path, "is empty. API Gateway does not deploy an API without routes. Add one.");
  }
}

/** `/{stage}` leads to the first API and `/{apiName}/{stage}` to any, so these names must differ. */
function checkApiNames(definition: Parts, apis: readonly Api[], report: Report): void {
  if (!isProject(definition)) return;
  if (isObject(definition.apis) && apis.length === 0) {
    report(["apis"], "is empty. Add at least one API.");
  }
  for (const { path, definition: api } of apis) {
    if (isObject(api.stages) && Object.keys(api.stages).length === 0) {
      report([...path, "stages"], "is empty. Add at least one stage.");
    }
  }
  const onAws = ({ name, definition: api }: Api) =>
    typeof api.name === "string" ? api.name : `${textOf(definition.name)}-${name}`;
  checkUnique(
    apis.map((api) => ({ ...api, name: onAws(api) })),
    "API",
    report,
  );
  const [first] = apis;
  const stages = first === undefined ? [] : entriesOf(first.definition.stages);
  for (const api of apis.filter(({ name }) => stages.some(([stage]) => stage === name))) {
    report(
      api.path,
      `"${api.name}" is a stage of ${placeOf(first?.path ?? [])} too, so the path /${api.name} is ambiguous. Rename one of them.`,
    );
  }
}

function checkTableNames(definition: Parts, tables: readonly Table[], report: Report): void {
  const isTaken = isObject(definition.tables) && "connections" in definition.tables;
  const isShadowed = ({ path }: Table) => path[0] === "connectionTable" && isTaken;
  if (tables.some(isShadowed)) {
    report(
      ["tables", "connections"],
      "connectionTable creates a table with this name. Rename this one.",
    );
  }
  checkUnique(
    tables.filter((table) => !isShadowed(table)),
    "table",
    report,
  );
}

/** Checks that names are unique, whether given or generated. */
function checkUnique(
  named: readonly { readonly path: Path; readonly name: string; readonly definition: Parts }[],
  what: string,
  report: Report,
): void {
  const seen = new Map<string, Path>();
  for (const { path, name, definition } of named) {
    const other = seen.get(name);
    seen.set(name, path);
    if (other === undefined) continue;
    report(
      definition.name === undefined ? path : [...path, "name"],
      `"${name}" is the name of ${placeOf(other)} too. Give each ${what} its own name.`,
    );
  }
}

function checkKeys(table: Table, report: Report): void {
  const types = new Map<string, unknown>();
  const check = (path: Path, keys: Parts): void => {
    const names = new Set<unknown>();
    for (const role of ["partitionKey", "sortKey"]) {
      const key = keys[role];
      if (!isObject(key) || typeof key.name !== "string") continue;
      if (names.has(key.name)) {
        report(
          [...path, role],
          `"${key.name}" is already the partition key. Choose another attribute.`,
        );
      }
      names.add(key.name);
      const known = types.get(key.name) ?? key.type;
      types.set(key.name, known);
      if (known !== key.type) {
        report(
          [...path, role, "type"],
          `"${key.name}" is of type ${shown(key.type)} here and of type ${shown(known)} elsewhere in this table. Use one type.`,
        );
      }
    }
  };

  check(table.path, table.definition);
  for (const [name, index] of entriesOf(table.definition.indexes)) {
    check([...table.path, "indexes", name], index);
  }
}

function checkEnvironment(name: string, fn: Parts, tables: readonly Table[], report: Report): void {
  const path = ["functions", name, "environment"];
  const own = objectOf(fn.environment);
  const filled = new Map<string, Table>();

  for (const table of tables) {
    if (table.variable === undefined) continue;
    const other = filled.get(table.variable);
    filled.set(table.variable, table);
    if (other !== undefined) {
      report(
        [...table.path, "environmentVariable"],
        `"${table.variable}" is also set by ${placeOf(other.path)}, and function ${name} uses both. Choose another variable.`,
      );
    } else if (Object.hasOwn(own, table.variable)) {
      report(
        [...path, table.variable],
        `${placeOf(table.path)} sets this variable to the name of its table. Remove it here, or rename one of them.`,
      );
    }
  }

  const whole = {
    ...own,
    ...Object.fromEntries([...filled].map(([variable, table]) => [variable, table.name])),
  };
  const bytes = environmentBytes(whole);
  if (bytes > DEFINITION_LIMITS.environmentBytes) {
    report(
      path,
      `${bytes} bytes exceed Lambda's limit of ${DEFINITION_LIMITS.environmentBytes}. Shorten it.`,
    );
  }
}

/**
 * Lambda measures the variables as JSON: its error contains "String measured: {…}".
 * @see https://github.com/github-aws-runners/terraform-aws-github-runner/issues/3594
 */
function environmentBytes(environment: Parts): number {
  const texts = Object.entries(environment).filter(([, value]) => typeof value === "string");
  return Buffer.byteLength(JSON.stringify(Object.fromEntries(texts)));
}
