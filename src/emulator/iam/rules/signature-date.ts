import { amzDateOf } from "./sign-request.ts";

/** The dates of a signature. */
type Dated = {
  readonly amzDate: string;
  /** `X-Amz-Expires` of a presigned request, in seconds. */
  readonly expires?: string | undefined;
  readonly scope: { readonly date: string };
};

const MINUTE_MS = 60_000;
const SKEW_MS = 5 * MINUTE_MS;
/** The maximum of `X-Amz-Expires`: a week. */
const LONGEST_MS = 7 * 24 * 60 * MINUTE_MS;

/** Why a date does not have the form `YYYYMMDDTHHMMSSZ`. */
export function formProblem(amzDate: string): string | undefined {
  return /^\d{8}T\d{6}Z$/.test(amzDate) ? undefined : notBasic(amzDate);
}

/** Why the day in the scope is not that of the date. */
export function scopeDateProblem({ amzDate, scope }: Dated): string | undefined {
  const day = amzDate.slice(0, 8);
  if (scope.date === day) return undefined;
  return `Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '${scope.date}' != '${day}', from '${amzDate}'.`;
}

/**
 * Why a signature is too old or too new, or its date does not exist. Only handshakes of `AWS_IAM` are checked
 * for this. Calls to `@connections`, DynamoDB and Lambda are not: a test may have moved the clock. Assumed: a
 * request without `X-Amz-Expires` is valid for five minutes around its date.
 */
export function ageProblem(
  { amzDate, expires }: Dated,
  now: number,
): { readonly kind: "incomplete" | "invalid"; readonly message: string } | undefined {
  const at = Date.parse(
    amzDate.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, "$1-$2-$3T$4:$5:$6Z"),
  );
  if (Number.isNaN(at)) return { kind: "incomplete", message: notBasic(amzDate) };
  const validMs = lifetimeOf(expires);
  if (at < now - validMs) {
    const message = `Signature expired: ${amzDate} is now earlier than ${amzDateOf(now - validMs)} (${amzDateOf(now)} - ${inMinutes(validMs)})`;
    return { kind: "invalid", message };
  }
  if (at <= now + SKEW_MS) return undefined;
  const message = `Signature not yet current: ${amzDate} is still later than ${amzDateOf(now + SKEW_MS)} (${amzDateOf(now)} + ${inMinutes(SKEW_MS)})`;
  return { kind: "invalid", message };
}

function notBasic(amzDate: string): string {
  return `Date must be in ISO-8601 'basic format'. Got '${amzDate}'.`;
}

function lifetimeOf(seconds = ""): number {
  return /^\d+$/.test(seconds) ? Math.min(Number(seconds) * 1000, LONGEST_MS) : SKEW_MS;
}

function inMinutes(ms: number): string {
  return ms % MINUTE_MS === 0 ? `${ms / MINUTE_MS} min.` : `${ms / 1000} sec.`;
}
