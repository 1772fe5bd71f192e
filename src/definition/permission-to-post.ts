import type { LambdaFunction, WebSocketApi } from "./checked-project.ts";
import { functionsOf } from "./integrations.ts";
import { namesIn } from "./references.ts";

/**
 * The APIs to whose connections a function may post: the only one, or those with a route to it and those
 * whose callback URL is in its environment.
 */
export function postingTo<P extends { readonly api: Pick<WebSocketApi, "key" | "routes"> }>(
  apis: readonly P[],
  { name, environment }: Pick<LambdaFunction, "name" | "environment">,
): readonly P[] {
  if (apis.length === 1) return apis;
  return apis.filter(
    ({ api: { key, routes } }) =>
      Object.values(routes).some((route) => functionsOf(route).includes(name)) ||
      Object.values(environment).some((value) => namesIn(value).includes(`api.${key}.callbackUrl`)),
  );
}
