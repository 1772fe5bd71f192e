import { isUtf8 } from "node:buffer";
import { REGION } from "../../../../definition/region.ts";
import type { AccessDenied } from "../../../iam/rules/access-denied.ts";
import { headerValue } from "../../../iam/rules/raw-headers.ts";
import type { SignableRequest, SigningKeys } from "../../../iam/rules/sign-request.ts";
import {
  readAuthorization,
  type SecretFor,
  verdictOn,
} from "../../../iam/rules/verify-signature.ts";
import type { InvocationType } from "../../function-call.ts";
import { functionArn } from "../../rules/environment-variables.ts";
import { decodedName, FUNCTION_NAME_PATTERN, readFunctionName } from "./function-name.ts";
import { PAYLOAD_LIMITS, rejectionOfSize, tooLargeRequest } from "./payload-limits.ts";
import {
  accessDenied,
  general,
  invalidForm,
  invalidParameter,
  type LambdaRejection,
  notFound,
  notJson,
  otherAccount,
} from "./rejections.ts";

/** The endpoint that received a call, and the functions there. */
export type LambdaPlace = {
  /** Region of the endpoint that was called; undefined if the host name contains none, as `localhost`. */
  readonly region: string | undefined;
  /** Region and account of the project's functions. */
  readonly home: { readonly region: string; readonly accountId: string };
  readonly hasFunction: (name: string) => boolean;
  /** Why a caller's role does not allow it to invoke a function, by the function's ARN. */
  readonly denied: (caller: string | undefined, resource: string) => AccessDenied | undefined;
  readonly secretFor: SecretFor;
  /** Whether keys that the emulator did not issue are accepted too. */
  readonly takesOtherKeys: boolean;
  readonly signingKeys: SigningKeys;
};

/** A call of `Invoke` to a function of the project. */
export type InvokeCall = {
  readonly functionName: string;
  /** The requested version or alias. */
  readonly qualifier: string | undefined;
  readonly invocationType: InvocationType | "DryRun";
  readonly wantsLog: boolean;
  readonly payload: unknown;
};

/** A parsed request. */
export type ReadInvoke = {
  /** The function whose key signed the call. */
  readonly caller: string | undefined;
} & (
  | { readonly kind: "call"; readonly call: InvokeCall }
  | { readonly kind: "rejected"; readonly rejection: LambdaRejection }
);

type Request = SignableRequest & { readonly body: Buffer; readonly isTooLarge: boolean };

const PATH = /^\/2015-03-31\/functions\/([^/?]+)\/invocations(?:\?|$)/;
const AUTHORIZATION_ERRORS = {
  wrong: "InvalidSignatureException",
  "unknown-key": "UnrecognizedClientException",
} as const;
const TYPES = ["Event", "RequestResponse", "DryRun"] as const;
const QUALIFIER = /^[a-zA-Z0-9$_-]{1,128}$/;

/** The function name in an `Invoke` request, as written; undefined for all other requests. */
export function invokedName(method: string, url: string): string | undefined {
  return decodedName(method === "POST" ? PATH.exec(url)?.[1] : undefined);
}

/** The invocation type, as the caller wrote it. */
export function invocationTypeOf(rawHeaders: readonly string[]): string {
  return headerValue(rawHeaders, "x-amz-invocation-type") ?? "RequestResponse";
}

/**
 * Parses a call of `Invoke`. For keys that the emulator did not issue, only the format of the signature is
 * checked. Assumed: size, signature, parameters, payload, permission and function are checked in this order.
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
 */
export function readInvoke(request: Request, place: LambdaPlace): ReadInvoke {
  const authorization = readAuthorization(request);
  if (authorization.kind === "unsigned") {
    return rejected(general("MissingAuthenticationTokenException", "Missing Authentication Token"));
  }
  if (authorization.kind === "incomplete") {
    return rejected(general("IncompleteSignatureException", authorization.message));
  }
  const { accessKeyId, scope } = authorization;
  const issued = place.secretFor(accessKeyId);
  const caller = issued?.functionName;
  // The body of a request that is too large is not kept, so its signature cannot be verified.
  if (request.isTooLarge) {
    return { kind: "rejected", caller, rejection: tooLargeRequest(PAYLOAD_LIMITS.sync) };
  }
  const called = {
    service: "lambda",
    ...(place.region !== undefined && { region: place.region }),
  };
  const others = place.takesOtherKeys ? called : undefined;
  const verdict = verdictOn(
    request,
    authorization,
    issued,
    { others, ...called },
    place.signingKeys,
  );
  if (verdict.kind !== "right") {
    return rejected(general(AUTHORIZATION_ERRORS[verdict.kind], verdict.message));
  }
  const signedFor = REGION.test(scope.region) ? scope.region : place.home.region;
  const read = readSigned(request, place, place.region ?? signedFor, caller);
  return "functionName" in read
    ? { kind: "call", caller, call: read }
    : { kind: "rejected", caller, rejection: read };
}

