import { createServer } from "node:http";
import { connect } from "node:net";
import { listen } from "../../listen.ts";

export type Proxy = {
  readonly url: string;
  /** `host:port` of each CONNECT, and the credentials that came with it. */
  readonly asked: readonly (readonly [authority: string, credentials: string | undefined])[];
};

/**
 * An HTTP proxy that ends with the test. It knows every host name for this machine, as a proxy knows
 * names that its clients need not know; `status` is how it answers, "200 OK" if it lets through.
 */
export async function proxyServer(status = "200 OK"): Promise<Proxy> {
  const asked: [string, string | undefined][] = [];
  const proxy = createServer().on("connect", (request, socket) => {
    const authority = String(request.url);
    asked.push([authority, request.headers["proxy-authorization"]]);
    socket.on("error", () => {}); // the client may leave at any time
    if (status !== "200 OK") {
      socket.end(`HTTP/1.1 ${status}\r\nContent-Length: 4\r\n\r\nnope`);
      return;
    }
    const onward = connect(Number(authority.split(":").at(-1)), "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 OK\r\n\r\n");
      onward.pipe(socket).pipe(onward);
    });
    onward.on("error", () => socket.destroy());
    socket.on("close", () => onward.destroy());
  });
  return { url: `http://127.0.0.1:${await listen(proxy)}`, asked };
}
