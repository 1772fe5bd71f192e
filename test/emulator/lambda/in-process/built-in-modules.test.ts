import { once } from "node:events";
import http, { type ClientRequest, createServer, type IncomingMessage } from "node:http";
import { createSecureServer } from "node:http2";
import https from "node:https";
import net, { type Socket } from "node:net";
import { text } from "node:stream/consumers";
import tls from "node:tls";
import { inherits } from "node:util";
import { expect, onTestFinished, test, vi } from "vitest";
import {
  type CallBegun,
  contextWith,
  createPatchedModules,
} from "../../../../src/emulator/lambda/in-process/patched-modules.ts";
import { loadCertificates } from "../../../../src/emulator/network/certificates/certificates.ts";
import type { Redirect } from "../../../../src/emulator/network/redirected-sockets.ts";
import { listen } from "../../../listen.ts";

const certificates = loadCertificates({ stateDir: undefined, now: Date.now() });
const context = contextWith(certificates.caPem);

type Modules = {
  readonly http: typeof import("node:http");
  readonly https: typeof import("node:https");
  readonly net: typeof import("node:net");
  readonly tls: typeof import("node:tls");
  readonly http2: typeof import("node:http2");
};

/** The modules of one environment, and the sockets that it has opened. */
function createModules(begun?: CallBegun) {
  const sockets: Socket[] = [];
  const redirect: Redirect = {
    network: {
      region: "us-east-1",
      apis: [],
      address: { host: "127.0.0.1", port: 9 },
      standIns: [],
      allowAws: false,
    },
    functionName: "ask",
    onStopped() {},
    onSocket: (socket) => void sockets.push(socket),
  };
  const getContext = vi.fn(() => context);
  const { modules, fetch } = createPatchedModules(getContext, redirect, begun);
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
  });
  return { ...(modules as Modules), fetch, sockets, getContext };
}

async function startPlain(): Promise<{ port: number; url: string }> {
  const server = createServer(async (request, response) => {
    response.end(`${request.method} ${request.url} ${await text(request)}`);
  });
  const port = await listen(server);
  return { port, url: `http://127.0.0.1:${port}/` };
}

/** Trusted only by code with the authority. */
async function startSecure(): Promise<{ port: number; url: string }> {
  const { certificate, key } = certificates.standard;
  const server = createSecureServer(
    { cert: certificate, key, allowHTTP1: true },
    (request, response) => {
      response.end(`${request.method} ${request.url}`);
    },
  );
  const port = await listen(server);
  return { port, url: `https://localhost:${port}/` };
}

async function answerOf(request: ClientRequest): Promise<string> {
  const [response] = (await once(request, "response")) as [IncomingMessage];
  return text(response);
}

/** Ends a socket when it is connected. */
async function connected(socket: Socket, event = "connect"): Promise<void> {
  await once(socket, event);
  socket.destroy();
}

test("every way to open a plain connection belongs to the environment", async () => {
  const { net: own, http: ownHttp, sockets } = createModules();
  const { port, url } = await startPlain();
  const opened = async (open: () => Promise<unknown>) => {
    const before = sockets.length;
    await open();
    return sockets.length - before;
  };
  const { Socket: Own } = own;
  const callable = Own as unknown as (options: object) => Socket;

  expect(await opened(() => connected(own.connect(port, "127.0.0.1")))).toBe(1);
  expect(await opened(() => connected(own.connect({ port, host: "127.0.0.1" })))).toBe(1);
  expect(await opened(() => connected(own.createConnection(port, "127.0.0.1")))).toBe(1);
  expect(await opened(() => connected(new Own().connect(port, "127.0.0.1")))).toBe(1);
  expect(await opened(() => connected(callable({}).connect(port, "127.0.0.1")))).toBe(1);
  expect(Reflect.get(own, "Stream")).toBe(Own);
  expect(await opened(() => answerOf(ownHttp.get(url, { agent: false })))).toBe(1);
  expect(await opened(() => connected(net.connect(port, "127.0.0.1")))).toBe(0);
});

