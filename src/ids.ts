import { randomBytes } from "node:crypto";
import type { Clock } from "./clock.ts";

/** Identifiers, handed in so that a test can compare whole events. */
export type Ids = {
  connectionId(): string;
  messageId(connectionId: string): string;
  /** `requestContext.requestId`, `extendedRequestId` and `x-amz-apigw-id`. */
  requestId(): string;
  /** Lower-case UUID: Lambda's request id and `x-amzn-RequestId`. */
  uuid(): string;
  /** `Root=1-<8 hex>-<24 hex>`. */
  traceId(): string;
};

/** The ninth byte of an id tells what it names (worked out from published captures). */
const KIND = { connection: 0x02, message: 0x02, request: 0x05 } as const;

/** Time and kind; in base64 they end where a character ends. */
const HEAD_BYTES = 9;
const HEAD_CHARACTERS = 12;
const TAIL_BYTES = 2;
const COUNTS = 2 ** 22;
const BASE64URL = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/**
 * Identifiers in API Gateway's shape: eleven bytes in base64url with the one `=` kept, so that ids
 * end in `=` and may hold `-` and `_`. The first eight bytes grow with time; a message id ends in
 * the same two bytes as the id of its connection.
 */
export function createIds(
  clock: Clock,
  random: (bytes: number) => Buffer = pooledRandomBytes(),
): Ids {
  const bytes = Buffer.alloc(HEAD_BYTES);
  let ms = 0;
  let count = 0;
  let salt = random(TAIL_BYTES).readUInt16BE();

  // 41 bits of epoch ms, then 22 bits that a counter may use up within one ms.
  const tick = (): void => {
    const now = clock.now();
    if (now > ms) {
      ms = now;
      count = random(2).readUInt16BE();
    } else if (++count === COUNTS) {
      ms += 1;
      count = 0;
    }
  };

  const head = (kind: number): string => {
    tick();
    bytes.writeUInt32BE(Math.floor(ms / 1024), 0);
    bytes.writeUInt32BE((ms % 1024) * COUNTS + count, 4);
    bytes[8] = kind;
    return bytes.toString("base64url");
  };

  const nextTail = (): string => {
    salt = (salt + 1) & 0xffff;
    return `${BASE64URL[salt >> 10]}${BASE64URL[(salt >> 4) & 63]}${BASE64URL[(salt & 15) << 2]}=`;
  };

  return {
    connectionId: () => head(KIND.connection) + nextTail(),
    messageId: (connectionId) => head(KIND.message) + connectionId.slice(HEAD_CHARACTERS),
    requestId: () => head(KIND.request) + nextTail(),
    uuid: () => uuid(random(16)),
    traceId: () => {
      const seconds = Math.floor(clock.now() / 1000)
        .toString(16)
        .padStart(8, "0");
      return `Root=1-${seconds}-${random(12).toString("hex")}`;
    },
  };
}

const POOL_BYTES = 4096;

/** Random bytes, asked of the system many at a time: a frame needs a few, often. */
function pooledRandomBytes(): (bytes: number) => Buffer {
  let pool = Buffer.alloc(0);
  let at = 0;
  return (bytes) => {
    if (at + bytes > pool.length) {
      pool = randomBytes(POOL_BYTES);
      at = 0;
    }
    at += bytes;
    return pool.subarray(at - bytes, at);
  };
}

function uuid(bytes: Buffer): string {
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.toString("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
