import { WsgwError } from "../errors.ts";
import type { Closed, ReceivedFrame } from "./frames.ts";

/** Text unchanged, bytes as hexadecimal. */
export function asText(frame: ReceivedFrame): string {
  return frame.kind === "text" ? frame.text : frame.bytes.toString("hex");
}

/** The error for a connection that ended before an expected event. */
export function closedError(
  url: string,
  { code, reason }: Closed,
  during: string,
  received: readonly ReceivedFrame[],
): WsgwError {
  const how = reason === "" ? `${code}` : `${code} "${reason}"`;
  const message = `The connection to ${url} closed with ${how} ${during}; ${account(received.map(asText), "frames")}.`;
  return new WsgwError("CONNECTION_CLOSED", message);
}

/** The last received messages, for finding out why the next one is missing. */
export function account(received: readonly string[], noun: "frames" | "messages"): string {
  if (received.length === 0) return "it received nothing";
  const last = received.slice(-3).map((text) => JSON.stringify(text.slice(0, 200)));
  const earlier = received.length - last.length;
  return `received ${earlier > 0 ? `${earlier} ${noun}, then ` : ""}${last.join(", ")}`;
}
