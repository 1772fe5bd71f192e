import type { Library } from "./library.ts";
import { printable } from "./text.ts";

type Client = Extract<Awaited<ReturnType<Library["openClient"]>>, { kind: "open" }>["client"];
export type ReceivedFrame = Client["received"][number];
export type Closed = Awaited<Client["closed"]>;

/** A received message as one text: bytes in hexadecimal; harmless when a terminal shows it. */
export function showFrame(frame: ReceivedFrame, onTerminal: boolean): string {
  if (frame.kind === "binary") return frame.bytes.toString("hex");
  return onTerminal ? frame.text.split("\n").map(printable).join("\n") : frame.text;
}

/** How a connection ended, with code and reason. */
export function describeClosed({ code, reason }: Closed, by: "us" | "peer"): string {
  if (code === 1006) return "The connection was lost (1006, no close frame)";
  const why = reason === "" ? "" : ` ${JSON.stringify(reason)}`;
  const how = code === 1005 ? "without a code (1005)" : `with ${code}${why}`;
  return by === "us" ? `Closed ${how}` : `The gateway closed the connection ${how}`;
}
