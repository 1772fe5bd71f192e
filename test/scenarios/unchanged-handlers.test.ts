import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { cpSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { beforeAll, expect, onTestFinished, test } from "vitest";
import WebSocket from "ws";
import { type ApiDefinition, startGateway } from "../../src/testing/index.ts";
import { stopChecked } from "../checked-facts.ts";
import { temporaryFolder } from "../temporary-folder.ts";
import { chat, works } from "../unchanged-chat.ts";

type Style = {
  readonly style: string;
  /** Folder below `fixtures/unchanged`. */
  readonly folder: string;
  /** The file in it, without extension. Default `app`. */
  readonly module?: string;
  /** Moves the folder to where no package is found but those that wsgw brings along. */
  readonly alone?: true;
  /** What its functions have besides a handler. */
  readonly more?: Partial<ApiDefinition["functions"][string]>;
  /** Where it runs. Default: in child processes and in process. */
  readonly runtimes?: readonly ("child-process" | "in-process")[];
  /** Commands that work only where the tools are that it takes. */
  readonly takes?: readonly (readonly string[])[];
  /** Command that makes the program out of the sources. */
  readonly build?: readonly string[];
};

/** Handlers as people write them for AWS. Not one line of them knows of wsgw. */
const STYLES: readonly Style[] = [
  { style: "SDK v3, ES modules, https://domainName/stage", folder: "sdk-v3-modules" },
  { style: "SDK v3, CommonJS, the hard-coded execute-api host", folder: "execute-api-host" },
  { style: "SDK v3, TypeScript", folder: "typescript" },
  { style: "SDK v2, an endpoint without a scheme", folder: "sdk-v2" },
  { style: "SDK v2, callbacks", folder: "sdk-v2-callbacks" },
  { style: "no packages of its own, ES modules", folder: "sdk-v3-modules", alone: true },
  { style: "no packages of its own, CommonJS", folder: "execute-api-host", alone: true },
  { style: "no packages of its own, TypeScript", folder: "typescript", alone: true },
  { style: "fetch, signed by hand", folder: "signed-by-hand", module: "by-fetch" },
  { style: "https.request, signed by hand", folder: "signed-by-hand", module: "by-https" },
  { style: "HTTP/2, signed by hand", folder: "signed-by-hand", module: "by-http2" },
  { style: "axios, signed by hand", folder: "signed-by-hand", module: "by-axios" },
  { style: "got, signed by hand", folder: "signed-by-hand", module: "by-got" },
  {
    style: "Python, boto3",
    folder: "python-boto3",
    more: { runtime: "python3.11" },
    runtimes: ["child-process"],
    takes: [["python3", "-c", "import boto3"]],
  },
  {
    style: "a shell bootstrap, curl and the AWS CLI with hard-coded hosts",
    folder: "shell-bootstrap",
    more: { runtime: "provided.al2023" },
    runtimes: ["child-process"],
    takes: [
      ["curl", "--version"],
      ["aws", "--version"],
    ],
  },
  {
    style: "a program in C, plain sockets and OpenSSL",
    folder: "c-bootstrap",
    alone: true,
    more: { runtime: "provided.al2023" },
    runtimes: ["child-process"],
    takes: [["cc", "-include", "openssl/ssl.h", "-E", "-x", "c", "/dev/null"]],
    build: ["cc", "-O1", "-o", "bootstrap", "bootstrap.c", "-lssl", "-lcrypto"],
  },
];

const RUNTIMES = ["child-process", "in-process"] as const;
const GONE = "Xux7aeaAFiACHZQ=";

beforeAll(async () => {
  const script = new URL("../../scripts/build-child.mjs", import.meta.url).href;
  await ((await import(script)) as { buildLambdaChild(): Promise<void> }).buildLambdaChild();
});

for (const style of STYLES) {
  const missing = (style.takes ?? []).filter((command) => !works(command)).map(([tool]) => tool);
  // Where everything is to be proven, a missing tool must not go unnoticed.
  const isSkipped = missing.length > 0 && process.env.CI !== "true";
  const because = isSkipped ? `, skipped: no ${missing.join(", no ")} here` : "";
  for (const runtime of style.runtimes ?? RUNTIMES) {
    test.skipIf(isSkipped)(
      `${style.style}: the chat works unchanged (${runtime}${because})`,
      () => playChat(style, runtime),
      60_000,
    );
  }
}

async function playChat(style: Style, runtime: (typeof RUNTIMES)[number]): Promise<void> {
  const gateway = await startGateway(chat(style), { root: rootOf(style), runtime, waitMs: 30_000 });
  onTestFinished(() => stopChecked(gateway));
  const connections = gateway.table("connections");
  const ids = async () => (await connections.items()).map((item) => item.connectionId);

  const [ann, bob] = [await open(gateway.url), await open(gateway.url)];
  await connections.put({ connectionId: GONE });
  expect(await ids()).toHaveLength(3);
  ann.send(JSON.stringify({ action: "sendmessage", data: "hello world ! ✓" }));

  expect(await ann.next()).toBe("hello world ! ✓");
  expect(await bob.next()).toBe("hello world ! ✓");
  await gateway.fact("message.answered");
  expect(await ids()).not.toContain(GONE);

  bob.close();
  await gateway.fact("function.ended", ({ functionName }) => functionName === "disconnect");
  expect(await ids()).toHaveLength(1);
  expect(outcomes(gateway.facts("function.ended"))).toEqual(["returned"]);
}

function rootOf({ folder, alone, build }: Style): string {
  const root = fileURLToPath(new URL(`../../fixtures/unchanged/${folder}`, import.meta.url));
  if (alone === undefined) return root;
  const elsewhere = temporaryFolder();
  cpSync(root, elsewhere, { recursive: true, filter: (name) => !name.includes(".wsgw") });
  const [program, ...args] = build ?? [];
  if (program !== undefined) execFileSync(program, args, { cwd: elsewhere });
  return elsewhere;
}

/** A client of the package `ws`, as anybody would use it. */
async function open(url: string) {
  const socket = new WebSocket(url);
  onTestFinished(() => socket.terminate());
  const messages: string[] = [];
  socket.on("message", (data) => messages.push(data.toString()));
  await once(socket, "open");
  return {
    send: (text: string) => socket.send(text),
    close: () => socket.close(),
    async next() {
      while (messages.length === 0) await once(socket, "message");
      return messages.shift();
    },
  };
}

function outcomes(ends: readonly { readonly outcome: { readonly kind: string } }[]): string[] {
  return [...new Set(ends.map(({ outcome }) => outcome.kind))];
}
