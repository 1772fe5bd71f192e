import type { AccessDecision, AccessRequest } from "./policy-evaluation.ts";

/** A call that AWS rejects because of the caller's role. */
export type AccessDenied = Pick<AccessRequest, "action" | "resource"> & {
  /** ARN. */
  readonly caller: string;
  readonly decision: Exclude<AccessDecision["decision"], "allow">;
};

/** AWS's message for a rejection, the same for all services. */
export function deniedMessage({ caller, action, resource, decision }: AccessDenied): string {
  const why =
    decision === "explicit-deny"
      ? "with an explicit deny in an identity-based policy"
      : `because no identity-based policy allows the ${action} action`;
  return `User: ${caller} is not authorized to perform: ${action} on resource: ${resource} ${why}`;
}

/**
 * The body of API Gateway's rejections: `Message` with a capital letter, the resource's account masked.
 * Captured on AWS.
 */
export function deniedBody(denied: AccessDenied): string {
  const resource = denied.resource.replace(/:\d{8}(\d{4}):/, ":********$1:");
  return JSON.stringify({ Message: deniedMessage({ ...denied, resource }) });
}
