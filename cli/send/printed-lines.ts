import type { ChalkInstance } from "chalk";
import type { Closed, ReceivedFrame } from "../../src/app.ts";
import { parseJson } from "../../src/values/json.ts";
import { harmless, printable } from "../terminal/control-characters.ts";
import { formatDuration, timeOfDay } from "../terminal/duration.ts";
import { hexLines } from "./binary-frames.ts";
import type { Attempt } from "./connector.ts";
import { explainFrame } from "./error-frame.ts";
import type { Peer } from "./peers.ts";
import { rejectionClause } from "./rejected-handshake.ts";
import { type Selection, selected } from "./select.ts";

/** How messages are shown. */
type Look = {
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

/** The lines of a received message for programs, each message after its time with `times`. */
export function plainLines(
  frame: ReceivedFrame,
  look: Look & { readonly times: boolean },
  sentAt: number | undefined,
): readonly string[] {
  const head = look.times ? `${new Date().toISOString()}${sinceText(sentAt)} ` : "";
  return frameLines(frame, look).map((line, index) => (index === 0 ? head + line : line));
}

/** The lines of a received message in a session: with its meaning and kind at a terminal, else unchanged. */
export function sessionLines(
  frame: ReceivedFrame,
  { sentAt, connected }: Pick<Peer, "sentAt" | "connected">,
  look: Look & { readonly times: boolean; readonly prefix: string; readonly paint: ChalkInstance },
): readonly string[] {
  const { onTerminal, paint, prefix } = look;
  const stamp = `${timeOfDay(Date.now())}${sinceText(sentAt)}`;
  const time = look.times ? `${paint.dim(stamp)} ` : "";
  const [first, ...rest] = frameLines(frame, look);
  if (!onTerminal) return first === undefined ? [] : [`${time}${first}`, ...rest];
  const bytes = frame.kind === "binary" ? frame.bytes.length : Buffer.byteLength(frame.text);
  if (first === undefined) {
    return [`${prefix}${paint.cyan("<")} ${paint.dim(`nothing selected, ${bytes} bytes`)}`];
  }
  const meaning = frame.kind === "text" ? explainFrame(frame.text) : undefined;
  const note = frame.kind === "binary" ? paint.dim(`  binary, ${bytes} bytes`) : "";
  const body = meaning === undefined ? first : paint.red(first);
  const traced = meaning !== undefined && connected?.gateway !== undefined;
  return [
    `${prefix}${time}${paint.cyan("<")} ${body}${note}`,
    ...rest.map((line) => `  ${line}`),
    ...(meaning === undefined ? [] : [paint.dim(`  ${meaning}`)]),
    ...(traced ? [paint.dim("  /trace shows the cause.")] : []),
  ];
}

/** The time since the last message was sent. */
function sinceText(sentAt: number | undefined): string {
  return sentAt === undefined ? "" : ` +${formatDuration(performance.now() - sentAt)}`;
}

/** A message as lines; empty if nothing of it is selected. */
function frameLines(frame: ReceivedFrame, look: Look): readonly string[] {
  if (frame.kind === "binary") return hexLines(frame.bytes);
  const text = selected(frame.text, look.select);
  if (text === undefined) return [];
  const lines = (look.pretty ? pretty(text, look.width) : text).split("\n");
  return look.onTerminal || look.pretty ? lines.map(printable) : lines;
}

function pretty(text: string, width: number): string {
  if (text.length <= width && !text.includes("\n")) return text;
  const value = parseJson(text)?.value;
  const isObject = typeof value === "object" && value !== null;
  return isObject ? harmless(JSON.stringify(value, undefined, 2)) : text;
}

/** Either side closed a connection. */
export function closeLine(closed: Closed, by: "us" | "peer"): string {
  return `${howClosed(closed, by)}.`;
}

/** The other side closed a connection, which reconnects after this many ms. */
export function lostLine(closed: Closed, delayMs: number): string {
  return `${howClosed(closed, "peer")}; reconnecting in ${formatDuration(delayMs)}.`;
}

/** A reconnect failed; the next follows after this many ms, or never. */
export function stillLostLine(why: Attempt | Error, delayMs: number | undefined): string {
  const next = delayMs === undefined ? "giving up" : `again in ${formatDuration(delayMs)}`;
  return `${failure(why)}; ${next}.`;
}

function failure(why: Attempt | Error): string {
  if (!("kind" in why)) return printable(why.message.replace(/\.$/, ""));
  if (why.kind === "open") return "";
  return rejectionClause(why);
}

/** How a connection ended, with code and reason. */
function howClosed({ code, reason }: Closed, by: "us" | "peer"): string {
  if (code === 1006) return "The connection was lost (1006, no close frame)";
  const why = reason === "" ? "" : ` ${JSON.stringify(reason)}`;
  const how = code === 1005 ? "without a code (1005)" : `with ${code}${why}`;
  return by === "us" ? `Closed ${how}` : `The gateway closed the connection ${how}`;
}

export function roundTrips(times: readonly number[]): string {
  const [least, most] = [Math.min(...times), Math.max(...times)];
  const mean = times.reduce((sum, ms) => sum + ms, 0) / times.length;
  const [a, b, c] = [least, mean, most].map((ms) => ms.toFixed(1));
  return `${times.length} pings: ${a} ms at least, ${b} ms on average, ${c} ms at most`;
}
