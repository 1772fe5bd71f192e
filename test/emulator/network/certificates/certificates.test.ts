import { execFile } from "node:child_process";
import { createPrivateKey, X509Certificate } from "node:crypto";
import { once } from "node:events";
import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { connect, createServer, type TLSSocket } from "node:tls";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { Worker } from "node:worker_threads";
import { build } from "esbuild";
import { expect, onTestFinished, test } from "vitest";
import { loadCertificates } from "../../../../src/emulator/network/certificates/certificates.ts";
import {
  type Identity,
  mintAuthority,
  mintLeaf,
} from "../../../../src/emulator/network/certificates/mint-certificate.ts";
import { startPort } from "../../../../src/emulator/network/port.ts";
import { listen } from "../../../listen.ts";
import { temporaryDirectory } from "../../../temporary-directory.ts";

const NOW = Date.now();
const DAY_MS = 24 * 60 * 60 * 1000;
const run = promisify(execFile);

function stateDir(): string {
  const directory = temporaryDirectory();
  return join(directory, ".wsgw");
}

/** How a client that trusts `ca` gets on with a server that shows `leaf`. */
async function shake(leaf: Identity, ca: string, servername: string): Promise<string> {
  const server = createServer({ cert: leaf.certificate, key: leaf.key });
  server.on("tlsClientError", () => {});
  server.on("secureConnection", (socket) => socket.on("error", () => {}));
  const port = await listen(server);
  const client = connect({ port, host: "127.0.0.1", servername, ca });
  onTestFinished(() => {
    client.destroy();
  });
  return new Promise((resolve) => {
    client.once("secureConnect", () => resolve("trusted"));
    client.once("error", (error) => resolve(error.message));
  });
}

test.each([
  "localhost",
  "app.localhost",
  "abcdef1234.execute-api.us-east-1.amazonaws.com",
  "abcdef1234.execute-api.cn-north-1.amazonaws.com.cn",
  "ws.chat.test",
])("a client believes a certificate for %s", async (name) => {
  const authority = mintAuthority(NOW);

  expect(await shake(mintLeaf(authority, [name], NOW), authority.certificate, name)).toBe(
    "trusted",
  );
});

test.each(["example.com", "localhost.example.com", "notamazonaws.com"])(
  "no client believes a certificate for %s that the authority's key has signed",
  async (name) => {
    const authority = mintAuthority(NOW);
    const leaf = mintLeaf(authority, [name], NOW);

    expect(await shake(leaf, authority.certificate, name)).toBe("permitted subtree violation");
  },
);

test("no client believes a certificate for an address elsewhere", async () => {
  const authority = mintAuthority(NOW);
  const leaf = mintLeaf(authority, ["localhost", "93.184.216.34"], NOW);

  expect(await shake(leaf, authority.certificate, "localhost")).toBe("permitted subtree violation");
});

test("OpenSSL at its strictest believes it too, and holds to the constraints", async () => {
  const directory = temporaryDirectory();
  const authority = mintAuthority(NOW);
  const ca = join(directory, "ca.pem");
  const good = join(directory, "good.pem");
  const foreign = join(directory, "foreign.pem");
  writeFileSync(ca, authority.certificate);
  writeFileSync(good, mintLeaf(authority, ["localhost", "127.0.0.1", "::1"], NOW).certificate);
  writeFileSync(foreign, mintLeaf(authority, ["example.com"], NOW).certificate);

  const verify = ["verify", "-x509_strict", "-purpose", "sslserver", "-CAfile", ca];
  const fine = await run("openssl", [...verify, "-verify_ip", "127.0.0.1", good]);
  const refused = await run("openssl", [...verify, foreign]).catch((error) => error);

  expect(fine.stdout).toBe(`${good}: OK\n`);
  expect(refused.stderr).toContain("permitted subtree violation");
});

test("shows each server name a certificate of its own, and the usual one for the rest", async () => {
  const certificates = loadCertificates({ stateDir: undefined, now: NOW });
  const { port, serve, stop } = await startPort({ host: "127.0.0.1", port: 0, certificates });
  serve({ request: () => {}, upgrade: () => {} });
  onTestFinished(stop);
  const shown = async (servername: string): Promise<string | undefined> => {
    const client: TLSSocket = connect({
      port,
      host: "127.0.0.1",
      servername,
      ca: certificates.caPem,
      checkServerIdentity: () => undefined,
    });
    await once(client, "secureConnect");
    const name = client.getPeerX509Certificate()?.subjectAltName;
    client.destroy();
    return name;
  };
  const usual = "DNS:localhost, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1";

  expect(await shown("abc.execute-api.eu-west-1.amazonaws.com")).toBe(
    "DNS:abc.execute-api.eu-west-1.amazonaws.com",
  );
  expect(await shown("localhost")).toBe(usual);
  expect(await shown("example.com")).toBe(usual);
  expect(await shown("")).toBe(usual);
});

