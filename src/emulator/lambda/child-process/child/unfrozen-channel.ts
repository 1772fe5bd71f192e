import { Socket } from "node:net";
import { createFrameReader } from "../protocol.ts";
import { type Frame, leave } from "./channel.ts";

const FD = 3;

/**
 * Reads frames without blocking. While you debug nothing is frozen, so that the inspector can answer while the
 * process waits. `begun` was read before. The channel keeps the process alive only while code waits for a frame.
 */
export function createUnfrozenChannel(begun: Buffer): (take: (frame: Frame) => void) => void {
  const come: Frame[] = [];
  let taker: ((frame: Frame) => void) | undefined;
  const socket = new Socket({ fd: FD, readable: true, writable: false });
  const read = createFrameReader((kind, body) => {
    come.push({ kind, body });
    give();
  });
  socket.on("data", read);
  socket.on("error", leave);
  socket.on("end", leave);
  socket.unref();
  read(begun);

  return (take) => {
    taker = take;
    socket.ref();
    give();
  };

  function give(): void {
    if (taker === undefined) return;
    const frame = come.shift();
    if (frame === undefined) return;
    const take = taker;
    taker = undefined;
    socket.unref();
    take(frame);
  }
}
