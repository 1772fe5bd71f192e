import { once } from "node:events";
import { Agent, get as getPlain } from "node:http";
import { get as getSecure } from "node:https";
import { type AddressInfo, connect, createServer, Server } from "node:net";
import { networkInterfaces } from "node:os";
import { connect as connectSecure } from "node:tls";
import { expect, onTestFinished, test, vi } from "vitest";
import { createManualClock } from "../../../src/clock.ts";
import { loadCertificates } from "../../../src/emulator/network/certificates/certificates.ts";
import { type Port, startPort } from "../../../src/emulator/network/port.ts";
import { openSocket, readUntil } from "../servers.ts";

const certificates = loadCertificates({ stateDir: undefined, now: Date.now() });

/** A port that answers every request with its path. */
async function open(
  host = "127.0.0.1",
  port = 0,
  limits: Pick<Parameters<typeof startPort>[0], "clock" | "headMs"> = {},
): Promise<Port> {
  const opened = await startPort({ host, port, certificates, ...limits });
  onTestFinished(() => opened.stop());
  return opened;
}

function serveEcho(port: Port): Port {
  port.serve({
    request: (request, response) => {
      response.setHeader("X-Socket", String(request.socket.remotePort));
      response.end(request.url);
    },
    upgrade: (_, socket) => socket.destroy(),
  });
  return port;
}

type Answer = { body: string; headers: NodeJS.Dict<string | string[]> };

function fetched(scheme: "http" | "https", port: number, agent?: Agent): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const get = scheme === "http" ? getPlain : getSecure;
    const options = { ca: certificates.caPem, ...(agent !== undefined && { agent }) };
    get(`${scheme}://localhost:${port}/path`, options, async (response) => {
      let body = "";
      for await (const chunk of response) body += chunk;
      resolve({ body, headers: response.headers });
    }).on("error", reject);
  });
}

test.each(["http", "https"] as const)("answers %s", async (scheme) => {
  const { port } = serveEcho(await open());

  expect((await fetched(scheme, port)).body).toBe("/path");
});

test("reads its certificate only for the first client that speaks TLS", async () => {
  const standard = vi.fn(() => certificates.standard);
  const watched = {
    ...certificates,
    get standard() {
      return standard();
    },
  };
  const opened = await startPort({ host: "127.0.0.1", port: 0, certificates: watched });
  onTestFinished(() => opened.stop());
  const { port } = serveEcho(opened);

  await fetched("http", port);
  expect(standard).not.toHaveBeenCalled();

  const answers = [await fetched("https", port), await fetched("https", port)];
  expect(answers.map(({ body }) => body)).toEqual(["/path", "/path"]);
  const calls = standard.mock.calls.length;
  await fetched("https", port);
  expect(standard).toHaveBeenCalledTimes(calls);
});

test("answers many clients of both kinds at once", async () => {
  const { port } = serveEcho(await open());

  const answers = await Promise.all(
    Array.from({ length: 100 }, (_, at) => fetched(at % 2 === 0 ? "http" : "https", port)),
  );

  expect(answers.map((answer) => answer.body)).toEqual(new Array(100).fill("/path"));
});

test.each([1, 2, 5])("knows TLS from plain when the first %i bytes come alone", async (count) => {
  const { port } = serveEcho(await open());
  const socket = await openSocket(port);
  const request = "GET /path HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
  socket.setNoDelay();

  socket.write(request.slice(0, count));
  await fetched("http", port); // by now the first bytes have been looked at
  socket.write(request.slice(count));

  expect(await readUntil(socket, "/path")).toContain("HTTP/1.1 200");
});

test("keeps an idle connection for as long as its client does", async () => {
  const { port } = serveEcho(await open());
  const agent = new Agent({ keepAlive: true });
  onTestFinished(() => agent.destroy());

  const first = await fetched("http", port, agent);
  const second = await fetched("http", port, agent);

  expect(second.headers["x-socket"]).toBe(first.headers["x-socket"]);
  expect(first.headers.connection).toBe("keep-alive");
  expect(first.headers["keep-alive"]).toBeUndefined();
});

test("leaves the limits of a socket to who serves it once its first byte has come", async () => {
  const limits: (number | undefined)[] = [];
  const opened = await open();
  opened.serve({
    request: ({ socket }, response) => {
      limits.push(socket.timeout);
      response.setTimeout(1, () => response.end("late"));
    },
    upgrade: (_, socket) => socket.destroy(),
  });

  expect((await fetched("http", opened.port)).body).toBe("late");
  expect(limits).toEqual([undefined]);
});

test("answers what came in before anybody served", async () => {
  const opened = await open();
  const early = fetched("http", opened.port);
  const socket = await openSocket(opened.port);

  serveEcho(opened);

  expect((await early).body).toBe("/path");
  socket.destroy();
});

test("takes pipelined requests", async () => {
  const { port } = serveEcho(await open());
  const socket = await openSocket(port);

  socket.write("GET /one HTTP/1.1\r\nHost: a\r\n\r\nGET /two HTTP/1.1\r\nHost: a\r\n\r\n");

  expect(await readUntil(socket, "/two")).toMatch(/\/one[\s\S]*\/two/);
});

