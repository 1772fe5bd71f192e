import { AWS_IAM, isCustom } from "../../definition/integrations.ts";
import type { Route } from "../../definition/project.ts";
import { ref, sub } from "../../readers/cloudformation/rules/write-intrinsics.ts";
import { mapValues } from "../../values/map-values.ts";
import { integrationResources } from "./integrations.ts";
import {
  authorizerLogicalId,
  integrationLogicalId,
  routeLogicalId,
  routeResponseLogicalId,
} from "./logical-ids.ts";
import type { JsonObject, Resource } from "./model.ts";
import { dependsOnModels } from "./models.ts";
import type { PlacedApi } from "./placed-apis.ts";

type Resources = Readonly<Record<string, Resource>>;

/** A route with its integration, and its route response if it is two-way. */
export function routeResources(
  apis: readonly PlacedApi[],
  placed: PlacedApi,
  route: Route,
): Resources {
  const { logicalId, prefix } = placed;
  const { routeKey, integration, requestParameters } = route;
  const routeId = routeLogicalId(routeKey, prefix);
  const target = sub(`integrations/\${${integrationLogicalId(routeKey, prefix)}}`);
  // gives a handshake the integration response for 200, as in all published templates
  const isAnswered = route.routeResponse || (routeKey === "$connect" && isCustom(integration));
  return {
    ...integrationResources(apis, placed, route),
    [routeId]: {
      Type: "AWS::ApiGatewayV2::Route",
      ...dependsOnModels([...new Set(Object.values(route.requestModels))], prefix),
      Properties: {
        ApiId: ref(logicalId),
        ...(route.apiKeyRequired && { ApiKeyRequired: true }),
        ...authorization(route, prefix),
        ...models(route),
        ...(route.operationName !== undefined && { OperationName: route.operationName }),
        ...(requestParameters !== undefined && {
          RequestParameters: mapValues(requestParameters, ({ required = false }) => ({
            Required: required,
          })),
        }),
        RouteKey: routeKey,
        ...(isAnswered && { RouteResponseSelectionExpression: "$default" }),
        ...(integration.type !== "none" && { Target: target }),
      },
    },
    ...(isAnswered && {
      [routeResponseLogicalId(routeKey, prefix)]: {
        Type: "AWS::ApiGatewayV2::RouteResponse",
        Properties: {
          ApiId: ref(logicalId),
          RouteId: ref(routeId),
          RouteResponseKey: "$default",
        },
      },
    }),
  };
}

function authorization({ authorizer }: Route, prefix: string): JsonObject {
  if (authorizer === undefined) return { AuthorizationType: "NONE" };
  if (authorizer === AWS_IAM) return { AuthorizationType: AWS_IAM };
  return {
    AuthorizationType: "CUSTOM",
    AuthorizerId: ref(authorizerLogicalId(authorizer, prefix)),
  };
}

function models({ modelSelectionExpression, requestModels }: Route): JsonObject {
  return {
    ...(modelSelectionExpression !== undefined && {
      ModelSelectionExpression: modelSelectionExpression,
    }),
    ...(Object.keys(requestModels).length > 0 && { RequestModels: { ...requestModels } }),
  };
}