test("every way to open an encrypted connection belongs to the environment, and trusts the gateway", async () => {
  const own = createModules();
  const { port, url } = await startSecure();
  const opened = async (open: () => Promise<unknown>) => {
    const before = own.sockets.length;
    await open();
    return own.sockets.length - before;
  };
  const host = "localhost";
  const servername = { servername: host };

  expect(await opened(() => connected(own.tls.connect({ port, host }), "secureConnect"))).toBe(1);
  expect(await opened(() => connected(own.tls.connect(port, servername), "secureConnect"))).toBe(1);
  expect(await opened(() => connected(own.tls.connect(port, host), "secureConnect"))).toBe(1);
  expect(
    await opened(
      () =>
        new Promise<void>((resolve) => {
          const socket = own.tls.connect(port, host, {}, () => {
            socket.destroy();
            resolve();
          });
        }),
    ),
  ).toBe(1);
  expect(await opened(async () => (await own.fetch(url)).text())).toBe(1);
});

test("HTTP/2 connects with options, with a listener, and with both", async () => {
  const { http2, sockets } = createModules();
  const { url } = await startSecure();
  const connect = (open: (listener: () => void) => import("node:http2").ClientHttp2Session) =>
    new Promise<string>((resolve, reject) => {
      const session = open(() => {
        resolve("connected");
        session.destroy();
      });
      session.on("error", reject);
    });

  expect(await connect((listener) => http2.connect(url, listener))).toBe("connected");
  expect(await connect((listener) => http2.connect(url, {}, listener))).toBe("connected");
  expect(await connect((listener) => http2.connect(url).on("connect", listener))).toBe("connected");
  await expect(connect((listener) => http2.connect(url, { ca: [] }, listener))).rejects.toThrow(
    /unable to|self[- ]signed/,
  );
  expect(sockets).toHaveLength(4);
});

test("HTTP/2 is loaded once", () => {
  const { modules } = createPatchedModules(() => context, undefined);

  expect(modules.http2).toBe(modules.http2);
  expect(modules.http2).toMatchObject({ constants: { HTTP2_HEADER_STATUS: ":status" } });
});

test("plain calls need no certificates, and encrypted ones get them at most once", async () => {
  const { http: own, https: secure, getContext } = createModules();
  const plain = await startPlain();
  await answerOf(own.get(plain.url));
  expect(getContext).not.toHaveBeenCalled();

  const { url } = await startSecure();
  await answerOf(secure.get(url));
  await answerOf(secure.get(url));
  expect(getContext).toHaveBeenCalledTimes(1);
});

test.each([
  ["a URL", (url: string) => [url]],
  ["a URL object", (url: string) => [new URL(url)]],
  ["a URL and options", (url: string) => [url, { path: "/there" }]],
  ["options", (url: string) => [{ host: "127.0.0.1", port: new URL(url).port, path: "/there" }]],
] as const)("requests take %s, with and without a callback", async (what, valuesOf) => {
  const { http: own } = createModules();
  const { url } = await startPlain();
  const values = valuesOf(url) as unknown as [string];
  const path = what.includes("options") ? "/there" : "/";

  expect(await answerOf(own.get(...values))).toBe(`GET ${path} `);
  const [response] = await new Promise<[IncomingMessage]>((resolve) => {
    const request = Reflect.apply(own.request, own, [
      ...values,
      (heard: IncomingMessage) => resolve([heard]),
    ]);
    request.end();
  });
  expect(await text(response)).toBe(`GET ${path} `);
});

test("the shared agent of an environment is its own, keeps connections, and is made once", async () => {
  const { http: own, https: secure } = createModules();

  expect(own.globalAgent).toBe(own.globalAgent);
  expect(own.globalAgent).not.toBe(http.globalAgent);
  expect(own.globalAgent).toBeInstanceOf(http.Agent);
  expect(own.globalAgent).toMatchObject({ keepAlive: true, options: { timeout: 5000 } });
  expect(secure.globalAgent).toBeInstanceOf(https.Agent);
  expect(secure.globalAgent).toMatchObject({ keepAlive: true, options: { timeout: 5000 } });
});

test("an agent in place of the shared one serves calls that name none", async () => {
  const { http: own } = createModules();
  const { url } = await startPlain();
  const replaced = new own.Agent();
  const named = new own.Agent();

  own.globalAgent = replaced;

  expect(own.globalAgent).toBe(replaced);
  const byDefault = own.get(url);
  const byName = own.get(url, { agent: named });
  await Promise.all([answerOf(byDefault), answerOf(byName)]);
  expect(Reflect.get(byDefault, "agent")).toBe(replaced);
  expect(Reflect.get(byName, "agent")).toBe(named);
});

test("an agent in place of the shared one of https trusts the gateway, too", async () => {
  const { https: own } = createModules();
  const { url } = await startSecure();
  const replaced = new own.Agent();

  own.globalAgent = replaced;

  const call = own.get(url);
  await answerOf(call);
  expect(Reflect.get(call, "agent")).toBe(replaced);
});

