import type { ServedApi } from "../../rules/served-api.ts";
import { type RequestModels, requestModelsOf } from "./request-models.ts";
import { parseRouteExpression, type RouteExpression } from "./route-expression.ts";

/** An API with its parsed route keys and selection expression. */
export type RoutedApi = ServedApi & {
  readonly routeKeys: ReadonlySet<string>;
  readonly expression: RouteExpression;
  /** Request models by route key; only for routes with a `modelSelectionExpression`. */
  readonly requestModels: ReadonlyMap<string, RequestModels>;
};

/** Prepares a checked API for messages. */
export function withRouting(api: ServedApi): RoutedApi {
  const parsed = parseRouteExpression(api.routeSelectionExpression);
  if (parsed.kind === "invalid")
    throw new Error(`unchecked route selection expression: ${parsed.problem}`);
  return {
    ...api,
    routeKeys: new Set(Object.keys(api.routes)),
    expression: parsed.expression,
    requestModels: requestModelsOf(api),
  };
}
