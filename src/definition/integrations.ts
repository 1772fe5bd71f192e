import type { Route } from "./model.ts";

/** The function that answers a route; undefined for a route without integration. */
export function functionOf({ integration }: Pick<Route, "integration">): string | undefined {
  return integration.type === "lambda-proxy" ? integration.function : undefined;
}

/** Why API Gateway may not invoke that function; undefined where it may. */
export function denialOf({ integration }: Pick<Route, "integration">): string | undefined {
  return integration.type === "lambda-proxy" ? integration.denied : undefined;
}