test("mints once for a server name", () => {
  const certificates = loadCertificates({ stateDir: undefined, now: NOW });

  const first = certificates.secureContext("a.execute-api.us-east-1.amazonaws.com");

  expect(first).toBeDefined();
  expect(certificates.secureContext("A.execute-api.us-east-1.amazonaws.com")).toBe(first);
});

test("mints once for a server name of several gateways of a project, and again for another project's", () => {
  const [own, others] = [stateDir(), stateDir()];
  const name = "a.execute-api.us-east-1.amazonaws.com";
  const minted = (directory: string) =>
    loadCertificates({ stateDir: directory, now: NOW }).secureContext(name);

  const first = minted(own);

  expect(first).toBeDefined();
  expect(minted(own)).toBe(first);
  expect(minted(others)).not.toBe(first);
});

test("keeps what it has made, for its owner only and out of git", () => {
  const directory = stateDir();
  const names = ["abc.execute-api.us-east-1.amazonaws.com", "192.168.1.7"];

  const first = loadCertificates({ stateDir: directory, names, now: NOW });
  const second = loadCertificates({ stateDir: directory, names, now: NOW });

  expect(second.caPem).toBe(first.caPem);
  expect(second.standard).toEqual(first.standard);
  expect(readFileSync(first.caFile!, "utf8")).toBe(first.caPem);
  expect(readFileSync(join(directory, ".gitignore"), "utf8")).toBe("*\n");
  const kept = join(directory, "certificates");
  expect(readdirSync(kept).sort()).toEqual(["authority.pem", "ca.pem"]);
  expect(statSync(join(kept, "authority.pem")).mode & 0o777).toBe(0o600);
  expect(statSync(kept).mode & 0o777).toBe(0o700);
  const standard = new X509Certificate(first.standard.certificate);
  for (const name of ["localhost", ...names]) {
    expect(standard.checkHost(name) ?? standard.checkIP(name)).toBe(name);
  }
});

test.each([
  ["is another name", { names: ["new.execute-api.us-east-1.amazonaws.com"], now: NOW }],
  ["is about to expire", { now: NOW + 380 * DAY_MS }],
])("remakes the certificate that %s, with the same authority", (_, options) => {
  const directory = stateDir();
  const first = loadCertificates({ stateDir: directory, now: NOW });

  const second = loadCertificates({ stateDir: directory, ...options });

  expect(second.caPem).toBe(first.caPem);
  expect(second.standard.certificate).not.toBe(first.standard.certificate);
});

test("remakes an authority that is about to expire", () => {
  const directory = stateDir();
  const first = loadCertificates({ stateDir: directory, now: NOW });

  const second = loadCertificates({ stateDir: directory, now: NOW + 3640 * DAY_MS });

  expect(second.caPem).not.toBe(first.caPem);
});

test.each([
  ["empty", () => ""],
  ["garbage", () => "garbage"],
  ["cut short", (text: string) => text.slice(0, text.length / 3)],
  ["of keys that do not fit", (text: string) => withOtherKey(text)],
])("remakes a file that is %s", (_, damage) => {
  const directory = stateDir();
  const first = loadCertificates({ stateDir: directory, now: NOW });
  const file = join(directory, "certificates", "authority.pem");
  writeFileSync(file, damage(readFileSync(file, "utf8")));

  const second = loadCertificates({ stateDir: directory, now: NOW });

  const standard = new X509Certificate(second.standard.certificate);
  expect(standard.checkPrivateKey(createPrivateKey(second.standard.key))).toBe(true);
  expect(standard.verify(new X509Certificate(second.caPem).publicKey)).toBe(true);
  expect(second.caPem).not.toBe(first.caPem);
  expect(readFileSync(second.caFile!, "utf8")).toBe(second.caPem);
});

function withOtherKey(bundle: string): string {
  return bundle.replace(/-----BEGIN PRIVATE[\s\S]*?END PRIVATE KEY-----\n/, mintAuthority(NOW).key);
}

test("reports a state directory that cannot be created, with what to do", () => {
  const file = stateDir();
  writeFileSync(file, "");
  const inCache = join(file, "wsgw", "chat-0123456789ab");

  expect(() => loadCertificates({ stateDir: inCache, now: NOW })).toThrow(
    expect.objectContaining({
      code: "PROJECT_UNWRITABLE",
      message: `${inCache} cannot be written: a file is where a directory is needed (ENOTDIR).`,
      hint: expect.stringMatching(/your cache directory.*--state-dir/),
    }),
  );
});

