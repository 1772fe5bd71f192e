import { targetsOf } from "../../definition/called-functions.ts";
import type { CalledFunction } from "../../definition/checked-project.ts";
import type { Project } from "../../definition/project.ts";
import { getAtt, literal, ref, sub } from "../../readers/cloudformation/rules/write-intrinsics.ts";
import {
  aliasLogicalId,
  allRoutesPermissionLogicalId,
  functionLogicalId,
  permissionLogicalId,
} from "./logical-ids.ts";
import type { Json, Resource } from "./model.ts";
import { type PlacedApi, stagesArn } from "./placed-apis.ts";

/**
 * A function's policy has at most 20 KB, and each permission takes about 400 bytes of it.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
const MOST_PERMISSIONS = 40;

/**
 * Permissions for APIs to call functions: for each route, or for all routes of an API if a function has too
 * many.
 */
export function permissionResources(
  { functions }: Project,
  apis: readonly PlacedApi[],
): Readonly<Record<string, Resource>> {
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
  return permissionResource(FunctionName, sub(`${stagesArn(placed)}/${routes}`));
}

/** Permission to invoke the function of an authorizer, which the permissions of routes do not include. */
export function authorizerPermission(
  { logicalId }: PlacedApi,
  id: string,
  called: string,
): Resource {
  const source = `arn:\${AWS::Partition}:execute-api:\${AWS::Region}:\${AWS::AccountId}:\${${logicalId}}/authorizers/\${${id}}`;
  return permissionResource(getAtt(functionLogicalId(called), "Arn"), sub(source));
}

function permissionResource(FunctionName: Json, SourceArn: Json): Resource {
  return {
    Type: "AWS::Lambda::Permission",
    Properties: {
      Action: "lambda:InvokeFunction",
      FunctionName,
      Principal: "apigateway.amazonaws.com",
      SourceArn,
    },
  };
}
