import type { StageThrottle } from "../../../../definition/checked-project.ts";
import type { ThrottleDefinition } from "../../../../definition/parts.ts";
import type { RateLimit } from "./token-bucket.ts";

/**
 * The default limit of an account.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html
 */
const ACCOUNT: RateLimit = { rate: 10_000, burst: 5_000 };

/** The limit of a throttle; undefined if it sets none. A missing half is the account's. */
export function rateLimitOf(throttle: ThrottleDefinition | undefined): RateLimit | undefined {
  if (throttle?.rateLimit === undefined && throttle?.burstLimit === undefined) return undefined;
  return { rate: throttle.rateLimit ?? ACCOUNT.rate, burst: throttle.burstLimit ?? ACCOUNT.burst };
}

/** The limit of a stage for a route. */
export type StageLimit = { readonly of: "stage" | "route"; readonly limit: RateLimit };

/**
 * The limit of a stage for a route: the route's own, else one that all its other routes share. Assumed: they
 * share it, and a route's missing half is the stage's.
 */
export function stageLimitOf(
  throttle: StageThrottle,
  routeKey: string | undefined,
): StageLimit | undefined {
  const { routes, ...shared } = throttle;
  const own = Object.hasOwn(routes, routeKey ?? "") ? routes[routeKey ?? ""] : undefined;
  if (rateLimitOf(own) !== undefined) {
    const limit = rateLimitOf({ ...shared, ...own });
    return limit && { of: "route", limit };
  }
  const limit = rateLimitOf(shared);
  return limit && { of: "stage", limit };
}

/** Describes a limit, for a sentence that begins with what is limited. */
export function inWords({ rate, burst }: RateLimit): string {
  return `is limited to ${rate} requests per second and bursts of ${burst}`;
}
