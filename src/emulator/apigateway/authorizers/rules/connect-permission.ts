import { partitionOf } from "../../../../definition/region.ts";
import type { RequestContext } from "../../../iam/rules/condition-operators.ts";
import type { PolicyStatement } from "../../../iam/rules/policy-document.ts";
import type { AccessDecision, AccessRequest } from "../../../iam/rules/policy-evaluation.ts";
import type { ConnectionIdentity } from "../../rules/event-types.ts";

/**
 * The IAM action of a handshake. The policy of the authorizer decides on it; with AWS_IAM, the signer's
 * policies decide. WebSocket APIs do not have resource policies.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-control-access.html
 */
export const INVOKE = "execute-api:Invoke";

/** The ARN of `$connect`. That of a WebSocket API ends with the route and contains no HTTP method. */
export function connectArn(
  { region, accountId }: { readonly region: string; readonly accountId: string },
  { apiId, stage }: Pick<ConnectionIdentity, "apiId" | "stage">,
): string {
  const partition = partitionOf(region).name;
  return `arn:${partition}:execute-api:${region}:${accountId}:${apiId}/${stage}/$connect`;
}

/** The access request of a handshake, with the condition keys that API Gateway provides. */
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

const KNOWN_KEYS: ReadonlySet<string> = new Set([
  ...["aws:sourceip", "aws:securetransport", "aws:currenttime", "aws:epochtime"],
  ...["aws:useragent", "aws:referer", "aws:principalarn", "aws:userid", "aws:username"],
]);

/** Names the part of an identity's statements that only AWS can evaluate; ends a sentence. */
export function unknownIn(statements: readonly PolicyStatement[]): string | undefined {
  for (const [at, { resources, conditions }] of statements.entries()) {
    const condition = conditions.find(({ key }) => !KNOWN_KEYS.has(key.toLowerCase()));
    if (condition !== undefined) return `statement ${at + 1} depends on ${condition.key}`;
    const texts = [...resources.patterns, ...conditions.flatMap(({ values }) => values)];
    const variable = texts
      .flatMap((text) => [...text.matchAll(/\$\{([^}]*)\}/g)])
      .find(([, name = ""]) => !/^[*?$]$/.test(name) && !KNOWN_KEYS.has(name.toLowerCase()));
    if (variable !== undefined) return `statement ${at + 1} has the policy variable ${variable[0]}`;
  }
  return undefined;
}

/** Explains an access decision; ends a sentence that begins with a policy or its holder. */
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