test("says what is wrong where nothing can be kept", () => {
  const directory = stateDir();
  mkdirSync(join(directory, "certificates", "authority.pem"), { recursive: true });
  chmodSync(directory, 0o755);

  expect(() => loadCertificates({ stateDir: directory, now: NOW })).toThrow(
    expect.objectContaining({
      code: "CERTIFICATE_FAILED",
      message: expect.stringContaining(join(directory, "certificates")),
    }),
  );
});

test("gateways that start at once get the same authority", async () => {
  const directory = stateDir();
  const file = await bundled(directory);
  const rounds = 20;
  const arrivals = new SharedArrayBuffer(4 * rounds);
  const settings = { workerData: { directory, rounds, arrivals } };

  const workers = [new Worker(file, settings), new Worker(file, settings)];
  const [left, right] = await Promise.all(workers.map((worker) => once(worker, "message")));

  expect(left).toEqual(right);
});

/** Two of these meet before each round, so that they find the directory empty at the same time. */
async function bundled(directory: string): Promise<string> {
  const source = fileURLToPath(
    new URL("../../../../src/emulator/network/certificates/certificates.ts", import.meta.url),
  );
  const file = `${directory}.mjs`;
  await build({
    stdin: {
      contents: `
        import { parentPort, workerData } from "node:worker_threads";
        import { loadCertificates } from ${JSON.stringify(source)};
        const { directory, rounds, arrivals } = workerData;
        const arrived = new Int32Array(arrivals);
        const load = (stateDir) => loadCertificates({ stateDir, now: Date.now() });
        load(undefined);
        const authorities = [];
        for (let round = 0; round < rounds; round += 1) {
          if (Atomics.add(arrived, round, 1) === 1) Atomics.notify(arrived, round);
          else Atomics.wait(arrived, round, 1);
          authorities.push(load(directory + round).caPem);
        }
        parentPort.postMessage(authorities);`,
      resolveDir: dirname(source),
    },
    bundle: true,
    platform: "node",
    format: "esm",
    outfile: file,
  });
  return file;
}

test("a domain of the user's has an authority of its own, which vouches for nothing else", async () => {
  const authority = mintAuthority(NOW, ["chat.example.com"]);
  const trust = (name: string) =>
    shake(mintLeaf(authority, [name], NOW), authority.certificate, name);

  expect(await trust("chat.example.com")).toBe("trusted");
  expect(await trust("www.example.com")).toBe("permitted subtree violation");
  expect(await trust("sts.amazonaws.com")).toBe("permitted subtree violation");
});

test("a domain of the user's is answered for, and leaves the gateway's own authority as it is", async () => {
  const kept = stateDir();
  const plain = loadCertificates({ stateDir: kept, now: NOW });
  const [first, again] = [1, 2].map(() =>
    loadCertificates({ stateDir: kept, domains: ["chat.example.com"], now: NOW }),
  );

  expect(first!.caPem.startsWith(plain.caPem)).toBe(true);
  expect(first!.caPem.match(/BEGIN CERTIFICATE/g)).toHaveLength(2);
  expect(again!.caPem).toBe(first!.caPem);
  expect(readFileSync(first!.caFile!, "utf8")).toBe(first!.caPem);
  expect(readFileSync(plain.caFile!, "utf8")).toBe(plain.caPem);
  expect(loadCertificates({ stateDir: kept, now: NOW }).caPem).toBe(plain.caPem);
  expect(first!.secureContext("chat.example.com")).toBeDefined();
  expect(plain.secureContext("chat.example.com")).toBeUndefined();
});

const API_HOST = "abcdef1234.execute-api.eu-west-1.amazonaws.com";

test("the standard certificate covers the hosts of the APIs, which need no other", async () => {
  const { caPem, standard, secureContext } = loadCertificates({
    stateDir: undefined,
    apiHosts: [API_HOST],
    now: NOW,
  });

  expect(secureContext(API_HOST)).toBeUndefined();
  expect(await shake(standard, caPem, API_HOST)).toBe("trusted");
});

test.each(["laptop.lan", "192.0.2.7"])(
  "clients of the public host %s believe its certificate, which cannot cover the APIs",
  async (publicHost) => {
    const { caPem, standard, secureContext } = loadCertificates({
      stateDir: undefined,
      apiHosts: [API_HOST],
      publicHost,
      now: NOW,
    });

    expect(secureContext(API_HOST)).toBeDefined();
    expect(await shake(standard, caPem, "localhost")).toBe("trusted");
  },
);
