import { once } from "node:events";
import http, { createServer } from "node:http";
import { createSecureServer } from "node:http2";
import https from "node:https";
import { text } from "node:stream/consumers";
import { expect, test } from "vitest";
import { createInProcess } from "../../../../src/emulator/lambda/in-process/in-process.ts";
import { createPendingCalls } from "../../../../src/emulator/lambda/in-process/pending-calls.ts";
import { loadCertificates } from "../../../../src/emulator/network/certificates/certificates.ts";
import { makeProject } from "../../../bundle/project.ts";
import { manualClock, runFunction, specOf } from "../../../contracts/lambda-setup.ts";
import { listen } from "../../../listen.ts";

const certificates = loadCertificates({ stateDir: undefined, now: Date.now() });

/** A server that nobody but code with this authority trusts, for both versions of HTTP. */
async function startServer(): Promise<string> {
  const { certificate, key } = certificates.standard;
  const server = createSecureServer({ cert: certificate, key, allowHTTP1: true }, (_, response) => {
    response.end("hello");
  });
  return `https://localhost:${await listen(server)}/`;
}

async function call(handler: string, ca: string | undefined) {
  const url = await startServer();
  const runtime = createInProcess({ clock: manualClock(), ...(ca === undefined ? {} : { ca }) });
  const { invoke } = await runFunction(runtime, { handler, isInProcess: true });
  return invoke(url);
}

test("an answer that code in process does not listen for is thrown away", async () => {
  expect(await call("calls.unread", certificates.caPem)).toEqual({
    kind: "returned",
    payload: '"hello"',
  });
});

test("reports calls that in-process code leaves behind without their query", async () => {
  const url = await startServer();
  const runtime = createInProcess({ clock: manualClock(), ca: certificates.caPem });
  const { invoke, journal } = await runFunction(runtime, {
    handler: "calls.left",
    isInProcess: true,
  });
  const unfinished = new Promise<unknown>((resolve) => {
    journal.subscribe((entry) => entry.type === "function.unfinished" && resolve(entry.calls));
  });

  await invoke(url);

  expect(await unfinished).toEqual([`GET ${url}orders`, `GET ${url}orders`]);
});

test("a single call that code in process leaves behind is reported", async () => {
  const url = `http://127.0.0.1:${await listen(createServer(() => {}))}/slow`;
  const { root } = makeProject({
    "app.js": "exports.handler = async ({ body }) => { fetch(body).catch(() => {}); };",
  });
  const runtime = createInProcess({ clock: manualClock(), ca: certificates.caPem });
  const { invoke, journal } = await runFunction(runtime, {
    ...{ root, handler: "app.handler", isInProcess: true },
  });
  const unfinished = new Promise<unknown>((resolve) => {
    journal.subscribe((entry) => entry.type === "function.unfinished" && resolve(entry.calls));
  });

  await invoke(url);

  expect(await unfinished).toEqual([`GET ${url}`]);
});

test("fetch of code in process sends method, headers and body", async () => {
  const server = createServer(async (request, response) => {
    const body = await text(request);
    response.end(`${request.method} ${request.headers["x-of"]} ${body}`);
  });
  const url = `http://127.0.0.1:${await listen(server)}/`;
  const { root } = makeProject({
    "app.js": `exports.handler = async ({ body }) =>
      (await fetch(body, { method: "PUT", headers: { "x-of": "code" }, body: "all of it" })).text();`,
  });
  const { invoke } = await runFunction(
    createInProcess({ clock: manualClock(), ca: certificates.caPem }),
    { root, handler: "app.handler", isInProcess: true },
  );

  expect(await invoke(url)).toEqual({ kind: "returned", payload: '"PUT code all of it"' });
});

