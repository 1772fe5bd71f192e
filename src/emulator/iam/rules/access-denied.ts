import type { AccessDecision, AccessRequest } from "./policy-evaluation.ts";

/** A call that AWS refuses for what the role of its caller allows. */
export type AccessDenied = Pick<AccessRequest, "action" | "resource"> & {
  /** ARN. */
  readonly caller: string;
  readonly decision: Exclude<AccessDecision["decision"], "allow">;
};

/** AWS's words for a refusal, the same for all services. */
export function deniedMessage({ caller, action, resource, decision }: AccessDenied): string {
  const why =
    decision === "explicit-deny"
      ? "with an explicit deny in an identity-based policy"
      : `because no identity-based policy allows the ${action} action`;
  return `User: ${caller} is not authorized to perform: ${action} on resource: ${resource} ${why}`;
}
