/** Bytes of payload, after unmasking. */
export type FrameLimits = { readonly frameBytes: number; readonly messageBytes: number };

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
export class FrameScanner {
  readonly #limits: FrameLimits;
  // Numbers instead of a header buffer: every connection keeps a scanner for its lifetime.
  /** Bytes of the current header that have passed; 0 within a payload. */
  #have = 0;
  #first = 0;
  #lengthEndsAt = 0;
  #headerEndsAt = 0;
  #payloadLength = 0;
  #payloadLeft = 0;
  #messageBytes = 0;
  #hasReported = false;
  #isClose = false;

  constructor(limits: FrameLimits) {
    this.#limits = limits;
  }

  /**
   * Reads the next bytes of a connection. Returns the offset at which a frame over a limit begins (0 also if
   * it began in an earlier chunk). Reports that once, then only looks for a close frame.
   */
  scan(chunk: Uint8Array): number | undefined {
    let at = 0;
    let violation: number | undefined;
    while (at < chunk.length && !this.closeSeen()) {
      if (this.#payloadLeft > 0) {
        const step = Math.min(this.#payloadLeft, chunk.length - at);
        this.#payloadLeft -= step;
        at += step;
        continue;
      }
      const isComplete = this.#take(chunk[at] ?? 0);
      at += 1;
      if (!isComplete) continue;
      const start = Math.max(0, at - this.#have);
      this.#have = 0;
      if (!this.#breaksLimit() || this.#hasReported) continue;
      this.#hasReported = true;
      violation = start;
    }
    return violation;
  }

  /** Whether a complete close frame has passed; nothing is read after it. */
  closeSeen(): boolean {
    return this.#isClose && this.#payloadLeft === 0;
  }

  /** Adds one byte of a header; true when the header is complete. */
  #take(byte: number): boolean {
    this.#have += 1;
    if (this.#have === 1) {
      this.#first = byte;
      return false;
    }
    if (this.#have === 2) {
      const length = byte & LENGTH;
      const extended = length === 127 ? 8 : length === 126 ? 2 : 0;
      this.#payloadLength = extended === 0 ? length : 0;
      this.#lengthEndsAt = 2 + extended;
      this.#headerEndsAt = this.#lengthEndsAt + ((byte & MASKED) === 0 ? 0 : 4);
    } else if (this.#have <= this.#lengthEndsAt) {
      this.#payloadLength = this.#payloadLength * 256 + byte;
    }
    return this.#have === this.#headerEndsAt;
  }

  /** Whether the frame whose header is complete exceeds a limit. */
  #breaksLimit(): boolean {
    const { frameBytes, messageBytes } = this.#limits;
    this.#payloadLeft = this.#payloadLength;
    this.#isClose = (this.#first & OPCODE) === CLOSE;
    if ((this.#first & OPCODE) >= CLOSE) return false; // control frames may come between the fragments of a message
    this.#messageBytes += this.#payloadLength;
    const over = this.#payloadLength > frameBytes || this.#messageBytes > messageBytes;
    if ((this.#first & FINAL) !== 0) this.#messageBytes = 0;
    return over;
  }
}
