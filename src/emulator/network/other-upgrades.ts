import type { IncomingMessage, Server } from "node:http";
import type { Duplex } from "node:stream";

/** `readOn` gives a socket back to its server, which reads further requests from it. */
export type Upgrade = (
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
  readOn: () => void,
) => void;

/**
 * Lets upgrades to WebSocket through to `upgrade`. All others, such as that to HTTP/2 which Java and
 * curl ask for on an unencrypted connection, a server may ignore: Node has left the request behind by
 * then, so it is read anew, without the wish. `read` is what makes the server read a socket.
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

/** The head of the request as it would have come from a client that wants nothing else. */
function withoutUpgrade({ method, url, httpVersion, rawHeaders }: IncomingMessage): string {
  const lines = [`${method} ${url} HTTP/${httpVersion}`];
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] ?? "";
    if (!OF_THE_UPGRADE.has(name.toLowerCase())) lines.push(`${name}: ${rawHeaders[at + 1]}`);
  }
  return `${lines.join("\r\n")}\r\n\r\n`;
}
