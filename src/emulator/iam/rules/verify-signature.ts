import { headerValue } from "./raw-headers.ts";
import {
  amzDateOf,
  queryParameters,
  type SignableRequest,
  type SignatureScope,
  type SigningKeys,
  signRequest,
} from "./sign-request.ts";
import { formProblem, scopeDateProblem } from "./signature-date.ts";

/** A key that the emulator issued, and its holder: a function, a mock identity, or the developer. */
export type IssuedKey = {
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly functionName: string | undefined;
  readonly identity?: string;
  /** Epoch ms. */
  readonly expiresAt?: number;
};

/** Looks up a key; undefined for keys of other issuers, whose signatures cannot be verified. */
export type SecretFor = (accessKeyId: string) => IssuedKey | undefined;

/** The signature in a request. */
export type Authorization =
  | { readonly kind: "unsigned" }
  | { readonly kind: "incomplete"; readonly message: string }
  | ({ readonly kind: "signed" } & Signed);

export type Signed = {
  readonly accessKeyId: string;
  readonly scope: SignatureScope;
  readonly amzDate: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
  readonly sessionToken: string | undefined;
  /** `X-Amz-Expires` of a presigned request, in seconds. */
  readonly expires?: string | undefined;
};

/** The scope of a signature. */
type SignedFor = { readonly service: string; readonly region?: string };

export type SignatureVerdict =
  | { readonly kind: "right" }
  | { readonly kind: "wrong" | "unknown-key"; readonly message: string };

/** AWS's messages for an unknown key or session token. */
export const UNKNOWN_KEY = {
  kind: "unknown-key",
  message: "The security token included in the request is invalid.",
} as const satisfies SignatureVerdict;

/** AWS's message for a wrong signature; some services add the expected one. */
export const MISMATCH =
  "The request signature we calculated does not match the signature you provided. " +
  "Check your AWS Secret Access Key and signing method. Consult the service documentation for details.";

const ALGORITHM = "AWS4-HMAC-SHA256";

/**
 * Parses the signature of a request from its `Authorization` header or, if presigned, from its query. Checks
 * only its format.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/create-signed-request.html
 * The messages are those of AWS's front doors.
 */
export function readAuthorization(request: SignableRequest): Authorization {
  const header = headerValue(request.rawHeaders, "authorization");
  if (header !== undefined) return fromHeader(header, request.rawHeaders);
  const query = request.url.indexOf("?");
  return query === -1 ? { kind: "unsigned" } : fromQuery(request.url.slice(query + 1));
}

/**
 * The access key in an `Authorization` header or a presigned URL, without any validation: enough to identify
 * the caller of a call that is verified elsewhere.
 */
export function namedAccessKey(headerOrUrl: string | undefined): string | undefined {
  return /Credential=([^/,%\s]+)/.exec(headerOrUrl ?? "")?.[1];
}

/**
 * Verifies a call by its key. The secret of a key that the emulator did not issue is unknown, so only the
 * scope is checked: it must be `others`. Without `others`, such keys are rejected.
 */
export function verdictOn(
  request: SignableRequest,
  signed: Signed,
  issued: IssuedKey | undefined,
  place: SignedFor & { readonly others: SignedFor | undefined },
  keys: SigningKeys,
): SignatureVerdict {
  if (issued !== undefined) return judgeIssued(request, signed, issued, place, keys);
  return place.others === undefined ? UNKNOWN_KEY : checkScope(signed, place.others);
}

/** Verifies a call with an issued key: session token, scope, signature. Assumed: in this order. */
export function judgeIssued(
  request: SignableRequest,
  signed: Signed,
  issued: IssuedKey,
  place: SignedFor,
  keys: SigningKeys,
): SignatureVerdict {
  if ((signed.sessionToken ?? "") !== issued.sessionToken) return UNKNOWN_KEY;
  const scope = checkScope(signed, place);
  if (scope.kind !== "right") return scope;
  return verifySignature(request, signed, issued.secretAccessKey, keys);
}

/** Verifies a signature with the secret of its key. Does not check its age: signature-date.ts does. */
export function verifySignature(
  request: SignableRequest,
  signed: Signed,
  secretAccessKey: string,
  keys: SigningKeys,
): SignatureVerdict {
  const key = keys(secretAccessKey, signed.scope);
  const own = signRequest(request, signed.signedHeaders, signed.amzDate, signed.scope, key);
  if (own.signature === signed.signature) return { kind: "right" };
  return {
    kind: "wrong",
    message:
      `${MISMATCH}\n\n` +
      `The Canonical String for this request should have been\n'${own.canonicalRequest}'\n\n` +
      `The String-to-Sign should have been\n'${own.stringToSign}'\n`,
  };
}

/** Checks that a signature is for the region, if given, the service, and the day of its date. */
export function checkScope(signed: Signed, { service, region }: SignedFor): SignatureVerdict {
  const faults: string[] = [];
  if (region !== undefined && signed.scope.region !== region) {
    faults.push(`Credential should be scoped to a valid region, not '${signed.scope.region}'. `);
  }
  if (signed.scope.service !== service) {
    faults.push(`Credential should be scoped to correct service: '${service}'. `);
  }
  const date = scopeDateProblem(signed);
  if (date !== undefined) faults.push(date);
  return faults.length === 0 ? { kind: "right" } : { kind: "wrong", message: faults.join("") };
}

