import { afterAll, beforeAll, expect, test } from "vitest";
import { runMain } from "../run-main.ts";
import {
  type Certificates,
  makeCertificates,
  PASSPHRASE,
  strictServer,
  tlsServer,
} from "./tls-server.ts";

let files: Certificates;

beforeAll(async () => {
  files = await makeCertificates();
});
afterAll(() => files?.remove());

function send(url: string, ...argv: readonly string[]) {
  return runMain(["send", url, "-x", "hi", "-n", "1", ...argv]);
}

test("shows the certificate of --cert with the key of --key to a server that asks for one", async () => {
  const { url } = await tlsServer(files, { asks: true });
  const own = ["--cert", files.client, "--key", files.clientKey];

  expect(await send(url, "--ca", files.server, ...own)).toEqual({
    exitCode: 0,
    out: "hi ann\n",
    err: "",
  });
});

test("opens a key with --passphrase", async () => {
  const { url } = await tlsServer(files, { asks: true });
  const locked = ["--ca", files.server, "--cert", files.client, "--key", files.lockedKey];

  expect(await send(url, ...locked, "--passphrase", PASSPHRASE)).toMatchObject({
    exitCode: 0,
    out: "hi ann\n",
  });
  expect(await send(url, ...locked)).toMatchObject({
    exitCode: 1,
    err: expect.stringContaining(
      `✗ The key in ${files.lockedKey} is encrypted. Pass its passphrase with --passphrase.`,
    ),
  });
  expect(await send(url, ...locked, "--passphrase", "wrong")).toMatchObject({
    exitCode: 1,
    err: expect.stringContaining(`✗ --passphrase does not decrypt ${files.lockedKey}.`),
  });
});

test("says so when the server asks for a certificate and none is shown", async () => {
  const { url } = await tlsServer(files, { asks: true });

  expect(await send(url, "--ca", files.server)).toEqual({
    exitCode: 1,
    out: "",
    err: `✗ ${url} rejected this client: it requires a client certificate.
  Pass a certificate that the server accepts with --cert FILE and --key FILE.
`,
  });
});

test("says so when the server does not know the certificate that is shown", async () => {
  const url = await strictServer(files);
  const own = ["--cert", files.stranger, "--key", files.strangerKey];

  expect(await send(url, "--ca", files.server, ...own)).toMatchObject({
    exitCode: 1,
    out: "",
    err: expect.stringContaining(
      `✗ ${url} rejected this client: it does not know the authority of the client certificate.`,
    ),
  });
});

test("tells in one line how a server ended the handshake", async () => {
  // Before TLS 1.3 there was no word of its own for a certificate that is missing.
  const { url } = await tlsServer(files, { asks: true, maxVersion: "TLSv1.2" });

  expect(await send(url, "--ca", files.server)).toMatchObject({
    exitCode: 1,
    err: expect.stringContaining(
      `✗ Cannot connect to ${url}: the server ended the TLS handshake with "handshake failure".\n`,
    ),
  });
});

test("rejects an untrusted certificate unless --ca or --insecure is given", async () => {
  const { url } = await tlsServer(files, { asks: false });

  expect(await send(url)).toMatchObject({
    exitCode: 1,
    err: expect.stringContaining("has an untrusted certificate"),
  });
  for (const trust of [["--ca", files.server], ["--insecure"], ["-k"]]) {
    expect(await send(url, ...trust)).toEqual({ exitCode: 0, out: "hi nobody\n", err: "" });
  }
  expect(await send(url, "--ca", files.client)).toMatchObject({ exitCode: 1 });
});

test.each([
  [
    "a certificate without its key",
    () => ["--cert", files.client],
    () => ["--cert and --key must be set together."],
  ],
  [
    "a key without its certificate",
    () => ["--key", files.clientKey],
    () => ["--cert and --key must be set together."],
  ],
  [
    "a file that is not there",
    () => ["--cert", "/nowhere/a.pem", "--key", files.clientKey],
    () => ["Cannot read /nowhere/a.pem: it does not exist (ENOENT)."],
  ],
  [
    "the key of another certificate",
    () => ["--cert", files.client, "--key", files.strangerKey],
    () => [`The key in ${files.strangerKey} does not match ${files.client}.`],
  ],
  [
    "three files that are not what they should be, all at once",
    () => ["--ca", files.clientKey, "--cert", files.serverKey, "--key", files.client],
    () => [
      `--ca ${files.clientKey} does not contain a PEM certificate.`,
      `--cert ${files.serverKey} does not contain a PEM certificate.`,
      `--key ${files.client} does not contain a PEM private key.`,
    ],
  ],
])("says what is wrong with %s", async (_, argv, messages) => {
  const { exitCode, out, err } = await send("wss://127.0.0.1:1/", ...argv());

  expect([exitCode, out]).toEqual([1, ""]);
  for (const message of messages()) expect(err).toContain(message);
});
