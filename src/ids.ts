import { randomBytes } from "node:crypto";
import type { Clock } from "./clock.ts";

/** Identifiers, passed in so that a test can compare whole events. */
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

/** Of the 54 bits at the start of an id, 41 are the time in ms, the others a counter. */
const COUNTS = 2 ** 13;
/** The time of one step of the first character; `A` is excluded: see `isConnectionId` in gone-or-bad-id.ts. */
const LETTER_MS = 2 ** 35;
const BASE64URL = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
/** The characters between the head and the number of a connection, and of a request; captured on AWS. */
const MIDDLE = { connection: "QAYKE", request: "AME" } as const;

/**
 * Identifiers in API Gateway's format of 2026: base64url with its `=`, so that ids end in `=` and may contain
 * `-` and `_`. They begin with nine characters that grow with time. Those of connections and messages have 20
 * characters, of which a message shares the last eleven with its connection; those of requests have 16.
 */
export function createIds(
  clock: Clock,
  random: (bytes: number) => Buffer = pooledRandomBytes(),
): Ids {
  let ms = 0;
  let count = 0;
  let number = random(2).readUInt16BE();

  const tick = (): void => {
    const now = clock.now();
    if (now > ms) {
      ms = now;
      count = random(1)[0] ?? 0;
    } else if (++count === COUNTS) {
      ms += 1;
      count = 0;
    }
  };

  /** Nine characters: 18 bits of the time, and 36 of the rest of it and the counter. */
  const head = (): string => {
    tick();
    const time = LETTER_MS + (ms % (63 * LETTER_MS));
    return digits(Math.floor(time / 2 ** 23), 3) + digits((time % 2 ** 23) * COUNTS + count, 6);
  };

  const nextNumber = (): number => {
    number = (number + 1) & 0xffff;
    return number;
  };

  return {
    connectionId: () => `${head()}${MIDDLE.connection}${digits(nextNumber() << 8, 4)}==`,
    messageId: (connectionId) => head() + connectionId.slice(-11),
    requestId: () => `${head()}${MIDDLE.request}${digits(nextNumber() << 2, 3)}=`,
    uuid: () => uuid(random(16)),
    traceId: () => {
      const seconds = Math.floor(clock.now() / 1000)
        .toString(16)
        .padStart(8, "0");
      return `Root=1-${seconds}-${random(12).toString("hex")}`;
    },
  };
}

/** A number in this many base64url characters, the most significant first. */
function digits(value: number, length: number): string {
  let text = "";
  for (let rest = value; text.length < length; rest = Math.floor(rest / 64)) {
    text = BASE64URL[rest % 64] + text;
  }
  return text;
}

const POOL_BYTES = 4096;

/** Random bytes, requested from the system in bulk: every frame needs a few. */
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