/** The header in the format of SDKs. */
const USUAL_HEADER =
  /^(AWS4-HMAC-SHA256) Credential=([^\s,]+),\s*SignedHeaders=([^\s,]+),\s*Signature=([^\s,]+)$/;

function fromHeader(header: string, rawHeaders: readonly string[]): Authorization {
  const usual = USUAL_HEADER.exec(header);
  const amzDate = headerValue(rawHeaders, "x-amz-date");
  if (usual === null || amzDate === undefined) return fromAnyHeader(header, rawHeaders, amzDate);
  const [, algorithm = "", credential = "", signedHeaders = "", signature = ""] = usual;
  const sessionToken = headerValue(rawHeaders, "x-amz-security-token");
  return signedWith({ algorithm, credential, signedHeaders, signature, amzDate, sessionToken });
}

function fromAnyHeader(
  header: string,
  rawHeaders: readonly string[],
  amzDate: string | undefined,
): Authorization {
  const [algorithm = ""] = header.split(" ", 1);
  const parts = new Map(
    header
      .slice(algorithm.length)
      .split(/[,\s]+/)
      .map((part): [string, string] => {
        const equals = part.indexOf("=");
        return equals === -1 ? [part, ""] : [part.slice(0, equals), part.slice(equals + 1)];
      }),
  );
  const date = amzDate ?? headerValue(rawHeaders, "date");

  let missing = "";
  for (const name of ["Credential", "Signature", "SignedHeaders"]) {
    if (!parts.get(name)) missing += `Authorization header requires '${name}' parameter. `;
  }
  if (date === undefined) {
    missing +=
      "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. ";
  }
  if (missing !== "") {
    return { kind: "incomplete", message: `${missing}Authorization=${header}` };
  }
  return signedWith({
    algorithm,
    credential: parts.get("Credential") ?? "",
    signedHeaders: parts.get("SignedHeaders") ?? "",
    signature: parts.get("Signature") ?? "",
    amzDate: toAmzDate(date ?? ""),
    sessionToken: headerValue(rawHeaders, "x-amz-security-token"),
  });
}

function fromQuery(query: string): Authorization {
  const parameters = new Map(queryParameters(query));
  const algorithm = parameters.get("X-Amz-Algorithm");
  if (algorithm === undefined) return { kind: "unsigned" };
  let missing = "";
  for (const name of ["X-Amz-Credential", "X-Amz-Signature", "X-Amz-SignedHeaders", "X-Amz-Date"]) {
    if (!parameters.get(name)) missing += `AWS query-string parameters must include '${name}'. `;
  }
  if (missing !== "") {
    return {
      kind: "incomplete",
      message: `${missing}Re-examine the query-string parameters.`,
    };
  }
  return signedWith({
    algorithm,
    credential: parameters.get("X-Amz-Credential") ?? "",
    signedHeaders: parameters.get("X-Amz-SignedHeaders") ?? "",
    signature: parameters.get("X-Amz-Signature") ?? "",
    amzDate: parameters.get("X-Amz-Date") ?? "",
    sessionToken: parameters.get("X-Amz-Security-Token"),
    expires: parameters.get("X-Amz-Expires"),
  });
}

function signedWith(parts: {
  readonly algorithm: string;
  readonly credential: string;
  readonly signedHeaders: string;
  readonly signature: string;
  readonly amzDate: string;
  readonly sessionToken: string | undefined;
  readonly expires?: string | undefined;
}): Authorization {
  if (parts.algorithm !== ALGORITHM) {
    return incomplete(
      `Unsupported AWS 'algorithm': '${parts.algorithm}' (only ${ALGORITHM} for now). `,
    );
  }
  const fields = parts.credential.split("/");
  const [accessKeyId, date, region, service, term] = fields;
  if (!accessKeyId || !date || !region || !service || !term || fields.length !== 5) {
    return incomplete(
      `Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got '${parts.credential}'`,
    );
  }
  if (term !== "aws4_request") {
    return incomplete(
      `Credential should be scoped with a valid terminator: 'aws4_request', not '${term}'. `,
    );
  }
  const dateProblem = formProblem(parts.amzDate);
  if (dateProblem !== undefined) return incomplete(dateProblem);
  const signedHeaders = parts.signedHeaders.split(";");
  if (!signedHeaders.includes("host")) {
    return incomplete("'Host' must be a 'SignedHeader' in the AWS Authorization.");
  }
  if (!/^[0-9a-f]{64}$/.test(parts.signature)) {
    return incomplete(`Signature must be 64 hexadecimal digits, got '${parts.signature}'.`);
  }
  return {
    kind: "signed",
    accessKeyId,
    scope: { date, region, service },
    amzDate: parts.amzDate,
    signedHeaders,
    signature: parts.signature,
    sessionToken: parts.sessionToken,
    expires: parts.expires,
  };
}

function incomplete(message: string): Authorization {
  return { kind: "incomplete", message };
}

/** Converts a `Date` header in ISO or HTTP format; any other stays unchanged. */
function toAmzDate(date: string): string {
  const at = Date.parse(date);
  return Number.isNaN(at) ? date : amzDateOf(at);
}
