const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const KIB = 1024;

/**
 * Quotas of a WebSocket API. Message sizes count payload bytes, not characters.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-execution-service-websocket-limits-table.html
 */
export const LIMITS = {
  frameBytes: 32 * KIB,
  messageBytes: 128 * KIB,
  idleMs: 10 * MINUTE_MS,
  ageMs: 120 * MINUTE_MS,
  integrationTimeoutMs: 29 * SECOND_MS,
  /** Body of a POST to `@connections`. */
  postBytes: 128 * KIB,
  urlCharacters: 4096,
  /** Total size of names and values of a handshake's headers. Assumed from the quota of REST APIs. */
  headerBytes: 10_240,
} as const;

/** Settings of the emulator can override every limit. */
export type Limits = { readonly [Name in keyof typeof LIMITS]: number };
