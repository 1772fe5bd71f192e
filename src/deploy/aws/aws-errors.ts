import { whyNotReached } from "../../errors/in-words.ts";
import { WsgwError } from "../../errors.ts";

/** Codes of the SDK where it finds no credentials to ask AWS with. */
const NO_CREDENTIALS: readonly string[] = ["CredentialsProviderError", "TokenProviderError"];
/** What it says then where it has looked everywhere. */
const NOTHING_FOUND = "Could not load credentials from any providers";

/** Codes of AWS for credentials that it refuses. */
const CREDENTIALS: readonly string[] = [
  "ExpiredToken",
  "ExpiredTokenException",
  "InvalidClientTokenId",
  "UnrecognizedClientException",
  "InvalidAccessKeyId",
  "SignatureDoesNotMatch",
  "InvalidSignatureException",
];

const UNREACHABLE: readonly string[] = [
  "ECONNREFUSED",
  "ECONNRESET",
  "ENOTFOUND",
  "EAI_AGAIN",
  "ETIMEDOUT",
  "EHOSTUNREACH",
  "TimeoutError",
];

/** What a service answered in place of doing what it was asked; `name` is AWS's own word for it. */
export type Refusal = Error & {
  readonly code: string;
  readonly service: string;
  readonly operation: string;
  readonly statusCode: number | undefined;
  /** What S3 says of a bucket that it does not open. */
  readonly bucketRegion: string | undefined;
};

/** What goes wrong with a call, as a `WsgwError` for the person or as a `Refusal`. */
export function translate(service: string, operation: string, error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const code = codeOf(error);
  if (NO_CREDENTIALS.includes(code)) {
    const message =
      error.message === NOTHING_FOUND
        ? "No AWS credentials found, neither in the environment nor in a profile of ~/.aws."
        : `No usable AWS credentials found: ${error.message}`;
    return new WsgwError("AWS_CREDENTIALS", message, { cause: error });
  }
  if (CREDENTIALS.includes(code)) {
    const message = `${service} did not accept the credentials: ${error.message}`;
    return new WsgwError("AWS_CREDENTIALS", message, { cause: error });
  }
  if (UNREACHABLE.includes(code)) {
    const message = `${service}${placeOf(error)} cannot be reached: ${whyNotReached(error)}.`;
    return new WsgwError("AWS_UNREACHABLE", message, { cause: error });
  }
  if (!("$metadata" in error)) return error;
  const { $metadata, $response } = error as SdkError;
  // Without the SDK's error as its cause: that one carries the whole connection with it.
  return createRefusal(error.message || code, {
    code,
    service,
    operation,
    statusCode: $metadata.httpStatusCode,
    bucketRegion: $response?.headers?.["x-amz-bucket-region"],
  });
}

type NodeAddress = {
  readonly address?: string;
  readonly port?: number;
  readonly hostname?: string;
};

/** Where Node looked, as far as its error tells. */
function placeOf(error: Error): string {
  const { address, port, hostname } = error as NodeJS.ErrnoException & NodeAddress;
  const where = hostname ?? (address === undefined ? undefined : `${address}:${port}`);
  return where === undefined ? "" : ` (${where})`;
}

export function createRefusal(message: string, what: Omit<Refusal, keyof Error>): Refusal {
  return Object.assign(new Error(message), { name: "Refusal", ...what });
}

type SdkError = {
  readonly $metadata: { readonly httpStatusCode?: number };
  readonly $response?: { readonly headers?: Readonly<Record<string, string>> };
};

function codeOf(error: Error): string {
  const code = "code" in error && typeof error.code === "string" ? error.code : undefined;
  return code ?? error.name;
}

/** Whether something that was thrown is a service's refusal. */
export function isRefusal(error: unknown): error is Refusal {
  return error instanceof Error && error.name === "Refusal";
}

/** Settles with undefined where a call is refused because the thing is not there. */
export async function unlessMissing<T>(
  call: () => Promise<T>,
  isMissing: (refusal: Refusal) => boolean,
): Promise<T | undefined> {
  try {
    return await call();
  } catch (error) {
    if (isRefusal(error) && isMissing(error)) return undefined;
    throw error;
  }
}
