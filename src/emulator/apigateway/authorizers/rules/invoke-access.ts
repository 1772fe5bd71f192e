import type { RequestContext } from "../../../iam/rules/conditions.ts";
import type { AccessDecision, AccessRequest } from "../../../iam/rules/policy-evaluation.ts";

/** The action that a handshake is. */
export const INVOKE = "execute-api:Invoke";

/** What policies are asked of a handshake, with the condition keys that API Gateway knows. */
export function invokeRequest(
  resource: string,
  client: {
    readonly sourceIp: string;
    readonly userAgent?: string | undefined;
    readonly referer?: string | undefined;
  },
  now: number,
  more: RequestContext = {},
): AccessRequest {
  const { sourceIp, userAgent, referer } = client;
  return {
    action: INVOKE,
    resource,
    context: {
      "aws:sourceip": sourceIp,
      "aws:securetransport": "true",
      "aws:currenttime": new Date(now).toISOString(),
      "aws:epochtime": String(Math.floor(now / 1000)),
      ...(userAgent !== undefined && { "aws:useragent": userAgent }),
      ...(referer !== undefined && { "aws:referer": referer }),
      ...more,
    },
  };
}

/** Ends a sentence that begins with a policy or its holder. */
export function accessInWords(
  decided: Exclude<AccessDecision, { readonly decision: "allow" }>,
  { action, resource }: AccessRequest,
): string {
  if (decided.decision === "explicit-deny") {
    return `denies ${action} in statement ${decided.by.number}`;
  }
  const { nearest } = decided;
  const not = `does not allow ${action} on ${resource}`;
  if (nearest === undefined) return not;
  return `${not}; the ${nearest.part} of statement ${nearest.number} is ${nearest.written}`;
}
