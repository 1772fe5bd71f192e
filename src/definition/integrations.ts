import type { Route } from "./model.ts";

/** The function that answers a route; undefined for a route without integration. */
export function functionOf({ integration }: Pick<Route, "integration">): string | undefined {
  return integration.type === "lambda-proxy" ? integration.function : undefined;
}