test("answers a client that closes its side after the request", async () => {
  const { port } = serveEcho(await open());
  const socket = await openSocket(port);

  socket.end("GET /path HTTP/1.1\r\nHost: a\r\n\r\n");

  expect(await readUntil(socket, "/path")).toContain("/path");
});

const CLIENT_HELLO = Buffer.from([0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3]);

test.each([
  ["says nothing", Buffer.alloc(0)],
  ["does not finish its TLS handshake", CLIENT_HELLO],
])("cuts a client that %s for a minute, also when it goes on sending", async (_, first) => {
  const clock = createManualClock(0);
  const { port } = serveEcho(await open("127.0.0.1", 0, { clock }));
  const slow = await openSocket(port);
  slow.resume();
  slow.write(first);
  await fetched("http", port); // by now it is known
  clock.advance(59_000);
  if (first.length > 0) slow.write(Buffer.of(1));
  await fetched("https", port);
  expect(slow.readableEnded).toBe(false);

  clock.advance(1_000);

  await once(slow, "close");
  expect((await fetched("https", port)).body).toBe("/path");
});

test("leaves clients alone that have made themselves known, whatever the time", async () => {
  const clock = createManualClock(0);
  const { port } = serveEcho(await open("127.0.0.1", 0, { clock }));
  const plain = await openSocket(port);
  const secure = connectSecure({
    port,
    host: "127.0.0.1",
    ca: certificates.caPem,
    servername: "localhost",
  });
  onTestFinished(() => void secure.destroy());
  await once(secure, "secureConnect");
  const request = "GET /path HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
  plain.write(request.slice(0, 1));
  await fetched("http", port);

  clock.advance(3_600_000);
  plain.write(request.slice(1));
  secure.write(request);

  expect(await readUntil(plain, "/path")).toContain("HTTP/1.1 200");
  expect(await readUntil(secure, "/path")).toContain("HTTP/1.1 200");
});

test.each(["http", "https"])(
  "answers 408 by %s when the head of a request takes too long",
  async (scheme) => {
    const { port } = serveEcho(await open("127.0.0.1", 0, { headMs: 50 }));
    const options = { port, host: "127.0.0.1", ca: certificates.caPem, servername: "localhost" };
    const socket = scheme === "http" ? await openSocket(port) : connectSecure(options);
    onTestFinished(() => void socket.destroy());
    socket.write("GET /one HTTP/1.1\r\nHost: localhost\r\n\r\nGET /two HTTP/1.1\r\nX-Slow: ");

    expect(await readUntil(socket, "\r\n\r\nnever")).toMatch(/\/oneHTTP\/1.1 408 Request Timeout/);
  },
);

test("lets a client go that leaves within its TLS handshake", async () => {
  const { port } = serveEcho(await open());
  const socket = await openSocket(port);

  socket.end(CLIENT_HELLO);

  socket.resume();
  await once(socket, "close");
});

test("serves others while 2,000 clients say nothing", { tags: ["journey"] }, async () => {
  const { port } = serveEcho(await open());
  await Promise.all(Array.from({ length: 2_000 }, () => openSocket(port)));

  expect((await fetched("http", port)).body).toBe("/path");
  expect((await fetched("https", port)).body).toBe("/path");
});

test("lets a client go that says nothing and closes its side", async () => {
  const { port } = serveEcho(await open());
  const socket = await openSocket(port);

  socket.end();

  socket.resume();
  await once(socket, "close");
});

test("stops at once with idle, silent, half-open and half-shaken connections", async () => {
  const opened = serveEcho(await open());
  const silent = await openSocket(opened.port);
  const halfShaken = await openSocket(opened.port);
  halfShaken.write(Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00]));
  const halfSent = await openSocket(opened.port);
  halfSent.write("GET / HT");
  const secure = connectSecure({ port: opened.port, host: "127.0.0.1", ca: certificates.caPem });
  secure.on("error", () => {});
  await once(secure, "secureConnect");
  const agent = new Agent({ keepAlive: true });
  await fetched("http", opened.port, agent);
  const closes = [silent, halfShaken, halfSent, secure].map((socket) => once(socket, "close"));

  await opened.stop();
  await opened.stop();

  await Promise.all(closes);
  agent.destroy();
  await expect(fetched("http", opened.port)).rejects.toMatchObject({ code: "ECONNREFUSED" });
});

test("says which port on which host is in use", async () => {
  const { port } = await open();

  await expect(open("127.0.0.1", port)).rejects.toMatchObject({
    code: "PORT_IN_USE",
    message: `Port ${port} on 127.0.0.1 is in use.`,
  });
});

/** Containers often have none. */
const lacksIpv6 = !Object.values(networkInterfaces())
  .flat()
  .some((own) => own?.address === "::1");

test.skipIf(lacksIpv6)("clients that take localhost for ::1 are answered too", async () => {
  const port = serveEcho(await open());

  const answer = await fetch(`http://[::1]:${port.port}/path`);

  expect(await answer.text()).toBe("/path");
});

