import { parseJson } from "../../../../values/json.ts";
import type { ApiGatewayFact } from "../../facts.ts";
import { evaluateExpression, type RouteExpression } from "./route-expression.ts";

/** The selected route, and why. `value` is that of the expression, if it was evaluated. */
export type RouteSelection = Extract<
  ApiGatewayFact,
  { readonly type: "route.selected" }
>["selection"];

type Miss = Extract<RouteSelection, { readonly kind: "none" }>["because"];

const NEVER_FROM_A_MESSAGE = new Set(["$connect", "$disconnect"]);

/**
 * Selects the route for one text message: the route whose key equals the expression's value exactly, else
 * `$default`, else none. `routeKeys` are all keys of the API. Assumed: messages cannot select `$connect` and
 * `$disconnect`.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-api-develop-routes.html
 */
export function selectRoute(
  routeKeys: ReadonlySet<string>,
  expression: RouteExpression,
  text: string,
): RouteSelection {
  const body = parseJson(text);
  if (body === undefined) return fallback(routeKeys, "not-json", undefined);

  const { value, complete } = evaluateExpression(expression, body.value);
  if (routeKeys.has(value) && !NEVER_FROM_A_MESSAGE.has(value)) {
    return { kind: "route", routeKey: value, because: "matched", value };
  }
  return fallback(routeKeys, complete ? "unknown-key" : "no-value", value);
}

function fallback(
  routeKeys: ReadonlySet<string>,
  because: Miss,
  value: string | undefined,
): RouteSelection {
  return routeKeys.has("$default")
    ? { kind: "route", routeKey: "$default", because, value }
    : { kind: "none", because, value };
}
