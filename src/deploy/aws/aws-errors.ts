import { whyNotReached } from "../../errors/in-words.ts";
import { WsgwError } from "../../errors.ts";

/** Error codes of the SDK when it finds no credentials. */
const NO_CREDENTIALS: readonly string[] = ["CredentialsProviderError", "TokenProviderError"];
/** The SDK's message when it has searched all sources. */
const NOTHING_FOUND = "Could not load credentials from any providers";

/** Error codes of AWS for rejected credentials. */
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

/** A service's error response; `name` is AWS's error code. */
export type AwsError = Error & {
  readonly code: string;
  readonly service: string;
  readonly operation: string;
  readonly statusCode: number | undefined;
  /** S3's hint for a bucket in another region. */
  readonly bucketRegion: string | undefined;
};

/** A call's error, as a `WsgwError` for the user or as a `AwsError`. */
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
    const message = `${service} rejected the credentials: ${error.message}`;
    return new WsgwError("AWS_CREDENTIALS", message, { cause: error });
  }
  if (UNREACHABLE.includes(code)) {
    const message = `${service}${placeOf(error)} is unreachable: ${whyNotReached(error)}.`;
    return new WsgwError("AWS_UNREACHABLE", message, { cause: error });
  }
  if (!("$metadata" in error)) return error;
  const { $metadata, $response } = error as SdkError;
  // Not with the SDK's error as its cause, which references the whole connection.
  return createAwsError(error.message || code, {
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

/** Where Node looked, if its error contains that. */
function placeOf(error: Error): string {
  const { address, port, hostname } = error as NodeJS.ErrnoException & NodeAddress;
  const where = hostname ?? (address === undefined ? undefined : `${address}:${port}`);
  return where === undefined ? "" : ` (${where})`;
}

export function createAwsError(message: string, what: Omit<AwsError, keyof Error>): AwsError {
  return Object.assign(new Error(message), { name: "AwsError", ...what });
}

type SdkError = {
  readonly $metadata: { readonly httpStatusCode?: number };
  readonly $response?: { readonly headers?: Readonly<Record<string, string>> };
};

function codeOf(error: Error): string {
  const code = "code" in error && typeof error.code === "string" ? error.code : undefined;
  return code ?? error.name;
}

/** Whether a thrown value is a service's error response. */
export function isAwsError(error: unknown): error is AwsError {
  return error instanceof Error && error.name === "AwsError";
}

/** Resolves with undefined if a call fails because the object does not exist. */
export async function unlessMissing<T>(
  call: () => Promise<T>,
  isMissing: (error: AwsError) => boolean,
): Promise<T | undefined> {
  try {
    return await call();
  } catch (error) {
    if (isAwsError(error) && isMissing(error)) return undefined;
    throw error;
  }
}
