import { type ServerResponse, STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import type { HttpAnswer } from "./rules/http-answer.ts";

/** Writes an answer in one go. */
export function writeAnswer(response: ServerResponse, answer: HttpAnswer): void {
  const connection = response.shouldKeepAlive ? "keep-alive" : "close";
  response.writeHead(answer.statusCode, wireHeaders(answer, connection).flat());
  response.end(answer.body);
}

/**
 * Writes an answer to a socket that has left its HTTP server, and has it read on by `readOn`; without that, or when
 * the answer says `close`, ends it. One of status 304 has no body: a client would take it for the beginning of
 * another answer.
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-15.4.5
 */
export function answerUpgrade(socket: Duplex, answer: HttpAnswer, readOn?: () => void): void {
  const body = answer.statusCode === 304 ? "" : answer.body;
  const headers = wireHeaders({ ...answer, body }, readOn === undefined ? "close" : "keep-alive");
  const lines = [
    `HTTP/1.1 ${answer.statusCode} ${STATUS_CODES[answer.statusCode] ?? ""}`,
    ...headers.map(headerLine),
  ];
  const bytes = `${lines.join("\r\n")}\r\n\r\n${body}`;
  if (readOn !== undefined && answer.headers.Connection !== "close") {
    socket.write(bytes);
    readOn();
    return;
  }
  socket.on("error", () => {}); // the client has left before its answer
  socket.once("finish", () => socket.destroy());
  socket.end(bytes);
}

type Header = readonly [name: string, value: string];

/** The headers of an answer in the order of API Gateway's: what every server says, then what is its own. */
function wireHeaders(
  { statusCode, headers, body }: HttpAnswer,
  connection: string,
): readonly Header[] {
  const { Server, "Content-Type": type, Connection = connection, ...others } = headers;
  const all: readonly (readonly [string, string | undefined])[] = [
    ["Server", Server],
    ["Date", new Date().toUTCString()],
    ["Content-Type", type],
    ["Content-Length", statusCode === 204 ? undefined : String(Buffer.byteLength(body))],
    ["Connection", Connection],
    ...Object.entries(others),
  ];
  return all.filter((header): header is Header => header[1] !== undefined);
}

/** One header; a value from a handler cannot start another. */
export function headerLine([name, value]: readonly [string, string]): string {
  return `${name}: ${value.replace(/[\r\n]+/g, " ")}`;
}
