import { partitionOf } from "../../definition/region.ts";
import type { CheckPermission } from "../iam/permissions.ts";
import { deniedMessage } from "../iam/rules/access-denied.ts";
import type { TableStep } from "./calls.ts";
import { neededPermissions } from "./rules/needed-permissions.ts";
import { accessDenied } from "./rules/rejections.ts";

/** Rejects calls that the caller's role does not allow, before the store looks for the table. */
export function checkPermissions(check: CheckPermission, accountId: string): TableStep {
  return ({ operation, input, region, functionName, because }, proceed, reject) => {
    const prefix = `arn:${partitionOf(region).name}:dynamodb:${region}:${accountId}:`;
    for (const { action, resource } of neededPermissions(operation, input)) {
      const arn = (): string => `${prefix}${resource}`;
      const denied = check({ functionName, action, resource: arn, because });
      if (denied !== undefined) return reject(accessDenied(deniedMessage(denied)));
    }
    proceed();
  };
}
