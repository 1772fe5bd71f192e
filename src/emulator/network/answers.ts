import { type ServerResponse, STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import type { HttpAnswer } from "./rules/http-answer.ts";

/** Writes a response in one write. */
export function writeAnswer(response: ServerResponse, answer: HttpAnswer): void {
  const connection = response.shouldKeepAlive ? "keep-alive" : "close";
  response.writeHead(answer.statusCode, wireHeaders(answer, connection));
  response.end(answer.body);
}

/** Answers with JSON. */
export function writeJson(response: ServerResponse, value: object): void {
  const headers = { "Content-Type": "application/json" };
  writeAnswer(response, { statusCode: 200, headers, body: JSON.stringify(value) });
}

/**
 * Writes a response to a socket that has left its HTTP server, and passes the socket to `readOn`. Without
 * `readOn`, or with `close` in the response, it ends the socket. A 304 has no body: a client would read that
 * as another response.
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-15.4.5
 */
export function answerUpgrade(socket: Duplex, answer: HttpAnswer, readOn?: () => void): void {
  const body = answer.statusCode === 304 ? "" : answer.body;
  const headers = wireHeaders({ ...answer, body }, readOn === undefined ? "close" : "keep-alive");
  const lines = [`HTTP/1.1 ${answer.statusCode} ${STATUS_CODES[answer.statusCode] ?? ""}`];
  for (let at = 0; at < headers.length; at += 2) {
    lines.push(headerLine([headers[at] ?? "", headers[at + 1] ?? ""]));
  }
  const bytes = `${lines.join("\r\n")}\r\n\r\n${body}`;
  if (readOn !== undefined && answer.headers.Connection !== "close") {
    socket.write(bytes);
    readOn();
    return;
  }
  socket.on("error", () => {}); // the client has left before the response
  socket.once("finish", () => socket.destroy());
  socket.end(bytes);
}

/** Headers with a fixed place before all others. */
const FIRST: ReadonlySet<string> = new Set(["Server", "Content-Type", "Connection"]);

/**
 * The headers of a response, names and values alternating, in API Gateway's order: first those of every
 * server, then its own. This runs for every post, so it creates no intermediate objects.
 */
function wireHeaders({ statusCode, headers, body }: HttpAnswer, connection: string): string[] {
  const all: string[] = [];
  if (headers.Server !== undefined) all.push("Server", headers.Server);
  all.push("Date", httpDate());
  const type = headers["Content-Type"];
  if (type !== undefined) all.push("Content-Type", type);
  if (statusCode !== 204) all.push("Content-Length", String(Buffer.byteLength(body)));
  all.push("Connection", headers.Connection ?? connection);
  for (const name in headers) if (!FIRST.has(name)) all.push(name, headers[name] ?? "");
  return all;
}

let formatted = { second: Number.NaN, text: "" };

/** The time as headers have it, formatted once a second. */
function httpDate(): string {
  const second = Math.floor(Date.now() / 1000);
  if (second !== formatted.second)
    formatted = { second, text: new Date(second * 1000).toUTCString() };
  return formatted.text;
}

/** One header line; prevents a handler's value from starting another header. */
export function headerLine([name, value]: readonly [string, string]): string {
  return `${name}: ${value.replace(/[\r\n]+/g, " ")}`;
}
