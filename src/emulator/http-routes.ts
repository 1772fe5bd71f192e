import type { DefinitionSource } from "../readers/loaded-definition.ts";
import type { Journal } from "./facts.ts";
import { warnOnce } from "./journal/warn-once.ts";

type HttpApis = DefinitionSource["httpApis"];

/** A matching route of an HTTP or REST API. */
export type FoundRoute = {
  readonly api: string;
  readonly route: string;
  readonly function: string;
};

/**
 * The route that matches a request, `$default` last; undefined if none matches. Paths of a REST API begin
 * with the stage.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html
 */
export function httpRouteOf(apis: HttpApis, method: string, url: string): FoundRoute | undefined {
  const path = url.split("?")[0] ?? "";
  const paths = [path, path.replace(/^\/[^/]*(?=\/)/, "")];
  const routes = apis.flatMap(({ name, routes: all = [] }) =>
    all.map((each) => ({ api: name, ...each })),
  );
  const matching = routes.find(({ route }) => {
    const [verb = "", pattern] = route.split(" ");
    // browsers send a preflight OPTIONS before other methods
    const isMeant = verb === "ANY" || verb === method || method === "OPTIONS";
    return pattern !== undefined && isMeant && paths.some((each) => matches(pattern, each));
  });
  return matching ?? routes.find(({ route }) => route === "$default");
}

function matches(pattern: string, path: string): boolean {
  const parts = pattern.split(/(\{[^}]+\})/).map((part) => {
    if (!part.startsWith("{")) return part.replace(/[$()*+.?[\\\]^|]/g, "\\$&");
    return part.endsWith("+}") ? ".+" : "[^/]+";
  });
  return new RegExp(`^${parts.join("")}/?$`).test(path);
}

/**
 * Returns a function that warns once for each route that HTTP APIs are not served; their requests are
 * rejected here.
 */
export function createHttpRouteWarner(
  httpApis: () => HttpApis,
  journal: Journal,
): (method: string, url: string) => void {
  const warn = warnOnce(journal);
  return (method, url) => {
    const found = httpRouteOf(httpApis(), method, url);
    if (found === undefined) return;
    const message = `${found.route} belongs to the HTTP API ${found.api}, which is not served locally yet; \`wsgw invoke ${found.function} --event FILE\` runs its function`;
    warn(message);
  };
}
