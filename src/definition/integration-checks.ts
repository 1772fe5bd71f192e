import { isObject } from "../values/json.ts";
import type { WebSocketApi } from "./checked-project.ts";
import type { Fault, Path, Report } from "./faults.ts";
import { type Api, entriesOf, type Parts } from "./raw-parts.ts";

/** Headers that API Gateway itself sets for AWS integrations. */
const OWN_HEADERS =
  /^(?:authorization|connection|content-length|expect|proxy-authenticate|te|transfer-encoding)$/i;

const OF_HANDSHAKE =
  /^route\.request\.(?:header|querystring|multivalueheader|multivaluequerystring)\./;

/** Finds errors between the routes of an API and their integrations. */
export function checkIntegrations(api: Api, report: Report): void {
  for (const [key, route] of entriesOf(api.definition.routes)) {
    const path = [...api.path, "routes", key];
    checkChoice(api, path, route, report);
    if (route.requestParameters !== undefined && key !== "$connect") {
      report(
        [...path, "requestParameters"],
        "only a handshake has headers and a query. Remove it from this route.",
      );
    }
    if (!isObject(route.integration)) continue;
    checkParameters([...path, "integration", "requestParameters"], key, route.integration, report);
    checkRole([...path, "integration"], route.integration, report);
  }
}

/** A route has either a function or an integration. */
function checkChoice(api: Api, path: Path, route: Parts, report: Report): void {
  if (route.function !== undefined && route.integration !== undefined) {
    report([...path, "integration"], "cannot be combined with `function`. Remove one of them.");
  }
  if (route.function !== undefined || route.integration !== undefined) return;
  if (!isObject(Reflect.get(Object(api.definition.routes), path.at(-1) ?? ""))) return;
  // in the short form the schema reports it
  if (api.path.length > 0) {
    report(path, "has neither `function` nor `integration`. Add one of them.");
  }
}

function checkParameters(
  path: Path,
  routeKey: string,
  { type, requestParameters }: Parts,
  report: Report,
): void {
  if (!isObject(requestParameters)) return;
  for (const [name, source] of Object.entries(requestParameters)) {
    if (typeof source === "string" && OF_HANDSHAKE.test(source) && routeKey !== "$connect") {
      report(
        [...path, name],
        `${source} belongs to the handshake, which only $connect has. Use another source.`,
      );
    }
    const header = /^integration\.request\.header\.(.+)$/.exec(name)?.[1] ?? "";
    if ((type === "aws" || type === "lambda") && OWN_HEADERS.test(header)) {
      report([...path, name], `API Gateway sets ${header} itself. Remove it.`);
    }
  }
}

/** API Gateway needs a role to call services; a role that is missing in a template is reported elsewhere. */
function checkRole(
  path: Path,
  { type, credentials, roleStatements, denied }: Parts,
  report: Report,
): void {
  if (type !== "aws") return;
  if (credentials !== undefined && roleStatements !== undefined) {
    report(
      [...path, "roleStatements"],
      "cannot be combined with `credentials`, which refers to an existing role. Add the statements to that role, or omit `credentials`.",
    );
  }
  if (credentials === undefined && roleStatements === undefined && denied === undefined) {
    report(
      [...path, "roleStatements"],
      'is missing. List what the role of API Gateway allows, such as [{ Effect: "Allow", Action: "dynamodb:PutItem", Resource: ref("table.rooms.arn") }], or set `credentials`.',
    );
  }
}

/** A route must declare the handshake parameters that its request uses. */
export function parameterWarnings({ routes }: WebSocketApi, path: Path): readonly Fault[] {
  return Object.values(routes).flatMap(({ routeKey, integration, requestParameters = {} }) => {
    const own = "requestParameters" in integration ? integration.requestParameters : undefined;
    return Object.entries(own ?? {}).flatMap(([name, source]): readonly Fault[] => {
      if (typeof source !== "string" || !OF_HANDSHAKE.test(source)) return [];
      const declared = source.replace(/\.multivalue(header|querystring)\./, ".$1.");
      if (Object.hasOwn(requestParameters, declared)) return [];
      const at = [...path, "routes", routeKey, "integration", "requestParameters", name];
      const why = `API Gateway accepts ${source} only if the route declares it. Add "${declared}" to the route's requestParameters.`;
      return [[at, why]];
    });
  });
}
