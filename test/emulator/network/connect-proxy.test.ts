import { once } from "node:events";
import { createServer as createHttpServer, get, type IncomingMessage, request } from "node:http";
import { createServer as createSecureServer } from "node:https";
import { createServer, type Socket } from "node:net";
import { connect as connectTls, type TLSSocket } from "node:tls";
import { expect, onTestFinished, test } from "vitest";
import { loadCertificates } from "../../../src/emulator/network/certificates/certificates.ts";
import { type Lead, startConnectProxy } from "../../../src/emulator/network/connect-proxy.ts";
import { listen } from "../../listen.ts";

async function start(lead: (host: string, port: number) => Lead = () => ({ kind: "straight" })) {
  const proxy = await startConnectProxy(lead);
  onTestFinished(() => proxy.stop());
  return proxy;
}

/** Asks the proxy for a connection, as every client does. */
async function ask(proxy: string, authority: string) {
  const { hostname, port } = new URL(proxy);
  const asking = request({ host: hostname, port, method: "CONNECT", path: authority }).end();
  const [response, socket] = (await once(asking, "connect")) as [IncomingMessage, Socket, Buffer];
  onTestFinished(() => void socket.destroy());
  return { status: response.statusCode, socket };
}

async function textOf(stream: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

test("a connection is led elsewhere, and TLS goes from end to end", async () => {
  const certificates = loadCertificates({ stateDir: undefined, now: Date.now() });
  const { certificate: cert, key } = certificates.standard;
  const SNICallback = (
    name: string,
    done: (error: null, context: ReturnType<typeof certificates.secureContext>) => void,
  ) => done(null, certificates.secureContext(name));
  const home = createSecureServer({ cert, key, SNICallback }, ({ headers, socket }, response) => {
    response.end(`${headers.host} ${(socket as TLSSocket & { servername: string }).servername}`);
  });
  const port = await listen(home);
  const asked: unknown[] = [];
  const proxy = await start((...target) => {
    asked.push(target);
    return { kind: "to", host: "127.0.0.1", port };
  });
  const host = "a1b2c3.execute-api.eu-west-1.amazonaws.com";

  const { status, socket } = await ask(proxy.url, `${host}:443`);
  const secure = connectTls({ socket, servername: host, ca: certificates.caPem });
  secure.write(`GET / HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);

  expect(await textOf(secure)).toMatch(new RegExp(`${host} ${host}`));
  expect(status).toBe(200);
  expect(asked).toEqual([[host, 443]]);
});

test("everything else passes untouched, both ways and each way's end for itself", async () => {
  const received: Buffer[] = [];
  const far = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on("data", (chunk) => received.push(chunk));
    socket.on("end", () => socket.end(Buffer.from([3, 4, 255])));
  });
  const port = await listen(far);
  const proxy = await start();

  const { socket } = await ask(proxy.url, `127.0.0.1:${port}`);
  socket.end(Buffer.from([0, 1, 254]));
  const chunks: Buffer[] = [];
  socket.on("data", (chunk: Buffer) => chunks.push(chunk));
  await once(socket, "end");

  expect(Buffer.concat(received)).toEqual(Buffer.from([0, 1, 254]));
  expect(Buffer.concat(chunks)).toEqual(Buffer.from([3, 4, 255]));
});

test.each([
  ["is refused", "s3.amazonaws.com:443", 403],
  ["leads to nobody", "127.0.0.1:1", 502],
  ["is none", "127.0.0.1", 400],
])("a target that %s is answered %s", async (_, authority, expected) => {
  const proxy = await start((host) =>
    host.endsWith("amazonaws.com")
      ? { kind: "rejected", message: "stopped" }
      : { kind: "straight" },
  );

  const { status } = await ask(proxy.url, authority);

  expect(status).toBe(expected);
});

test("a refusal says why", async () => {
  const proxy = await start(() => ({ kind: "rejected", message: "wsgw stopped it" }));
  const { hostname, port } = new URL(proxy.url);
  const client = (await import("node:net")).connect(Number(port), hostname);
  client.write("CONNECT s3.amazonaws.com:443 HTTP/1.1\r\nHost: s3.amazonaws.com:443\r\n\r\n");

  expect(await textOf(client)).toMatch(
    /^HTTP\/1\.1 403 Forbidden\r\n[\s\S]*\r\n\r\nwsgw stopped it\n$/,
  );
});

/** Sends a plain request by the proxy, as every client does. */
async function send(proxy: string, url: string, headers: Record<string, string>, body = "") {
  const { hostname, port } = new URL(proxy);
  const sending = request({ host: hostname, port, method: "POST", path: url, headers }).end(body);
  const [response] = (await once(sending, "response")) as [IncomingMessage];
  return { response, text: await textOf(response) };
}

test.each([
  [
    "http://dynamodb.eu-west-1.amazonaws.com/a/../b?c=%7B",
    "dynamodb.eu-west-1.amazonaws.com",
    80,
    "/a/../b?c=%7B",
  ],
  ["http://example.com:8080?q", "example.com:8080", 8080, "/?q"],
  ["HTTP://user:word@example.com", "example.com", 80, "/"],
])("a plain request is led elsewhere as it is: %s", async (url, host, asPort, path) => {
  const seen: unknown[] = [];
  const home = createHttpServer(async (incoming, response) => {
    const { connection: _, ...headers } = incoming.headers;
    seen.push({ url: incoming.url, headers, body: await textOf(incoming) });
    response.writeHead(418, "Teapot", { "X-Amzn-ErrorType": "A", "set-cookie": ["a=1", "b=2"] });
    response.end("brewed");
  });
  const port = await listen(home);
  const asked: unknown[] = [];
  const proxy = await start((...target) => {
    asked.push(target);
    return { kind: "to", host: "127.0.0.1", port };
  });

  const { response, text } = await send(
    proxy.url,
    url,
    {
      Host: "other",
      "X-Own": "1",
      "Proxy-Authorization": "secret",
      Connection: "X-Hop",
      "X-Hop": "2",
      "Content-Length": "4",
    },
    "body",
  );

  expect(asked).toEqual([[host.replace(/:.*/, ""), asPort]]);
  expect(seen).toEqual([
    { url: path, headers: { host, "x-own": "1", "content-length": "4" }, body: "body" },
  ]);
  expect([response.statusCode, response.statusMessage, text]).toEqual([418, "Teapot", "brewed"]);
  expect(response.headers).toMatchObject({ "x-amzn-errortype": "A", "set-cookie": ["a=1", "b=2"] });
});

test("a plain request without a length goes straight where nothing else is said", async () => {
  const port = await listen(
    createHttpServer(async (incoming, response) => void response.end(await textOf(incoming))),
  );
  const proxy = await start();

  const chunked = { "Transfer-Encoding": "chunked" };
  const { text } = await send(proxy.url, `http://127.0.0.1:${port}/`, chunked, "in chunks");

  expect(text).toBe("in chunks");
});

test.each([
  [{ kind: "rejected", message: "wsgw stopped it" }, 403, "wsgw stopped it\n"],
  [
    { kind: "to", host: "127.0.0.1", port: 1 },
    502,
    "127.0.0.1:1 is unreachable: nothing listens on that port (ECONNREFUSED)\n",
  ],
] as const)("a plain request that cannot be passed on says why: %j", async (lead, status, text) => {
  const proxy = await start(() => lead);

  const answer = await send(proxy.url, "http://sqs.us-east-1.amazonaws.com/", {});

  expect([answer.response.statusCode, answer.text]).toEqual([status, text]);
});

test("answers a request other than CONNECT with 405", async () => {
  const proxy = await start();

  const [response] = (await once(get(proxy.url), "response")) as [IncomingMessage];
  response.resume();

  expect(response.statusCode).toBe(405);
});

test("stop cuts what is open, and may be called twice", async () => {
  const far = createHttpServer();
  const port = await listen(far);
  const proxy = await start();
  const { socket } = await ask(proxy.url, `127.0.0.1:${port}`);
  const closed = once(socket, "close");
  socket.on("error", () => {});
  socket.resume();

  await Promise.all([proxy.stop(), proxy.stop()]);

  await closed;
});
