import type { Closed, ReceivedFrame } from "../../src/app.ts";
import { parseJson } from "../../src/values/json.ts";
import { harmless, printable } from "../terminal/text.ts";
import type { Selection } from "./select.ts";

/** How messages are shown. */
export type Look = {
  /** Shows only a part of JSON. */
  readonly select: Selection | undefined;
  /** Indents JSON that is longer than `width`. */
  readonly pretty: boolean;
  readonly width: number;
  /**
   * Whether a terminal shows it, so that control characters must be removed; this also applies to pretty
   * output.
   */
  readonly onTerminal: boolean;
};

/** A message as lines; empty if nothing of it is selected. */
export function frameLines(frame: ReceivedFrame, look: Look): readonly string[] {
  if (frame.kind === "binary") return hexLines(frame.bytes);
  const text = selected(frame.text, look.select);
  if (text === undefined) return [];
  const lines = (look.pretty ? pretty(text, look.width) : text).split("\n");
  return look.onTerminal || look.pretty ? lines.map(printable) : lines;
}

/** Selected strings have no quotes, for shells. */
function selected(text: string, selection: Selection | undefined): string | undefined {
  if (selection === undefined) return text;
  const value = selection.select(parseJson(text)?.value);
  if (value === null || value === undefined) return undefined;
  return typeof value === "string" ? value : JSON.stringify(value);
}

function pretty(text: string, width: number): string {
  if (text.length <= width && !text.includes("\n")) return text;
  const value = parseJson(text)?.value;
  const isObject = typeof value === "object" && value !== null;
  return isObject ? harmless(JSON.stringify(value, undefined, 2)) : text;
}

const SHORT_BYTES = 32;
const ROW_BYTES = 16;

/** A few bytes as hexadecimal; more in rows of sixteen, with offset and text. */
function hexLines(bytes: Buffer): readonly string[] {
  if (bytes.length <= SHORT_BYTES) return [bytes.toString("hex")];
  return Array.from({ length: Math.ceil(bytes.length / ROW_BYTES) }, (_, row) => {
    const part = bytes.subarray(row * ROW_BYTES, (row + 1) * ROW_BYTES);
    const hex = part.toString("hex").replace(/(..)(?=.)/g, "$1 ");
    const text = part.toString("latin1").replace(/[^ -~]/g, ".");
    const place = (row * ROW_BYTES).toString(16).padStart(8, "0");
    return `${place}  ${hex.padEnd(ROW_BYTES * 3 - 1)}  ${text}`;
  });
}

/** A received message as one string, for scripts: bytes in hexadecimal. */
export function frameText(frame: ReceivedFrame): string {
  return frame.kind === "binary" ? frame.bytes.toString("hex") : frame.text;
}

/** How a connection ended, with code and reason. */
export function describeClosed({ code, reason }: Closed, by: "us" | "peer"): string {
  if (code === 1006) return "The connection was lost (1006, no close frame)";
  const why = reason === "" ? "" : ` ${JSON.stringify(reason)}`;
  const how = code === 1005 ? "without a code (1005)" : `with ${code}${why}`;
  return by === "us" ? `Closed ${how}` : `The gateway closed the connection ${how}`;
}
