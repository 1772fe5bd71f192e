import { mapValues } from "../values/map-values.ts";
import type { Project, Route } from "./model.ts";

/** The function that answers a route; undefined for a route without integration. */
export function functionOf({ integration }: Pick<Route, "integration">): string | undefined {
  return integration.type === "lambda-proxy" ? integration.function : undefined;
}

/** Why API Gateway may not invoke that function; undefined where it may. */
export function whyDenied({ integration }: Pick<Route, "integration">): string | undefined {
  return integration.type === "lambda-proxy" ? integration.denied : undefined;
}

/** The project as if API Gateway might invoke all functions. */
export function withoutDenials(project: Project): Project {
  const apis = mapValues(project.apis, (api) => ({
    ...api,
    authorizers: mapValues(api.authorizers, (each) => ({ ...each, denied: undefined })),
    routes: mapValues(api.routes, ({ integration, ...route }) => ({
      ...route,
      integration:
        integration.type === "lambda-proxy"
          ? { type: integration.type, function: integration.function }
          : integration,
    })),
  }));
  return { ...project, apis };
}

/** In place of an authorizer's name: the handshake must be signed with AWS keys. */
export const AWS_IAM = "AWS_IAM";
