import type { IncomingMessage, Server } from "node:http";
import type { Duplex } from "node:stream";

/** `readOn` returns a socket to its server, which reads further requests from it. */
export type Upgrade = (
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
  readOn: () => void,
) => void;

/**
 * Passes WebSocket upgrades to `upgrade`. A server may ignore all others, such as the upgrade to HTTP/2 that
 * Java and curl request on an unencrypted connection. Node has left the request behind by then, so it is read
 * again without the upgrade. `read` makes the server read a socket.
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-7.8
 */
export function ignoreOtherUpgrades(
  server: Server,
  read: "connection" | "secureConnection",
  upgrade: Upgrade,
): (request: IncomingMessage, socket: Duplex, head: Buffer) => void {
  return (request, socket, head) => {
    const readOn = (): void => {
      server.emit(read, socket);
      socket.resume();
    };
    if (request.headers.upgrade?.toLowerCase() === "websocket") {
      return upgrade(request, socket, head, readOn);
    }
    socket.unshift(Buffer.concat([Buffer.from(withoutUpgrade(request), "latin1"), head]));
    readOn();
  };
}

const OF_THE_UPGRADE = new Set(["upgrade", "http2-settings", "connection"]);

/** The head of the request without the upgrade. */
function withoutUpgrade({ method, url, httpVersion, rawHeaders }: IncomingMessage): string {
  const lines = [`${method} ${url} HTTP/${httpVersion}`];
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] ?? "";
    if (!OF_THE_UPGRADE.has(name.toLowerCase())) lines.push(`${name}: ${rawHeaders[at + 1]}`);
  }
  return `${lines.join("\r\n")}\r\n\r\n`;
}
