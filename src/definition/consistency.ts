import { isObject } from "../values/json.ts";
import { checkAuthorizers } from "./authorizer-checks.ts";
import { checkEnvironment } from "./environment-checks.ts";
import { type ParseExpression, type Report, shown } from "./faults.ts";
import { checkFunction, checkFunctionNames } from "./function-checks.ts";
import { checkHosts } from "./host-checks.ts";
import { checkIntegrations } from "./integration-checks.ts";
import { checkCount } from "./limits.ts";
import { checkModels } from "./model-checks.ts";
import { checkApiNames, checkTableNames } from "./name-checks.ts";
import { type Api, entriesOf, type Parts, readApis, readTables } from "./raw-parts.ts";
import { checkReferences } from "./reference-checks.ts";
import { isProject } from "./schema.ts";
import { checkKeys } from "./table-key-checks.ts";
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

function checkRoutes(api: Api, report: Report): void {
  const { routes } = api.definition;
  const path = [...api.path, "routes"];
  checkCount("routes", path, routes, report);
  if (isObject(routes) && Object.keys(routes).length === 0) {
    report(path, "is empty. API Gateway does not deploy an API without routes. Add one.");
  }
}
