import { createHash } from "node:crypto";
import { ref } from "../../readers/cloudformation/rules/write-intrinsics.ts";
import { deploymentLogicalId } from "./logical-ids.ts";
import { canonicalJson, type JsonObject, type Resource } from "./model.ts";
import type { PlacedApi } from "./placed-apis.ts";

/** The resource types in a deployment's snapshot. */
const IN_A_DEPLOYMENT: ReadonlySet<string> = new Set(
  [
    "Api",
    "Authorizer",
    "Integration",
    "IntegrationResponse",
    "Model",
    "Route",
    "RouteResponse",
  ].map((name) => `AWS::ApiGatewayV2::${name}`),
);

/**
 * The deployment of an API. A deployment is immutable, so a change of its contents creates one with another
 * logical id. Code and stage are not part of it.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-api-stages.html
 */
export function deploymentOf(
  { logicalId, prefix }: PlacedApi,
  resources: Readonly<Record<string, Resource>>,
): {
  readonly logicalId: string;
  readonly resource: Resource;
} {
  const ids = Object.keys(resources)
    .filter((id) => IN_A_DEPLOYMENT.has(resources[id]?.Type ?? ""))
    .sort();
  const snapshot = ids.map((id) => [id, { ...resources[id] } as JsonObject]);
  const hash = createHash("sha256").update(canonicalJson(Object.fromEntries(snapshot)));
  return {
    logicalId: deploymentLogicalId(hash.digest("hex").slice(0, 10), prefix),
    resource: {
      Type: "AWS::ApiGatewayV2::Deployment",
      DependsOn: ids.filter((id) => id !== logicalId),
      Properties: { ApiId: ref(logicalId) },
    },
  };
}
