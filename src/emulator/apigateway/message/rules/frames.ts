/** Bytes of payload, after unmasking. */
export type FrameLimits = { readonly frameBytes: number; readonly messageBytes: number };

export type FrameScanner = {
  /**
   * Reads the next bytes of a connection. Returns the offset at which a frame over a limit begins (0 also if
   * it began in an earlier chunk). Reports that once, then only looks for a close frame.
   */
  scan(chunk: Uint8Array): number | undefined;
  /** Whether a complete close frame has passed; nothing is read after it. */
  closeSeen(): boolean;
};

const FINAL = 0x80;
const MASKED = 0x80;
const OPCODE = 0x0f;
const LENGTH = 0x7f;
const CLOSE = 0x8;

/**
 * Parses frame headers in a stream of WebSocket bytes. It detects a frame or message over the limit as soon
 * as the header arrives, and sees every fragment.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-execution-service-websocket-limits-table.html
 * @see https://www.rfc-editor.org/rfc/rfc6455#section-5.2
 */
export function createFrameScanner(limits: FrameLimits): FrameScanner {
  // Numbers instead of a header buffer: every connection keeps a scanner for its lifetime.
  /** Bytes of the current header that have passed; 0 within a payload. */
  let have = 0;
  let first = 0;
  let lengthEndsAt = 0;
  let headerEndsAt = 0;
  let payloadLength = 0;
  let payloadLeft = 0;
  let messageBytes = 0;
  let told = false;
  let isClose = false;

  /** Adds one byte of a header; true when the header is complete. */
  const take = (byte: number): boolean => {
    have += 1;
    if (have === 1) {
      first = byte;
      return false;
    }
    if (have === 2) {
      const length = byte & LENGTH;
      const extended = length === 127 ? 8 : length === 126 ? 2 : 0;
      payloadLength = extended === 0 ? length : 0;
      lengthEndsAt = 2 + extended;
      headerEndsAt = lengthEndsAt + ((byte & MASKED) === 0 ? 0 : 4);
    } else if (have <= lengthEndsAt) payloadLength = payloadLength * 256 + byte;
    return have === headerEndsAt;
  };

  /** Whether the frame whose header is complete exceeds a limit. */
  const breaksLimit = (): boolean => {
    payloadLeft = payloadLength;
    isClose = (first & OPCODE) === CLOSE;
    if ((first & OPCODE) >= CLOSE) return false; // control frames may come between the fragments of a message
    messageBytes += payloadLength;
    const over = payloadLength > limits.frameBytes || messageBytes > limits.messageBytes;
    if ((first & FINAL) !== 0) messageBytes = 0;
    return over;
  };

  return {
    scan(chunk) {
      let at = 0;
      let violation: number | undefined;
      while (at < chunk.length && !(isClose && payloadLeft === 0)) {
        if (payloadLeft > 0) {
          const step = Math.min(payloadLeft, chunk.length - at);
          payloadLeft -= step;
          at += step;
          continue;
        }
        const isComplete = take(chunk[at] ?? 0);
        at += 1;
        if (!isComplete) continue;
        const start = Math.max(0, at - have);
        have = 0;
        if (!breaksLimit() || told) continue;
        told = true;
        violation = start;
      }
      return violation;
    },
    closeSeen: () => isClose && payloadLeft === 0,
  };
}