/** Parses a call with a valid signature. */
function readSigned(
  { method, url, rawHeaders, body }: Request,
  { home, hasFunction, denied }: LambdaPlace,
  region: string,
  caller: string | undefined,
): InvokeCall | LambdaRejection {
  const text = invokedName(method, url) ?? "";
  const named = readFunctionName(text);
  if (named === undefined) {
    const constraint = `regular expression pattern: ${FUNCTION_NAME_PATTERN}`;
    return invalidForm("ValidationException", text, "functionName", constraint);
  }
  const asked = readParameters(url, rawHeaders);
  if ("errorType" in asked) return asked;
  const { invocationType, wantsLog } = asked;
  const qualifier = asked.qualifier ?? named.qualifier;
  if (named.qualifier !== undefined && named.qualifier !== qualifier) {
    return invalidParameter(
      "The derived qualifier from the function name does not match the specified qualifier.",
    );
  }
  const tooLarge = rejectionOfSize(body.length, invocationType);
  if (tooLarge !== undefined) return tooLarge;
  const payload = readPayload(body);
  if ("errorType" in payload) return payload;

  if (named.region !== undefined && named.region !== region) {
    return notFound(
      `Functions from '${named.region}' are not reachable in this region ('${region}')`,
    );
  }
  const { accountId = home.accountId, name } = named;
  const arn = functionArn(region, accountId, name);
  const resource = qualifier === undefined ? arn : `${arn}:${qualifier}`;
  if (accountId !== home.accountId) {
    return otherAccount(callerArn(home.accountId, caller), resource);
  }
  const deniedByRole = denied(caller, resource);
  if (deniedByRole !== undefined) return accessDenied(deniedByRole);
  if (region !== home.region || !hasFunction(name)) {
    return notFound(`Function not found: ${arn}:${qualifier ?? "$LATEST"}`);
  }
  return { functionName: name, qualifier, invocationType, wantsLog, payload: payload.value };
}

function readParameters(
  url: string,
  rawHeaders: readonly string[],
): Pick<InvokeCall, "qualifier" | "invocationType" | "wantsLog"> | LambdaRejection {
  const type = invocationTypeOf(rawHeaders);
  const invocationType = TYPES.find((known) => known === type);
  if (invocationType === undefined) {
    const constraint = `enum value set: [${TYPES.join(", ")}]`;
    return invalidForm("InvalidParameterValueException", type, "invocationType", constraint);
  }
  const logType = headerValue(rawHeaders, "x-amz-log-type") ?? "None";
  if (logType !== "None" && logType !== "Tail") {
    const constraint = "enum value set: [Tail, None]";
    return invalidForm("InvalidParameterValueException", logType, "logType", constraint);
  }
  const qualifier = new URLSearchParams(url.split("?")[1]).get("Qualifier") || undefined;
  if (qualifier !== undefined && !QUALIFIER.test(qualifier)) {
    const constraint = "regular expression pattern: (|[a-zA-Z0-9$_-]+)";
    return invalidForm("ValidationException", qualifier, "qualifier", constraint);
  }
  return { qualifier, invocationType, wantsLog: logType === "Tail" };
}

/** Without a payload a function gets an empty object. [peer] LSc:lambda_service */
function readPayload(body: Buffer): { readonly value: unknown } | LambdaRejection {
  if (body.length === 0) return { value: {} };
  if (!isUtf8(body)) return notJson("Invalid UTF-8");
  try {
    return { value: JSON.parse(body.toString()) };
  } catch (error) {
    return notJson(error instanceof Error ? error.message : String(error));
  }
}

/** On Lambda, a role session has the function's name. [observed] Assumed: so has the role. */
function callerArn(accountId: string, caller: string | undefined): string {
  return caller === undefined
    ? `arn:aws:iam::${accountId}:user/wsgw`
    : `arn:aws:sts::${accountId}:assumed-role/${caller}/${caller}`;
}

function rejected(rejection: LambdaRejection): ReadInvoke {
  return { kind: "rejected", caller: undefined, rejection };
}
