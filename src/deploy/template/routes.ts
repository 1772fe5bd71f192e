import type { Api, ApiRoute } from "../../definition/project.ts";
import { getAtt, literal, ref, sub } from "./intrinsics.ts";
import {
  allRoutesPermissionLogicalId,
  functionLogicalId,
  IDS,
  integrationLogicalId,
  permissionLogicalId,
  routeLogicalId,
  routeResponseLogicalId,
} from "./logical-ids.ts";
import type { Resource } from "./model.ts";

type Resources = Readonly<Record<string, Resource>>;

/** A route with its integration, and its route response when it is two-way. */
export function routeResources(route: ApiRoute): Resources {
  const { routeKey } = route;
  return {
    [integrationLogicalId(routeKey)]: integration(route),
    [routeLogicalId(routeKey)]: {
      Type: "AWS::ApiGatewayV2::Route",
      Properties: {
        ApiId: ref(IDS.api),
        AuthorizationType: "NONE",
        ...(route.operationName !== undefined && { OperationName: route.operationName }),
        RouteKey: routeKey,
        ...(route.routeResponse && { RouteResponseSelectionExpression: "$default" }),
        Target: sub(`integrations/\${${integrationLogicalId(routeKey)}}`),
      },
    },
    ...(route.routeResponse && {
      [routeResponseLogicalId(routeKey)]: {
        Type: "AWS::ApiGatewayV2::RouteResponse",
        Properties: {
          ApiId: ref(IDS.api),
          RouteId: ref(routeLogicalId(routeKey)),
          RouteResponseKey: "$default",
        },
      },
    }),
  };
}

function integration(route: ApiRoute): Resource {
  const arn = `\${${functionLogicalId(route.function)}.Arn}`;
  return {
    Type: "AWS::ApiGatewayV2::Integration",
    Properties: {
      ApiId: ref(IDS.api),
      IntegrationMethod: "POST", // of the call of Lambda, which takes no other
      IntegrationType: "AWS_PROXY",
      IntegrationUri: sub(
        `arn:\${AWS::Partition}:apigateway:\${AWS::Region}:lambda:path/2015-03-31/functions/${arn}/invocations`,
      ),
      TimeoutInMillis: route.integrationTimeout,
    },
  };
}

/**
 * A function's policy may have 20 KB, and each permission takes some 400 bytes of it.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
const MOST_PERMISSIONS = 40;

/** What lets API Gateway call the functions: for each route, or for all of a function's when they are many. */
export function permissionResources(api: Api): Resources {
  const routes = Object.values(api.routes);
  const permissions = Object.keys(api.functions).map((name): Resources => {
    const own = routes.filter((route) => route.function === name);
    if (own.length > MOST_PERMISSIONS) {
      return { [allRoutesPermissionLogicalId(name)]: permission(api, name, "*") };
    }
    return Object.fromEntries(
      own.map(({ routeKey }) => [
        permissionLogicalId(routeKey),
        permission(api, name, literal(routeKey)),
      ]),
    );
  });
  return Object.assign({}, ...permissions);
}

function permission(api: Api, functionName: string, routes: string): Resource {
  return {
    Type: "AWS::Lambda::Permission",
    Properties: {
      Action: "lambda:InvokeFunction",
      FunctionName: getAtt(functionLogicalId(functionName), "Arn"),
      Principal: "apigateway.amazonaws.com",
      SourceArn: sub(
        `arn:\${AWS::Partition}:execute-api:\${AWS::Region}:\${AWS::AccountId}:\${${IDS.api}}/${api.stage.name}/${routes}`,
      ),
    },
  };
}
