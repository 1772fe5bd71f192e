import { type ServerResponse, STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import type { HttpAnswer } from "./rules/http-answer.ts";

/** Writes an answer in one go. */
export function writeAnswer(response: ServerResponse, answer: HttpAnswer): void {
  const headers: string[] = [];
  for (const name in answer.headers) headers.push(name, answer.headers[name] ?? "");
  if (answer.statusCode !== 204) {
    headers.push("Content-Length", String(Buffer.byteLength(answer.body)));
  }
  response.writeHead(answer.statusCode, headers);
  response.end(answer.body);
}

/**
 * Writes an answer to a socket that has left its HTTP server, and ends it. One of status 304 has no body:
 * a client would take it for the beginning of another answer.
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-15.4.5
 */
export function writeFinalAnswer(socket: Duplex, answer: HttpAnswer): void {
  const body = answer.statusCode === 304 ? "" : answer.body;
  const lines = [
    `HTTP/1.1 ${answer.statusCode} ${STATUS_CODES[answer.statusCode] ?? ""}`,
    `Date: ${new Date().toUTCString()}`,
    ...Object.entries(answer.headers).map(headerLine),
    `Content-Length: ${Buffer.byteLength(body)}`,
    "Connection: close",
  ];
  socket.on("error", () => {}); // the client has left before its answer
  socket.once("finish", () => socket.destroy());
  socket.end(`${lines.join("\r\n")}\r\n\r\n${body}`);
}

/** One header; a value from a handler cannot start another. */
export function headerLine([name, value]: readonly [string, string]): string {
  return `${name}: ${value.replace(/[\r\n]+/g, " ")}`;
}
