/** How many requests a second a bucket is filled for, and how many it holds. */
export type RateLimit = { readonly rate: number; readonly burst: number };

/** What was left in a bucket at a moment, in ms. */
export type Bucket = { readonly tokens: number; readonly at: number };

const SECOND_MS = 1000;
/** Less than a request by so little is a request: fractions of tokens do not add up exactly. */
const ROUNDING = 1e-9;

/**
 * The bucket after one more request. Undefined when it holds less than that request takes. A bucket is full at first.
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
