/** Tokens that a bucket gains each second (`rate`), and the most that it holds (`burst`). */
export type RateLimit = { readonly rate: number; readonly burst: number };

/** The tokens left in a bucket at a time, in ms. */
export type Bucket = { readonly tokens: number; readonly at: number };

const SECOND_MS = 1000;
/** Sums of fractions are inexact, so a bucket this little below one token counts as having one. */
const ROUNDING = 1e-9;

/**
 * The bucket after one more request; undefined when it has no token left. A bucket is full at first.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-api-protect.html
 */
export function takeToken(
  bucket: Bucket | undefined,
  { rate, burst }: RateLimit,
  now: number,
): Bucket | undefined {
  const added = bucket === undefined ? burst : (rate * (now - bucket.at)) / SECOND_MS;
  const tokens = Math.min(burst, (bucket?.tokens ?? 0) + added);
  return tokens < 1 - ROUNDING ? undefined : { tokens: Math.max(0, tokens - 1), at: now };
}
