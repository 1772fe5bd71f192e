import type { Authorizer } from "../../definition/project.ts";
import { ref, sub } from "../../readers/cloudformation/rules/write-intrinsics.ts";
import {
  authorizerLogicalId,
  authorizerPermissionLogicalId,
  functionLogicalId,
} from "./logical-ids.ts";
import type { Resource } from "./model.ts";
import type { PlacedApi } from "./placed-apis.ts";
import { authorizerPermission } from "./route-permissions.ts";

/**
 * A Lambda authorizer, and the permission to invoke its function.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-lambda-auth.html
 */
export function authorizerResources(
  placed: PlacedApi,
  { name, function: called, identitySource }: Authorizer,
): Readonly<Record<string, Resource>> {
  const { logicalId, prefix } = placed;
  const id = authorizerLogicalId(name, prefix);
  const arn = `\${${functionLogicalId(called)}.Arn}`;
  return {
    [id]: {
      Type: "AWS::ApiGatewayV2::Authorizer",
      Properties: {
        ApiId: ref(logicalId),
        AuthorizerType: "REQUEST",
        AuthorizerUri: sub(
          `arn:\${AWS::Partition}:apigateway:\${AWS::Region}:lambda:path/2015-03-31/functions/${arn}/invocations`,
        ),
        ...(identitySource.length > 0 && { IdentitySource: [...identitySource] }),
        Name: name,
      },
    },
    [authorizerPermissionLogicalId(name, prefix)]: authorizerPermission(placed, id, called),
  };
}
