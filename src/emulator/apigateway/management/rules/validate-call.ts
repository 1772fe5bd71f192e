import type { SignableRequest, SigningKeys } from "../../../iam/rules/sign-request.ts";
import {
  readAuthorization,
  type SecretFor,
  verdictOn,
} from "../../../iam/rules/verify-signature.ts";
import type { ManagementOutcome } from "./management-answer.ts";
import type { ManagementOperation, ManagementRequest } from "./management-request.ts";

const SERVICE = "execute-api";

/** The inputs for verifying signatures. */
type Verification = {
  readonly secretFor: SecretFor;
  readonly signingKeys: SigningKeys;
  /** Region of the API. */
  readonly region: string;
};

/** The operation of a call to the management API, and the function that made it, if known. */
export type ValidatedCall = { readonly functionName: string | undefined } & (
  | { readonly kind: "rejected"; readonly outcome: ManagementOutcome }
  | {
      readonly kind: "go-on";
      readonly operation: ManagementOperation;
      readonly connectionId: string;
      readonly prefix: string;
    }
);

/**
 * Validates a call to the management API in API Gateway's order: path and method, format of the id,
 * signature. Assumed: the size comes first, because its 413 has no request id. For keys that the emulator did
 * not issue, only the format of the signature is checked, so that developers can use their own credentials;
 * calls from other machines need an issued key.
 */
export function validateCall(
  call: Exclude<ManagementRequest, { readonly kind: "other" }>,
  request: SignableRequest & {
    readonly isTooLarge: boolean;
    /** Whether a program on this machine sent it. */
    readonly isFromHere: () => boolean;
    /** The region in the name by which the API was called, if it has one. */
    readonly regionOfHost: () => string | undefined;
  },
  { secretFor, signingKeys, region }: Verification,
): ValidatedCall {
  if (request.isTooLarge) return rejected({ kind: "too-large" });
  if (call.kind === "no-method") return rejected(call);
  if (call.kind === "unknown-stage" || call.kind === "unknown-path") {
    return rejected({ kind: call.kind });
  }
  const authorization = readAuthorization(request);
  const issued = authorization.kind === "signed" ? secretFor(authorization.accessKeyId) : undefined;
  if (call.kind === "malformed-id") {
    const { connectionId } = call;
    return rejected({ kind: "malformed-id", connectionId }, issued?.functionName);
  }
  if (authorization.kind === "unsigned") return rejected({ kind: "unsigned" });
  if (authorization.kind === "incomplete") {
    return rejected({ kind: "incomplete-signature", message: authorization.message });
  }
  const others = issued === undefined && request.isFromHere() ? { service: SERVICE } : undefined;
  // A host in `hosts` may be of another region than the project's, and its clients sign for that.
  const { region: signedFor } = authorization.scope;
  const isOfHost = signedFor !== region && signedFor === request.regionOfHost();
  const place = { service: SERVICE, region: isOfHost ? signedFor : region, others };
  const verdict = verdictOn(request, authorization, issued, place, signingKeys);
  if (verdict.kind !== "right") {
    const kind = verdict.kind === "wrong" ? "wrong-signature" : verdict.kind;
    return rejected({ kind, message: verdict.message });
  }
  return {
    kind: "go-on",
    operation: call.operation,
    connectionId: call.connectionId,
    prefix: call.prefix,
    functionName: issued?.functionName,
  };
}

function rejected(outcome: ManagementOutcome, functionName?: string): ValidatedCall {
  return { kind: "rejected", outcome, functionName };
}
