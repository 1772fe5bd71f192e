import { mapValues } from "../values/map-values.ts";
import type { Project, Route } from "./checked-project.ts";

/** Why API Gateway cannot call what answers a route on a stage; undefined where it can. */
export function whyDenied(
  { integration }: Pick<Route, "integration">,
  stage: string,
): string | undefined {
  if ("function" in integration) {
    const { missingAt, deniedAt, denied } = integration;
    return missingAt?.[stage] ?? deniedAt?.[stage] ?? denied;
  }
  return "denied" in integration ? integration.denied : undefined;
}

/** The project without denials, as if API Gateway might call everything. */
export function withoutDenials(project: Project): Project {
  const apis = mapValues(project.apis, (api) => ({
    ...api,
    authorizers: mapValues(api.authorizers, (each) => ({ ...each, denied: undefined })),
    routes: mapValues(api.routes, ({ integration, ...route }) => ({
      ...route,
      integration: withoutDenial(integration),
    })),
  }));
  return { ...project, apis };
}

function withoutDenial(integration: Route["integration"]): Route["integration"] {
  if ("function" in integration) {
    const { denied: _, deniedAt: __, ...allowed } = integration;
    return allowed;
  }
  if (!("denied" in integration)) return integration;
  const { denied: _, ...allowed } = integration;
  return allowed;
}
