import type { IdentityDefinition } from "../../../../definition/parts.ts";
import { isObject, parseJson, stringIn } from "../../../../values/json.ts";
import { type PolicyDocument, parsePolicy } from "../../../iam/rules/policy-document.ts";
import { type AccessRequest, evaluatePolicies } from "../../../iam/rules/policy-evaluation.ts";
import type { RejectionMessage } from "../../integrations/rules/error-frame.ts";
import type { IntegrationOutcome } from "../../integrations/rules/proxy-results.ts";
import type { AuthorizerContext } from "../../rules/event-types.ts";
import type { AuthorizerEvent } from "./authorizer-event.ts";
import { accessInWords, invokeRequest } from "./connect-permission.ts";
import { inJavaOrder } from "./java-order.ts";

/** An authorizer's response that allows the client. */
export type Allowed = {
  readonly kind: "allowed";
  readonly context: AuthorizerContext;
  /** The value of the client's API key, if the API uses the authorizer as the source. */
  readonly usageIdentifierKey: string | undefined;
};

/** The result of an authorizer for a handshake. */
export type AuthorizerVerdict =
  | Allowed
  | {
      readonly kind: "rejected";
      readonly statusCode: 401 | 403 | 500;
      readonly message: RejectionMessage;
      readonly because: string;
    };

/** The context in which an authorizer was called. */
export type AuthorizerCall = {
  readonly name: string;
  readonly event: AuthorizerEvent;
  /** Duration of the call, in ms. */
  readonly latencyMs: number;
  /** Epoch ms. */
  readonly now: number;
};

/**
 * API Gateway waits 30 s for an authorizer, whatever the timeout of its function. Other emulators have the
 * same value.
 */
export const LONGEST_WAIT_MS = 30_000;
/** @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-execution-service-websocket-limits-table.html */
const LARGEST_ANSWER_BYTES = 8 * 1024;
/** @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-lambda-authorizer-output.html */
const LONGEST_RESOURCE = 512;

/**
 * Interprets the response of a Lambda authorizer. Statuses and messages are captured on AWS. Assumed: those
 * of a response that is too large or too late.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-lambda-authorizer-output.html
 */
export function interpretAuthorizerResult(
  outcome: IntegrationOutcome,
  call: AuthorizerCall,
): AuthorizerVerdict {
  const who = `the authorizer ${call.name}`;
  switch (outcome.kind) {
    case "timed-out":
      return failed(`${who} did not answer in time`);
    case "failed":
      return outcome.errorMessage === "Unauthorized"
        ? unauthorized(`${who} failed with "Unauthorized"`)
        : failed(`${who} failed: ${outcome.errorType}: ${outcome.errorMessage}`);
    case "returned": {
      const answer = readAnswer(outcome.payload, call.latencyMs);
      return typeof answer === "string" ? unusable(`${who} ${answer}`) : judged(answer, call, who);
    }
    default:
      return outcome satisfies never;
  }
}

type Answer = Omit<Allowed, "kind"> & { readonly policy: PolicyDocument };

/** The parsed response. A string is the end of a sentence that says why the response is not valid. */
function readAnswer(payload: string, latencyMs: number): Answer | string {
  const bytes = Buffer.byteLength(payload);
  if (bytes > LARGEST_ANSWER_BYTES) {
    return `returned ${bytes} bytes, which exceeds API Gateway's limit of ${LARGEST_ANSWER_BYTES}`;
  }
  const value = parseJson(payload)?.value;
  if (!isObject(value)) return "did not return an object";
  const { policyDocument } = value;
  if (policyDocument === undefined) return "returned no policyDocument";
  const parsed = parsePolicy(policyDocument);
  if (parsed.kind === "malformed") return `returned an invalid policyDocument: ${parsed.problem}`;
  const resources = parsed.policy.statements.flatMap(({ resources: { patterns } }) => patterns);
  if (resources.some((resource) => resource.length > LONGEST_RESOURCE)) {
    return `returned a Resource of more than ${LONGEST_RESOURCE} characters`;
  }
  const context = contextOf(value, latencyMs);
  return typeof context === "string"
    ? `returned an answer of which ${context}`
    : { policy: parsed.policy, context, usageIdentifierKey: stringIn(value, "usageIdentifierKey") };
}

/**
 * `requestContext.authorizer` of `$connect`: each value as a string, plus the latency. A string result says
 * which value is not valid.
 */
function contextOf(
  { principalId, context }: { readonly principalId?: unknown; readonly context?: unknown },
  latencyMs: number,
): AuthorizerContext | string {
  if (!isScalar(principalId)) return "the principalId is not a string";
  const given = context ?? {};
  if (!isObject(given)) return "the context is not an object";
  const { principalId: _, integrationLatency: __, ...own } = given; // the gateway's own values override these
  const entries = Object.entries({ principalId, ...own });
  const nested = entries.find(([, each]) => !isScalar(each));
  if (nested !== undefined) return `${nested[0]} in the context is not a string, number or boolean`;
  const texts = entries
    .filter(([, each]) => each !== null && each !== undefined)
    .map(([name, each]) => [name, String(each)] as const);
  const all = [...texts, ["integrationLatency", latencyMs] as const];
  return Object.fromEntries(inJavaOrder<string | number>(all));
}

/** The authorizer result for a client with a mock identity. */
export function allowedAs(identity: IdentityDefinition): Allowed {
  const context = contextOf(identity, 0);
  if (typeof context === "string") throw new Error(`an unchecked identity: ${context}`);
  return { kind: "allowed", context, usageIdentifierKey: identity.usageIdentifierKey };
}

function isScalar(value: unknown): boolean {
  return value === null || ["undefined", "string", "number", "boolean"].includes(typeof value);
}

/** The rejection by the policy is captured on AWS; that of a signer is in `iam/rules/access-denied.ts`. */
function judged(
  { policy, ...answer }: Answer,
  call: AuthorizerCall,
  who: string,
): AuthorizerVerdict {
  const request = accessRequest(call);
  const decided = evaluatePolicies([{ name: call.name, document: policy }], request);
  if (decided.decision === "allow") return { kind: "allowed", ...answer };
  const message =
    decided.decision === "explicit-deny"
      ? "User is not authorized to access this resource with an explicit deny in an identity-based policy"
      : "User is not authorized to access this resource because no identity-based policy allows the execute-api:Invoke action";
  const because = `the policy of ${who} ${accessInWords(decided, request)}`;
  return { kind: "rejected", statusCode: 403, message, because };
}

/** The question to the policy. */
function accessRequest({ event, now }: AuthorizerCall): AccessRequest {
  const referer = Object.entries(event.headers).find(([name]) => name.toLowerCase() === "referer");
  const client = { ...event.requestContext.identity, referer: referer?.[1] };
  return invokeRequest(event.methodArn, client, now);
}

function unauthorized(because: string): AuthorizerVerdict {
  return { kind: "rejected", statusCode: 401, message: "Unauthorized", because };
}

/** The result when the authorizer failed or could not be called. */
export function failed(because: string): AuthorizerVerdict {
  return { kind: "rejected", statusCode: 500, message: "Internal server error", because };
}

function unusable(because: string): AuthorizerVerdict {
  return { kind: "rejected", statusCode: 500, message: "", because };
}
