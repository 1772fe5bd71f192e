import type { IncomingMessage } from "node:http";

/**
 * Reads the body of a request. One of more than `limit` bytes is read to its end, so that the client receives
 * the response, but not kept. An aborted request is never reported. Calls `onEnd` in the next phase of the
 * event loop: an environment reports the start of an event on another socket, and that report must be handled
 * before the event's calls. If `isCallerKnown`, that has happened, and `onEnd` is called at once; log lines that
 * the same code wrote just before may then be recorded after the call.
 */
export function collectBody(
  request: IncomingMessage,
  limit: number,
  onEnd: (received: { readonly body: Buffer; readonly isTooLarge: boolean }) => void,
  isCallerKnown: () => boolean = () => false,
): void {
  const chunks: Buffer[] = [];
  let bytes = 0;
  request.on("data", (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes <= limit) chunks.push(chunk);
    else chunks.length = 0;
  });
  request.on("end", () => {
    const [only] = chunks;
    const body = chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks);
    const received = { body, isTooLarge: bytes > limit };
    if (isCallerKnown()) onEnd(received);
    else setImmediate(onEnd, received);
  });
}
