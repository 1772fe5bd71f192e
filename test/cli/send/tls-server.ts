import { execFile, spawn } from "node:child_process";
import { createPrivateKey } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { SecureContextOptions, TLSSocket } from "node:tls";
import { promisify } from "node:util";
import { onTestFinished } from "vitest";
import { WebSocketServer } from "ws";
import { listen } from "../../listen.ts";

export const PASSPHRASE = "open sesame";

/** Files in PEM; each certificate vouches for itself. */
export type Certificates = {
  readonly server: string;
  readonly serverKey: string;
  readonly client: string;
  readonly clientKey: string;
  /** The client's key under PASSPHRASE. */
  readonly lockedKey: string;
  /** A certificate that no server here knows. */
  readonly stranger: string;
  readonly strangerKey: string;
  remove(): Promise<void>;
};

/** Makes certificates with OpenSSL: for a server at 127.0.0.1, for its client ann, and for a stranger. */
export async function makeCertificates(): Promise<Certificates> {
  const directory = await mkdtemp(join(tmpdir(), "wsgw-tls-"));
  const make = async (name: string, ...more: readonly string[]) => {
    const files = [join(directory, `${name}.pem`), join(directory, `${name}.key`)] as const;
    const curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
    const out = ["-subj", `/CN=${name}`, "-days", "2", "-out", files[0], "-keyout", files[1]];
    await promisify(execFile)("openssl", ["req", "-x509", ...curve, ...out, ...more]);
    return files;
  };
  const [[server, serverKey], [client, clientKey], [stranger, strangerKey]] = await Promise.all([
    make("server", "-addext", "subjectAltName=IP:127.0.0.1"),
    make("ann"),
    make("stranger"),
  ]);
  const lockedKey = join(directory, "locked.key");
  const locked = createPrivateKey(await readFile(clientKey)).export({
    type: "pkcs8",
    format: "pem",
    cipher: "aes-256-cbc",
    passphrase: PASSPHRASE,
  });
  await writeFile(lockedKey, locked);
  const remove = () => rm(directory, { recursive: true });
  return { server, serverKey, client, clientKey, lockedKey, stranger, strangerKey, remove };
}

/**
 * A WebSocket server over TLS that ends with the test and answers each message with the name on the
 * client's certificate. With `asks` it lets nobody in but ann.
 */
export async function tlsServer(
  certificates: Certificates,
  { asks, ...more }: SecureContextOptions & { readonly asks: boolean },
): Promise<{ readonly url: string; readonly port: number }> {
  const [cert, key, ca] = await Promise.all(
    [certificates.server, certificates.serverKey, certificates.client].map((file) =>
      readFile(file),
    ),
  );
  const server = createServer({
    cert,
    key,
    ...(asks && { ca, requestCert: true }),
    ...more,
  });
  const sockets = new WebSocketServer({ server });
  sockets.on("connection", (socket, request) => {
    const name = (request.socket as TLSSocket).getPeerCertificate().subject?.CN ?? "nobody";
    socket.on("message", (data) => socket.send(`${data} ${name}`));
  });
  const port = await listen(server);
  onTestFinished(() => {
    for (const socket of sockets.clients) socket.terminate();
  });
  return { url: `wss://127.0.0.1:${port}/`, port };
}

/** OpenSSL's own server, which tells strangers why it does not let them in; it speaks no WebSocket. */
export async function strictServer({ server, serverKey, client }: Certificates): Promise<string> {
  const shown = ["-cert", server, "-key", serverKey];
  const wanted = ["-CAfile", client, "-Verify", "1", "-verify_return_error"];
  const child = spawn("openssl", ["s_server", "-accept", "127.0.0.1:0", ...shown, ...wanted]);
  const exited = new Promise<void>((resolve) => child.once("close", () => resolve()));
  onTestFinished(async () => {
    child.kill("SIGKILL");
    await exited;
  });
  return new Promise((resolve) => {
    createInterface({ input: child.stdout }).on("line", (line) => {
      const [, port] = /^ACCEPT .*:(\d+)$/.exec(line) ?? [];
      if (port !== undefined) resolve(`wss://127.0.0.1:${port}/`);
    });
  });
}
