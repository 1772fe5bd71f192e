import {
  type Authorization,
  checkScope,
  type IssuedKey,
  readAuthorization,
  type SecretFor,
  type SignatureVerdict,
  verifySignature,
} from "../../../iam/rules/authorization.ts";
import type { SignableRequest, SigningKeys } from "../../../iam/rules/sigv4.ts";
import type { ManagementOutcome } from "./management.ts";
import type { ManagementOperation, ManagementRequest } from "./management-request.ts";

/** What is to be done for a call to the management API, and for which function if that is known. */
export type ScreenedCall = { readonly functionName: string | undefined } & (
  | { readonly kind: "refused"; readonly outcome: ManagementOutcome }
  | {
      readonly kind: "go-on";
      readonly operation: ManagementOperation;
      readonly connectionId: string;
    }
);

/**
 * Checks a call to the management API in the order in which API Gateway is assumed to: path and method,
 * signature, size, id. A signature by a key that the emulator has not issued is checked for its form
 * only, so that people with credentials of their own are not refused; from another machine it is refused.
 */
export function screenCall(
  call: Exclude<ManagementRequest, { readonly kind: "other" }>,
  request: SignableRequest & {
    readonly isTooLarge: boolean;
    /** Sent by a program of this machine. */
    readonly isFromHere: boolean;
  },
  secretFor: SecretFor,
  signingKeys: SigningKeys,
): ScreenedCall {
  if (call.kind === "no-method") return refused(call);
  if (call.kind === "unknown-stage" || call.kind === "unknown-path") {
    return refused({ kind: call.kind });
  }
  const authorization = readAuthorization(request);
  if (authorization.kind === "unsigned") return refused({ kind: "unsigned" });
  if (authorization.kind === "incomplete") {
    return refused({ kind: "incomplete-signature", message: authorization.message });
  }
  if (request.isTooLarge) return refused({ kind: "too-large" });

  const issued = secretFor(authorization.accessKeyId);
  const signature = judge(authorization, request, issued, signingKeys);
  if (signature.kind === "wrong") {
    return refused({ kind: "wrong-signature", message: signature.message });
  }
  const functionName = issued?.functionName;
  return call.kind === "malformed-id"
    ? refused({ kind: "malformed-id", connectionId: call.connectionId }, functionName)
    : {
        kind: "go-on",
        operation: call.operation,
        connectionId: call.connectionId,
        functionName,
      };
}

/** What AWS says of a key that it has not issued. */
const UNKNOWN_KEY = "The security token included in the request is invalid.";

function judge(
  signed: Extract<Authorization, { readonly kind: "signed" }>,
  request: SignableRequest & { readonly isFromHere: boolean },
  issued: IssuedKey | undefined,
  signingKeys: SigningKeys,
): SignatureVerdict {
  const scope = checkScope(signed, "execute-api");
  if (issued === undefined && !request.isFromHere) return { kind: "wrong", message: UNKNOWN_KEY };
  return scope.kind === "wrong" || issued === undefined
    ? scope
    : verifySignature(request, signed, issued.secretAccessKey, signingKeys);
}

function refused(outcome: ManagementOutcome, functionName?: string): ScreenedCall {
  return { kind: "refused", outcome, functionName };
}
