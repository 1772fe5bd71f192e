import type { RequestListener } from "node:http";
import type { Ids } from "../ids.ts";
import type { DefinitionSource } from "../readers/loaded-definition.ts";
import {
  frontDoorRejection,
  type RejectionCause,
} from "./apigateway/connect/rules/rejection-responses.ts";
import type { ConnectionsRouter } from "./apigateway/management/management-api.ts";
import type { Journal } from "./facts.ts";
import { warnOnce } from "./journal/warn-once.ts";
import { writeAnswer } from "./network/answers.ts";

/**
 * Answers the HTTP requests of an API: routes calls of the management API, and rejects everything else as API
 * Gateway does. Rejections are passed to `onRejected`. `bases` are the paths of stages.
 */
export function createRequestListener(
  connections: ConnectionsRouter,
  bases: ReadonlySet<string>,
  ids: Ids,
  onRejected: (method: string, url: string) => void = () => {},
): RequestListener {
  return (request, response) => {
    if (connections(request, response)) return;
    const { method = "", url = "" } = request;
    onRejected(method, url);
    const cause = causeOfRejection(bases, method, url);
    writeAnswer(
      response,
      frontDoorRejection(cause, { requestId: ids.uuid(), apigwId: ids.requestId() }),
    );
  };
}

/**
 * Why a plain HTTP request is rejected. A GET under one of `bases`, the stages' paths, requires an upgrade;
 * any other request is unknown to the front door, also one to a path of an HTTP API of the same template.
 */
export function causeOfRejection(
  bases: Iterable<string>,
  method: string,
  url: string,
): RejectionCause {
  const path = url.split("?")[0] ?? "";
  const isBelow = [...bases].some(
    (base) => base === "" || path === `/${base}` || path.startsWith(`/${base}/`),
  );
  if (!isBelow) return "unknown-stage";
  return method === "GET" ? "upgrade-required" : "unknown-path";
}

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
