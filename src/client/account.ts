import { WsgwError } from "../errors.ts";
import type { Closed, ReceivedFrame } from "./client.ts";

/** A text as it is, bytes as hexadecimal. */
export function asText(frame: ReceivedFrame): string {
  return frame.kind === "text" ? frame.text : frame.bytes.toString("hex");
}

/** What is said when a connection has ended before what was wanted of it. */
export function closedError(
  url: string,
  { code, reason }: Closed,
  during: string,
  received: readonly ReceivedFrame[],
): WsgwError {
  const how = reason === "" ? `${code}` : `${code} "${reason}"`;
  const message = `The connection to ${url} closed with ${how} ${during}; ${account(received)}.`;
  return new WsgwError("CONNECTION_CLOSED", message);
}

/** The last frames, for someone who wonders why the next one does not come. */
export function account(received: readonly ReceivedFrame[]): string {
  if (received.length === 0) return "nothing was received";
  const last = received.slice(-3).map((frame) => JSON.stringify(asText(frame).slice(0, 200)));
  const earlier = received.length - last.length;
  return `received ${earlier > 0 ? `${earlier} frames, then ` : ""}${last.join(", ")}`;
}
