import type { PermissionMode } from "../../../iam/permissions.ts";
import { headerValue } from "../../../iam/rules/raw-headers.ts";
import type { SigningKeys } from "../../../iam/rules/sign-request.ts";
import { ageProblem } from "../../../iam/rules/signature-date.ts";
import {
  checkScope,
  type IssuedKey,
  MISMATCH,
  readAuthorization,
  type SecretFor,
  type Signed,
  UNKNOWN_KEY,
  verifySignature,
} from "../../../iam/rules/verify-signature.ts";

/** The result of verifying a request that must be signed. `because` contains more than AWS's message. */
export type SignedRequest =
  | {
      readonly kind: "signed";
      readonly accessKeyId: string;
      /** Undefined for a key that the gateway did not issue; its signature cannot be verified. */
      readonly issued: IssuedKey | undefined;
    }
  | ({ readonly kind: "rejected"; readonly because: string } & SignatureRejection);

export type SignatureRejection = { readonly errorType: SignatureError; readonly message: string };

type SignatureError =
  | "ExpiredTokenException"
  | "IncompleteSignatureException"
  | "InvalidSignatureException"
  | "MissingAuthenticationTokenException"
  | "UnrecognizedClientException";

/** A request without a body. */
type Unread = { readonly url: string; readonly rawHeaders: readonly string[] };

const SERVICE = "execute-api";

/**
 * Verifies the signature of a GET, in its header or its query. Statuses and messages are documented. Assumed:
 * the order.
 * @see https://repost.aws/knowledge-center/api-gateway-troubleshoot-403-forbidden
 */
export function verifyHandshakeSignature(
  request: Unread,
  place: {
    readonly secretFor: SecretFor;
    readonly signingKeys: SigningKeys;
    readonly region: string;
    /** Epoch ms. */
    readonly now: number;
    readonly mode: PermissionMode;
    /** Whether only this machine can reach the gateway. */
    readonly isForThisMachine: boolean;
  },
): SignedRequest {
  const { url } = request;
  const signable = { method: "GET", url, rawHeaders: request.rawHeaders, body: NOTHING };
  const signed = readAuthorization(signable);
  if (signed.kind === "unsigned") return UNSIGNED;
  if (signed.kind === "incomplete") return incomplete(signed.message);
  const { accessKeyId, sessionToken } = signed;
  const issued = place.secretFor(accessKeyId);
  // Keys that the emulator did not issue cannot be verified.
  const takesOtherKeys = place.mode !== "enforce" && place.isForThisMachine;
  if (issued === undefined && !takesOtherKeys) {
    return unknownKey(`the gateway did not issue the key ${accessKeyId}`);
  }
  if (issued !== undefined && (sessionToken ?? "") !== issued.sessionToken) {
    return unknownKey(`the session token does not belong to the key ${accessKeyId}`);
  }
  if (place.now >= (issued?.expiresAt ?? Number.POSITIVE_INFINITY)) return EXPIRED_KEY;
  const scope = checkScope(signed, {
    service: SERVICE,
    ...(issued !== undefined && { region: place.region }),
  });
  if (scope.kind !== "right") return invalid(scope.message);
  const date = ageProblem(signed, place.now);
  if (date !== undefined)
    return date.kind === "invalid" ? invalid(date.message) : incomplete(date.message);
  if (issued !== undefined) {
    const verifies = (rawHeaders: readonly string[]) =>
      verifySignature(
        { ...signable, rawHeaders },
        signed,
        issued.secretAccessKey,
        place.signingKeys,
      ).kind === "right";
    if (!verifies(request.rawHeaders) && !verifies(withoutPort(request.rawHeaders))) {
      return invalid(MISMATCH, mismatch(request, signed));
    }
  }
  return { kind: "signed", accessKeyId, issued };
}

const NOTHING = new Uint8Array();

/** AWS hosts have no port, so clients sign the name alone. */
function withoutPort(rawHeaders: readonly string[]): readonly string[] {
  return rawHeaders.map((value, at) =>
    at % 2 === 1 && rawHeaders[at - 1]?.toLowerCase() === "host"
      ? value.replace(/:\d+$/, "")
      : value,
  );
}

const UNSIGNED: SignedRequest = {
  kind: "rejected",
  errorType: "MissingAuthenticationTokenException",
  message: "Missing Authentication Token",
  because: "the request is not signed, and $connect has AWS_IAM authorization",
};

const EXPIRED_KEY: SignedRequest = {
  kind: "rejected",
  errorType: "ExpiredTokenException",
  message: "The security token included in the request is expired",
  because: "the session token of the key has expired",
};

function incomplete(message: string): SignedRequest {
  return { kind: "rejected", errorType: "IncompleteSignatureException", message, because: message };
}

function invalid(message: string, because: string = message): SignedRequest {
  return { kind: "rejected", errorType: "InvalidSignatureException", message, because };
}

function unknownKey(because: string): SignedRequest {
  const { message } = UNKNOWN_KEY;
  return { kind: "rejected", errorType: "UnrecognizedClientException", message, because };
}

/** Names the signed parts: most often the host differs. */
function mismatch({ url, rawHeaders }: Unread, { accessKeyId, signedHeaders }: Signed): string {
  const path = url.split("?", 1)[0];
  const host = headerValue(rawHeaders, "host") ?? "";
  return `the key ${accessKeyId} signs GET ${path} at ${host}, its query and its ${signedHeaders.join(", ")} otherwise`;
}
