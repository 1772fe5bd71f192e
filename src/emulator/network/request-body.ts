import type { IncomingMessage } from "node:http";

/**
 * Reads the body of a request. One of more than `limit` bytes is read to its end, so that the client receives
 * the response, but not kept. An aborted request is never reported. Calls `onEnd` in the
 * next phase of the event loop: an environment reports the start of an event on another socket, and that report
 * must be handled before the event's calls.
 */
export function collectBody(
  request: IncomingMessage,
  limit: number,
  onEnd: (received: { readonly body: Buffer; readonly isTooLarge: boolean }) => void,
): void {
  const chunks: Buffer[] = [];
  let bytes = 0;
  request.on("data", (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes <= limit) chunks.push(chunk);
    else chunks.length = 0;
  });
  request.on("end", () => {
    const body = chunks.length === 1 ? chunks[0] : undefined;
    setImmediate(onEnd, { body: body ?? Buffer.concat(chunks), isTooLarge: bytes > limit });
  });
}