test.skipIf(lacksIpv6)("a port that another server has on ::1 is in use", async () => {
  const other = createServer();
  await once(other.listen(0, "::1"), "listening");
  onTestFinished(() => void other.close());
  const { port } = other.address() as AddressInfo;

  await expect(open("127.0.0.1", port)).rejects.toMatchObject({
    code: "PORT_IN_USE",
    message: `Port ${port} on ::1 is in use.`,
  });

  // What was opened before is closed again.
  await expect(fetch(`http://127.0.0.1:${port}/`)).rejects.toThrow();
});

test.skipIf(lacksIpv6)(
  "does not wait for a client that came before ::1 was found in use",
  async () => {
    const other = createServer();
    await once(other.listen(0, "::1"), "listening");
    onTestFinished(() => void other.close());
    const { port } = other.address() as AddressInfo;
    const { listen } = Server.prototype;
    const client = { isGone: false };
    vi.spyOn(Server.prototype, "listen").mockImplementation(function (this: Server, ...where) {
      if (where.at(1) !== "::1") return listen.apply(this, where);
      const early = connect(port, "127.0.0.1", () => listen.apply(this, where));
      early.on("close", () => {
        client.isGone = true;
      });
      early.resume();
      early.on("error", () => {});
      return this;
    });
    onTestFinished(() => void vi.restoreAllMocks());

    await expect(open("127.0.0.1", port)).rejects.toMatchObject({ code: "PORT_IN_USE" });

    await expect.poll(() => client.isGone).toBe(true);
  },
);

test("nothing listens on ::1 for a host of another kind", async () => {
  const { port } = await open("127.0.0.2");

  await expect(fetch(`http://[::1]:${port}/`)).rejects.toThrow();
});

test("takes the next port where it may, if one is in use", async () => {
  const first = await open();

  const next = await startPort({ host: "127.0.0.1", port: first.port, orNext: true, certificates });
  onTestFinished(() => next.stop());

  expect(next.port).toBeGreaterThan(first.port);
});

test("takes the port itself where the next would do, if it is free", async () => {
  const { port, stop } = await open();
  await stop();

  const again = await startPort({ host: "127.0.0.1", port, orNext: true, certificates });
  onTestFinished(() => again.stop());

  expect(again.port).toBe(port);
});

test.each([
  ["http://api.example:80/path?a=1", "api.example:80 /path?a=1"],
  ["HTTPS://api.example/path", "api.example /path"],
  ["http://user:word@api.example?a=1", "api.example /?a=1"],
  ["http://api.example", "api.example /"],
  ["/http://api.example/path", "h /http://api.example/path"],
])("reads the target %s as if host and path came apart", async (target, expected) => {
  const port = await open();
  port.serve({
    request({ headers, rawHeaders, url }, response) {
      response.end(rawHeaders.includes(`${headers.host}`) ? `${headers.host} ${url}` : "");
    },
    upgrade: ({ headers, url }, socket) => socket.end(`${headers.host} ${url}`),
  });
  const socket = await openSocket(port.port);

  socket.write(`GET ${target} HTTP/1.1\r\nHost: h\r\n\r\n`);
  expect(await readUntil(socket, expected)).toContain(`\r\n\r\n${expected}`);

  socket.write(
    `GET ${target.replace("http", "ws")} HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`,
  );
  const ofUpgrade = expected.replace("/http:", "/ws:");
  expect(await readUntil(socket, ofUpgrade)).toContain(ofUpgrade);
});

test("cannot listen on an address of another machine", async () => {
  await expect(open("192.0.2.1")).rejects.toMatchObject({
    code: "HOST_UNUSABLE",
    message:
      "Nothing can listen on 192.0.2.1:0: this machine does not have that address (EADDRNOTAVAIL).",
  });
});

test.each(["http", "https"] as const)(
  "ignores a wish for another protocol than WebSocket, over %s, and reads on behind the request",
  async (scheme) => {
    const port = await open();
    port.serve({
      async request(request, response) {
        let body = "";
        for await (const chunk of request) body += chunk;
        const names = request.rawHeaders.filter((_, at) => at % 2 === 0);
        response.end(`<${request.method} ${names} ${body}>`);
      },
      upgrade: (_, socket) => socket.destroy(),
    });
    const socket =
      scheme === "http"
        ? await openSocket(port.port)
        : connectSecure({ port: port.port, host: "localhost", ca: certificates.caPem });
    onTestFinished(() => {
      socket.destroy();
    });

    socket.write(
      "POST /v1 HTTP/1.1\r\nHost: h\r\nX-Own: 1\r\nConnection: Upgrade, HTTP2-Settings\r\n" +
        "Upgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\nContent-Length: 5\r\n\r\nhelloGET / HTTP/1.1\r\nHost: h\r\n\r\n",
    );

    const answers = await readUntil(socket, "<GET Host >");
    expect(answers).toContain("<POST Host,X-Own,Content-Length hello>");
  },
);
