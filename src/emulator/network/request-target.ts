import type { IncomingMessage } from "node:http";

/**
 * Parses a request target that is a whole URL, as clients send it to a proxy: its host takes precedence over
 * the Host header.
 * @see https://www.rfc-editor.org/rfc/rfc9112#section-3.2.2
 */
export function readTarget(request: IncomingMessage): void {
  if (request.url?.startsWith("/")) return;
  const found = /^(?:https?|wss?):\/\/(?:[^/?#@]*@)?([^/?#]+)(.*)$/i.exec(request.url ?? "");
  if (found === null) return;
  const [, host = "", rest = ""] = found;
  request.url = rest.startsWith("/") ? rest : `/${rest}`;
  request.headers.host = host;
  const at = request.rawHeaders.findIndex((name, n) => n % 2 === 0 && /^host$/i.test(name));
  if (at === -1) request.rawHeaders.push("Host", host);
  else request.rawHeaders[at + 1] = host;
}
