import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { runMain } from "../run-main.ts";
import { peer } from "../servers.ts";
import { proxyServer } from "./proxy-server.ts";
import { type Certificates, makeCertificates, tlsServer } from "./tls-server.ts";

let files: Certificates;

beforeAll(async () => {
  files = await makeCertificates();
});
afterAll(() => files?.remove());

const VARIABLES = ["HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "NO_PROXY"];
beforeEach(() => {
  for (const name of VARIABLES.flatMap((each) => [each, each.toLowerCase()])) vi.stubEnv(name, "");
});
afterEach(() => vi.unstubAllEnvs());

function send(url: string, ...argv: readonly string[]) {
  return runMain(["send", url, "-x", "hi", "-n", "1", ...argv]);
}

/** The same server by a name that only the proxy knows. */
const elsewhere = (url: string) => url.replace("127.0.0.1", "chat.invalid");

const echo = () => peer((text, socket) => socket.send(text));

test.each([
  ["HTTP_PROXY", "ws:"],
  ["http_proxy", "ws:"],
  ["ALL_PROXY", "ws:"],
  ["HTTPS_PROXY", "wss:"],
  ["https_proxy", "wss:"],
  ["ALL_PROXY", "wss:"],
])("goes through the proxy of %s to %s", async (variable, scheme) => {
  const proxy = await proxyServer();
  const server = scheme === "ws:" ? await echo() : await tlsServer(files, { asks: false });
  const url = elsewhere(server.url);
  vi.stubEnv(variable, proxy.url);

  const { exitCode, err } = await send(url, "--insecure");

  expect([exitCode, err]).toEqual([0, ""]);
  expect(proxy.asked).toEqual([[new URL(url).host, undefined]]);
});

test("shows its certificate to the server behind a proxy", async () => {
  const proxy = await proxyServer();
  const { url } = await tlsServer(files, { asks: true });
  const own = ["--ca", files.server, "--cert", files.client, "--key", files.clientKey];

  expect(await send(url, "--proxy", proxy.url, ...own)).toEqual({
    exitCode: 0,
    out: "hi ann\n",
    err: "",
  });
  expect(proxy.asked).toHaveLength(1);
});

test.each<[string, Readonly<Record<string, string | true>>, readonly string[]]>([
  ["HTTPS_PROXY is not for ws:", { HTTPS_PROXY: true }, []],
  ["NO_PROXY names the host", { HTTP_PROXY: true, NO_PROXY: "a.example,chat.invalid" }, []],
  ["NO_PROXY names the domain", { HTTP_PROXY: true, NO_PROXY: ".invalid" }, []],
  ["--no-proxy is given", { HTTP_PROXY: true }, ["--no-proxy"]],
])("does without the proxy of the environment when %s", async (_, variables, argv) => {
  const proxy = await proxyServer();
  const { url } = await echo();
  for (const [name, value] of Object.entries(variables)) {
    vi.stubEnv(name, value === true ? proxy.url : value);
  }

  expect(await send(elsewhere(url), ...argv)).toMatchObject({
    exitCode: 1,
    err: expect.stringMatching(/the host name (is unknown|lookup failed)/),
  });
  expect(proxy.asked).toEqual([]);
});

test.each(["127.0.0.1", "localhost"])(
  "never asks a proxy of the environment for %s",
  async (host) => {
    const proxy = await proxyServer();
    const { url } = await echo();
    vi.stubEnv("ALL_PROXY", proxy.url);
    vi.stubEnv("HTTP_PROXY", proxy.url);

    expect(await send(url.replace("127.0.0.1", host))).toMatchObject({ exitCode: 0, out: "hi\n" });
    expect(proxy.asked).toEqual([]);
  },
);

test("--proxy goes before the environment, and shows who one is", async () => {
  const [named, other] = [await proxyServer(), await proxyServer()];
  const { url } = await echo();
  vi.stubEnv("HTTP_PROXY", other.url);

  const withName = named.url.replace("//", "//ann:se%20cret@");
  expect(await send(elsewhere(url), "--proxy", withName)).toMatchObject({ exitCode: 0 });

  const credentials = `Basic ${Buffer.from("ann:se cret").toString("base64")}`;
  expect(named.asked).toEqual([[new URL(elsewhere(url)).host, credentials]]);
  expect(other.asked).toEqual([]);
});

test("a proxy that wants credentials is named as the one who said so", async () => {
  const proxy = await proxyServer("407 Proxy Authentication Required");
  const url = elsewhere((await echo()).url);

  expect(await send(url, "--proxy", proxy.url)).toEqual({
    exitCode: 1,
    out: "",
    err: `✗ ${url} rejected the handshake with 407.
  nope
  The proxy requires a user and password: --proxy http://user:password@host:port.
`,
  });
});

test("a proxy that is not there is named, without its password", async () => {
  const url = elsewhere((await echo()).url);

  expect(await send(url, "--proxy", "http://ann:secret@127.0.0.1:1")).toMatchObject({
    exitCode: 1,
    err: expect.stringContaining(
      `✗ Cannot connect to ${url} through the proxy http://127.0.0.1:1: nothing listens on that port (ECONNREFUSED).`,
    ),
  });
});
