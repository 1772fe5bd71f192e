import { execFileSync } from "node:child_process";
import { cpSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { ApiDefinition } from "../src/testing/index.ts";
import { temporaryDirectory } from "./temporary-directory.ts";

/** How a chat of `fixtures/unchanged` is written: all of them serve the same API. */
export type Style = {
  readonly style: string;
  /** Directory below `fixtures/unchanged`. */
  readonly directory: string;
  /** The file in it, without extension. Default `app`. */
  readonly module?: string;
  /** Moves the directory to where no package of the repository is found. */
  readonly alone?: true;
  /** What its functions have besides a handler: they are programs, which run in processes of their own. */
  readonly more?: Partial<ApiDefinition["functions"][string]>;
  /** Starts the AWS CLI, which takes its time: judged apart. */
  readonly usesAwsCli?: true;
  /** Commands that work only where the tools are that it takes. */
  readonly takes?: readonly (readonly string[])[];
  /** Command that makes the program out of the sources. */
  readonly build?: readonly string[];
};

/** Handlers as people write them for AWS. Not one line of them knows of wsgw. */
export const STYLES: readonly Style[] = [
  { style: "SDK v3, ES modules, https://domainName/stage", directory: "sdk-v3-modules" },
  { style: "SDK v3, CommonJS, the hard-coded execute-api host", directory: "execute-api-host" },
  { style: "SDK v3, TypeScript", directory: "typescript" },
  { style: "SDK v2, an endpoint without a scheme", directory: "sdk-v2" },
  { style: "SDK v2, callbacks", directory: "sdk-v2-callbacks" },
  { style: "fetch, signed by hand", directory: "signed-by-hand", module: "by-fetch" },
  { style: "https.request, signed by hand", directory: "signed-by-hand", module: "by-https" },
  { style: "HTTP/2, signed by hand", directory: "signed-by-hand", module: "by-http2" },
  { style: "axios, signed by hand", directory: "signed-by-hand", module: "by-axios" },
  { style: "got, signed by hand", directory: "signed-by-hand", module: "by-got" },
  {
    style: "Python, boto3",
    directory: "python-boto3",
    more: { runtime: "python3.11" },
    takes: [["python3", "-c", "import boto3"]],
  },
  {
    style: "a shell bootstrap, curl and the AWS CLI with hard-coded hosts",
    directory: "shell-bootstrap",
    usesAwsCli: true,
    more: { runtime: "provided.al2023" },
    takes: [
      ["curl", "--version"],
      ["aws", "--version"],
    ],
  },
  {
    style: "a program in C, plain sockets and OpenSSL",
    directory: "c-bootstrap",
    more: { runtime: "provided.al2023" },
    takes: [["cc", "-include", "openssl/ssl.h", "-E", "-x", "c", "/dev/null"]],
    build: ["cc", "-O1", "-o", "bootstrap", "bootstrap.c", "-lssl", "-lcrypto"],
  },
];

/** The definition of a chat. */
export function chat({ module = "app", more = {} }: Style): ApiDefinition {
  const names = ["connect", "disconnect", "sendmessage"];
  return {
    name: "chat",
    routeSelectionExpression: "$request.body.action",
    stage: { name: "prod" },
    functions: Object.fromEntries(
      names.map((name) => [name, { handler: `${module}.${name}`, timeout: 20, ...more }]),
    ),
    routes: {
      $connect: { function: "connect" },
      $disconnect: { function: "disconnect" },
      sendmessage: { function: "sendmessage" },
    },
    connectionTable: { environmentVariable: "TABLE_NAME", attribute: "connectionId" },
  };
}

/** The directory of a chat: a copy for one that is built or stands alone. */
export function rootOf({ directory, alone, build }: Style): string {
  const root = fileURLToPath(new URL(`../fixtures/unchanged/${directory}`, import.meta.url));
  if (alone === undefined && build === undefined) return root;
  const elsewhere = temporaryDirectory();
  cpSync(root, elsewhere, { recursive: true, filter: (name) => !name.includes(".wsgw") });
  const [program, ...args] = build ?? [];
  if (program !== undefined) execFileSync(program, args, { cwd: elsewhere });
  return elsewhere;
}

/** Why a chat is left out: for the tools that this machine lacks. */
export function skippedFor({ takes = [] }: Style): string | undefined {
  const missing = takes.filter((command) => !works(command)).map(([tool]) => tool);
  // Where everything is to be proven, a missing tool must not go unnoticed.
  if (missing.length === 0 || process.env.CI === "true") return undefined;
  return `skipped: no ${missing.join(", no ")} here`;
}

function works([program = "", ...args]: readonly string[]): boolean {
  try {
    execFileSync(program, args, { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}
