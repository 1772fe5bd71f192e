import type { IntegratedRoute, Route } from "../../../../definition/checked-project.ts";
import { bodyProblem, type RequestModels } from "./request-models.ts";

/** The gateway's own errors, with their status in logs. Assumed, except 400 and 403. */
const STATUSES = {
  "Too Many Requests": 429,
  Forbidden: 403,
  "Invalid request body": 400,
  "Internal server error": 500,
} as const;

/** A message that the gateway answers with an error frame of its own. The connection stays open. */
export type RejectedMessage = {
  readonly kind: "rejected";
  readonly message: keyof typeof STATUSES;
  readonly statusCode: number;
  readonly because: string;
  /** Why a body does not match its model. */
  readonly details: string | undefined;
};

export function rejectMessage(
  message: keyof typeof STATUSES,
  because: string,
  details?: string,
): RejectedMessage {
  return { kind: "rejected", message, statusCode: STATUSES[message], because, details };
}

/**
 * Decides whether a message reaches the integration of its route. In this order, it must be within the limits,
 * match a route, match a model if its route has any, and the route must have an integration.
 */
export function screenMessage(
  message: {
    readonly text: string;
    /** Undefined if no route matches. */
    readonly route: Route | undefined;
    /** Why route selection chose this route, or none. */
    readonly because: string;
  },
  throttledBecause: string | undefined,
  models: ReadonlyMap<string, RequestModels>,
): RejectedMessage | { readonly kind: "routed"; readonly route: IntegratedRoute } {
  const { text, route, because } = message;
  if (throttledBecause !== undefined) return rejectMessage("Too Many Requests", throttledBecause);
  if (route === undefined) return rejectMessage("Forbidden", because);
  const { integration, routeKey } = route;
  const modelsOfRoute = models.get(routeKey);
  const misfit = modelsOfRoute && bodyProblem(modelsOfRoute, text);
  if (misfit !== undefined) {
    return rejectMessage("Invalid request body", misfit.because, misfit.details);
  }
  if (integration.type !== "none") return { kind: "routed", route: route as IntegratedRoute };
  const why = integration.because ?? `${routeKey} has no integration`;
  return rejectMessage("Internal server error", why);
}