test("agents are made by new, without it, and by subclasses of either kind", async () => {
  const { https: own, sockets } = createModules();
  const { url } = await startSecure();
  const make = own.Agent as unknown as (options?: object) => https.Agent;
  function Old(this: https.Agent, options: object) {
    Reflect.apply(make, this, [options]);
  }
  inherits(Old, own.Agent);
  class Young extends own.Agent {}
  const agents = [
    new own.Agent(),
    make(),
    make({ maxSockets: 3 }),
    Reflect.construct(Old, [{ maxSockets: 4 }]) as https.Agent,
    new Young({ maxSockets: 5 }),
  ];

  for (const agent of agents) {
    expect(agent).toBeInstanceOf(https.Agent);
    expect(await answerOf(own.get(url, { agent }))).toBe("GET /");
  }
  expect(agents.map(({ maxSockets }) => maxSockets)).toEqual([Infinity, Infinity, 3, 4, 5]);
  expect(agents.at(3)).toBeInstanceOf(Old);
  expect(agents.at(4)).toBeInstanceOf(Young);
  expect(sockets).toHaveLength(5);
});

test("options with their own trust stay as they are", async () => {
  const { https: own, tls: ownTls, getContext } = createModules();
  const { port, url } = await startSecure();
  const bare = tls.createSecureContext();
  const failure = async (emitter: NodeJS.EventEmitter) => {
    const [error] = await once(emitter, "error");
    return (error as Error).message;
  };
  const untrusted = /unable to|self[- ]signed/;

  expect(await failure(own.get(url, { ca: [] }))).toMatch(untrusted);
  expect(await failure(own.get(url, { secureContext: bare } as https.RequestOptions))).toMatch(
    untrusted,
  );
  expect(await failure(ownTls.connect({ port, host: "localhost", secureContext: bare }))).toMatch(
    untrusted,
  );
  const createConnection = () => tls.connect({ port, host: "localhost", secureContext: bare });
  expect(await failure(own.get(url, { createConnection }))).toMatch(untrusted);
  expect(getContext).not.toHaveBeenCalled();
});

test("a call is named by method and URL without its query, and ends with its answer", async () => {
  const ended: string[] = [];
  const begun: string[] = [];
  const own = createModules((what) => {
    begun.push(what);
    return () => void ended.push(what);
  });
  const plain = await startPlain();

  const request = own.http.request(`${plain.url}orders?secret`, { method: "PUT" });
  expect(begun).toEqual([`PUT ${plain.url}orders`]);
  expect(ended).toEqual([]);
  await answerOf(request.end());
  expect(ended).toContain(`PUT ${plain.url}orders`);

  begun.length = 0;
  ended.length = 0;
  const { url } = plain;
  const answers = [
    own.fetch(`${url}a?secret`),
    own.fetch(new URL(`${url}b?secret`), { method: "DELETE" }),
    own.fetch(new Request(`${url}c?secret`, { method: "PATCH" })),
    own.fetch(new Request(`${url}d`, { method: "PATCH" }), { method: "POST" }),
  ];
  const names = [`GET ${url}a`, `DELETE ${url}b`, `PATCH ${url}c`, `POST ${url}d`];
  expect(begun).toEqual(names);
  expect(ended).toEqual([]);
  await Promise.all(answers.map(async (answer) => (await answer).text()));
  expect(ended.toSorted()).toEqual(names.toSorted());
});

test("a fetch that fails has ended too", async () => {
  const end = vi.fn();
  const { fetch: own } = createModules(() => end);

  await expect(own("http://127.0.0.1:1/")).rejects.toThrow("fetch failed");

  expect(end).toHaveBeenCalledTimes(1);
});

test("a fetch with its own dispatcher uses that", async () => {
  const { fetch: own, sockets } = createModules();
  const { url } = await startSecure();
  const inUse: unknown = Reflect.get(globalThis, Symbol.for("undici.globalDispatcher.1"));

  await expect(own(url, { dispatcher: inUse } as RequestInit)).rejects.toThrow("fetch failed");

  expect(sockets).toEqual([]);
  expect(await (await own(url)).text()).toBe("GET /");
});

test("calls work without a watcher", async () => {
  const { modules, fetch: own } = createPatchedModules(() => context, undefined);
  const { url } = await startPlain();

  expect(await answerOf((modules as Modules).http.get(url))).toBe("GET / ");
  expect(await (await own(url)).text()).toBe("GET / ");
});
