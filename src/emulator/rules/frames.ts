/** Payload bytes, after unmasking. */
export type FrameLimits = { readonly frameBytes: number; readonly messageBytes: number };

export type FrameScanner = {
  /**
   * Reads the next bytes of a connection. Tells at which of them a frame begins that breaks a limit
   * (0 also when it began in an earlier chunk); it tells so once, and goes on to look for a close.
   */
  scan(chunk: Uint8Array): number | undefined;
  /** Whether a whole close frame has passed; nothing is read after it. */
  closeSeen(): boolean;
};

const CLOSE = 0x8;
const LONGEST_HEADER = 14;

/**
 * Reads the frame headers in a stream of WebSocket bytes, so that a frame or message over its limit
 * is known as soon as the header arrives that announces it, and fragments are seen one by one.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-execution-service-websocket-limits-table.html
 * @see https://www.rfc-editor.org/rfc/rfc6455#section-5.2
 */
export function createFrameScanner(limits: FrameLimits): FrameScanner {
  const header = new DataView(new ArrayBuffer(LONGEST_HEADER));
  let have = 0;
  let payloadLeft = 0;
  let messageBytes = 0;
  let told = false;
  let isClose = false;

  /** Whether the frame whose header is complete breaks a limit. */
  const breaksLimit = (): boolean => {
    const first = header.getUint8(0);
    payloadLeft = payloadLength(header);
    const opcode = first & 0x0f;
    isClose = opcode === CLOSE;
    if (opcode >= CLOSE) return false; // control frames may stand between the fragments of a message
    messageBytes += payloadLeft;
    const over = payloadLeft > limits.frameBytes || messageBytes > limits.messageBytes;
    if ((first & 0x80) !== 0) messageBytes = 0;
    return over;
  };

  const closeSeen = (): boolean => isClose && payloadLeft === 0;

  return {
    scan(chunk) {
      let at = 0;
      let violation: number | undefined;
      while (at < chunk.length && !closeSeen()) {
        if (payloadLeft > 0) {
          const step = Math.min(payloadLeft, chunk.length - at);
          payloadLeft -= step;
          at += step;
          continue;
        }
        header.setUint8(have, chunk[at] ?? 0);
        have += 1;
        at += 1;
        if (have < 2 || have < headerLength(header.getUint8(1))) continue;
        const start = Math.max(0, at - have);
        have = 0;
        if (!breaksLimit() || told) continue;
        told = true;
        violation = start;
      }
      return violation;
    },
    closeSeen,
  };
}

function headerLength(second: number): number {
  const length = second & 0x7f;
  const extended = length === 127 ? 8 : length === 126 ? 2 : 0;
  return 2 + extended + ((second & 0x80) === 0 ? 0 : 4);
}

function payloadLength(header: DataView): number {
  const length = header.getUint8(1) & 0x7f;
  if (length === 126) return header.getUint16(2);
  return length === 127 ? header.getUint32(2) * 2 ** 32 + header.getUint32(6) : length;
}
