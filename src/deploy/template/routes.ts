import { targetsOf } from "../../definition/called-functions.ts";
import { AWS_IAM, isCustom } from "../../definition/integrations.ts";
import type { CalledFunction } from "../../definition/model.ts";
import type { Project, Route } from "../../definition/project.ts";
import { mapValues } from "../../values/map-values.ts";
import { integrationResources } from "./integrations.ts";
import { getAtt, literal, ref, sub } from "./intrinsics.ts";
import {
  aliasLogicalId,
  allRoutesPermissionLogicalId,
  authorizerLogicalId,
  functionLogicalId,
  integrationLogicalId,
  permissionLogicalId,
  routeLogicalId,
  routeResponseLogicalId,
} from "./logical-ids.ts";
import type { JsonObject, Resource } from "./model.ts";
import { dependsOnModels } from "./models.ts";
import { type PlacedApi, stagesArn } from "./placed-apis.ts";

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

/**
 * A function's policy has at most 20 KB, and each permission takes about 400 bytes of it.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
const MOST_PERMISSIONS = 40;

/**
 * Permissions for APIs to call functions: for each route, or for all routes of an API if a function has too
 * many.
 */
export function permissionResources({ functions }: Project, apis: readonly PlacedApi[]): Resources {
  const permissions = Object.keys(functions).flatMap((name) => {
    const own = apis.map((placed) => ({
      placed,
      keys: Object.values(placed.api.routes).flatMap((route) =>
        targetsOf(route)
          .map((target, at) => ({ ...target, routeKey: route.routeKey, at }))
          .filter((target) => target.name === name),
      ),
    }));
    const isMany = own.reduce((count, { keys }) => count + keys.length, 0) > MOST_PERMISSIONS;
    return own.flatMap(({ placed, keys }) => {
      if (isMany) {
        const qualifiers = [...new Set(keys.map(({ qualifier }) => qualifier))];
        return qualifiers.map((qualifier, at) => {
          const id = numbered(allRoutesPermissionLogicalId(name, placed.prefix), at);
          return [id, permission(placed, { name, qualifier }, "*")] as const;
        });
      }
      return keys.map(({ routeKey, at, ...target }) => {
        const id = numbered(permissionLogicalId(routeKey, placed.prefix), at);
        return [id, permission(placed, target, literal(routeKey))] as const;
      });
    });
  });
  return Object.fromEntries(permissions);
}

/** Numbers resources with the same id; the first has no number. */
function numbered(id: string, at: number): string {
  return at === 0 ? id : `${id}${at + 1}`;
}

/** For all stages of the API, so that more stages take no more space in the policy. */
function permission(
  placed: PlacedApi,
  { name, qualifier = "$LATEST" }: CalledFunction,
  routes: string,
): Resource {
  const arn = `\${${functionLogicalId(name)}.Arn}`;
  const FunctionName =
    qualifier === "$LATEST"
      ? getAtt(functionLogicalId(name), "Arn")
      : /^\d+$/.test(qualifier)
        ? sub(`${arn}:${qualifier}`)
        : ref(aliasLogicalId(name, qualifier));
  return {
    Type: "AWS::Lambda::Permission",
    Properties: {
      Action: "lambda:InvokeFunction",
      FunctionName,
      Principal: "apigateway.amazonaws.com",
      SourceArn: sub(`${stagesArn(placed)}/${routes}`),
    },
  };
}
