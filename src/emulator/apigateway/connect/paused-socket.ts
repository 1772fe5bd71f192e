import type { Socket } from "node:net";

/** Bytes that a client may send before its handshake is answered; the rest waits in the kernel. */
const MOST_EARLY_BYTES = 256 * 1024;

/**
 * Watches a socket whose handshake is held and which has no other reader. The returned function stops that,
 * puts the read bytes back, and returns whether the client is still connected.
 */
export function pauseSocket(socket: Socket): () => boolean {
  const early: Buffer[] = [];
  let bytes = 0;

  const onData = (chunk: Buffer): void => {
    early.push(chunk);
    bytes += chunk.length;
    if (bytes > MOST_EARLY_BYTES) socket.pause();
  };
  const onEnd = (): void => {
    socket.destroy();
  };
  socket.on("data", onData);
  socket.once("end", onEnd);

  return () => {
    socket.removeListener("data", onData);
    socket.removeListener("end", onEnd);
    if (socket.destroyed) return false;
    if (early.length > 0) socket.unshift(Buffer.concat(early));
    if (bytes > MOST_EARLY_BYTES) socket.resume();
    return true;
  };
}
