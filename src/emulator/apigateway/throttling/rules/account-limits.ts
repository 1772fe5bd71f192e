import type { AccountLimitsDefinition } from "../../../../definition/parts.ts";
import { inWords, rateLimitOf } from "./rate-limits.ts";
import type { RateLimit } from "./token-bucket.ts";

/** A limit of the account, with the bucket that all APIs share. */
export type AccountLimit = {
  readonly bucket: string;
  readonly limit: RateLimit;
  /** Why a request over the limit is throttled. */
  readonly because: string;
};

const NONE: readonly AccountLimit[] = [];

/**
 * The limits of the account for a request, in the order in which they apply; none unless `accountLimits` sets
 * them. One limit is for handshakes, messages and calls of `@connections` together, one for new connections.
 */
export function accountLimitsFor(
  kind: "handshake" | "message" | "call",
  limits: AccountLimitsDefinition | undefined,
): readonly AccountLimit[] {
  if (limits === undefined) return NONE;
  const { newConnectionsPerSecond: rate } = limits;
  const shared = rateLimitOf(limits);
  return [
    ...(kind === "handshake" && rate !== undefined ? [newConnections(rate)] : []),
    ...(shared === undefined
      ? []
      : [{ bucket: "account", limit: shared, because: `the account ${inWords(shared)}` }]),
  ];
}

function newConnections(rate: number): AccountLimit {
  const because = `the account is limited to ${rate} new connections per second`;
  return { bucket: "new connections", limit: { rate, burst: rate }, because };
}
