import { partitionOf } from "../../../../definition/region.ts";
import { type AccessDenied, deniedBody } from "../../../iam/rules/access-denied.ts";

/** The IAM action of every call to the management API. */
export const MANAGE_CONNECTIONS = "execute-api:ManageConnections";

/** The resource of a permission for the management API. */
export type ManagementResource = {
  readonly region: string;
  readonly accountId: string;
  readonly apiId: string;
  readonly stage: string;
  readonly method: string;
};

/** A call that the caller's role does not allow. */
export type NotAllowed = {
  /** ARN. */
  readonly caller: string;
  readonly resource: ManagementResource;
  /** Default: implicit deny. */
  readonly decision?: AccessDenied["decision"];
};

/** The ARN of a call's resource. It contains `{connectionId}` literally, whatever the connection. */
export function connectionsArn({
  region,
  accountId,
  apiId,
  stage,
  method,
}: ManagementResource): string {
  return `arn:${partitionOf(region).name}:execute-api:${region}:${accountId}:${apiId}/${stage}/${method}/@connections/{connectionId}`;
}

/**
 * The body of the 403 for a call that the caller's role does not allow. Captured for a session policy. Assumed:
 * the message calls a role's policies identity-based, as other denials of AWS do.
 */
export function notAllowedBody({
  caller,
  resource,
  decision = "implicit-deny",
}: NotAllowed): string {
  return deniedBody({
    caller,
    action: MANAGE_CONNECTIONS,
    resource: connectionsArn(resource),
    decision,
  });
}