test("code in process that puts an agent in place of the shared one calls by that, and nobody else does", async () => {
  const { globalAgent } = http;
  const url = `http://127.0.0.1:${await listen(createServer((_, response) => response.end()))}/`;
  const { root } = makeProject({
    "app.js": `
      const http = require("http");
      let calls = 0;
      class Counting extends http.Agent {
        addRequest(...values) {
          calls += 1;
          return super.addRequest(...values);
        }
      }
      const get = (url) =>
        new Promise((resolve) => http.get(url, (answer) => answer.resume().on("end", resolve)));
      exports.handler = async ({ body }) => {
        await get(body);
        http.globalAgent = new Counting();
        await get(body);
        return [http.globalAgent instanceof Counting, calls];
      };`,
  });
  const { invoke } = await runFunction(
    createInProcess({ clock: manualClock(), ca: certificates.caPem }),
    { root, handler: "app.handler", isInProcess: true },
  );

  expect(await invoke(url)).toEqual({ kind: "returned", payload: "[true,1]" });
  expect(http.globalAgent).toBe(globalAgent);
});

test("a call by code in process that gets no answer is over when it closes", async () => {
  const server = createServer(({ socket }) => socket.destroy());
  const url = `http://127.0.0.1:${await listen(server)}/`;
  const { root } = makeProject({
    "app.js": `
      exports.handler = ({ body }) => new Promise((resolve) => {
        require("http").get(body).on("error", () => {}).on("close", resolve);
      });`,
  });
  const calls = createPendingCalls();
  const { invoke, facts } = await runFunction(
    createInProcess({ clock: manualClock(), ca: certificates.caPem, calls }),
    { root, handler: "app.handler", isInProcess: true },
  );

  await invoke(url);

  expect(calls.count()).toBe(0);
  expect(facts("function.unfinished")).toEqual([]);
});

test.each(["request", "fetch"])(
  "code in process that calls by %s trusts the gateway",
  async (how) => {
    expect(await call(`calls.${how}`, certificates.caPem)).toEqual({
      kind: "returned",
      payload: '"hello"',
    });
  },
);

test("without the authority code in process that calls the gateway fails", async () => {
  expect(await call("calls.request", undefined)).toMatchObject({
    kind: "failed",
    errorMessage: expect.stringMatching(/unable to (verify|get)|self[- ]signed/),
  });
});

test("leaves code with its own trusted authorities unchanged", async () => {
  expect(await call("calls.ownTrust", certificates.caPem)).toMatchObject({ kind: "failed" });
});

test("other code in this process does not trust the gateway", async () => {
  await call("calls.request", certificates.caPem);

  const request = https.get(await startServer());
  const [error] = await once(request, "error");

  expect(error.message).toMatch(/unable to verify|self[- ]signed/);
});

test("a handler that loads timers gets those of its environment, and the rest of the module", async () => {
  const { root } = makeProject({
    "app.js": `
      const timers = [require("timers"), require("node:timers")];
      exports.handler = async () =>
        timers.map(({ setTimeout: own, promises }) => [own === setTimeout, typeof promises.scheduler.wait]);`,
  });
  const { invoke } = await runFunction(createInProcess({ clock: manualClock() }), {
    root,
    handler: "app.handler",
    isInProcess: true,
  });

  expect(await invoke("hello")).toEqual({
    kind: "returned",
    payload: '[[true,"function"],[true,"function"]]',
  });
});

test("a handler's sockets to the hosts of APIs that run here lead to the gateway", async () => {
  const server = createServer((request, response) =>
    response.end(`answered ${request.headers.host}`),
  );
  const address = { host: "127.0.0.1", port: await listen(server) };
  const api = { apiId: "abcdef1234", customDomain: undefined, hosts: [] };
  const { root } = makeProject({
    "app.js": `
      const { get } = require("http");
      exports.handler = () => new Promise((resolve, reject) => {
        get("http://abcdef1234.execute-api.us-east-1.amazonaws.com/", async (response) => {
          let text = "";
          for await (const chunk of response) text += chunk;
          resolve(text);
        }).on("error", reject);
      });`,
  });
  const spec = await specOf({ handler: "app.handler", root, isInProcess: true });
  const network = { region: "us-east-1", apis: [api], address, standIns: [], allowAws: false };
  const { invoke } = await runFunction(
    createInProcess({ clock: manualClock(), ca: certificates.caPem }),
    {
      handler: "app.handler",
      isInProcess: true,
      spec: { ...spec, network },
    },
  );

  expect(await invoke("hello")).toEqual({
    kind: "returned",
    payload: '"answered abcdef1234.execute-api.us-east-1.amazonaws.com"',
  });
});
