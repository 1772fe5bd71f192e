import { spawn } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { createRequire, SourceMap } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { launch } from "../../emulator/lambda/exec-wrapper.ts";
import { withLocalFiles } from "../../emulator/lambda/lambda-paths.ts";
import { functionEnvironment } from "../../emulator/lambda/rules/environment-variables.ts";
import { filesInLayers, nodeDirectories, OPT } from "../../emulator/lambda/rules/layers.ts";
import { nodeFlags } from "../../emulator/lambda/rules/node-flags.ts";
import { whyNotWritten } from "../../errors/in-words.ts";
import { WsgwError } from "../../errors.ts";
import type { PackageFile } from "./files.ts";
import { LOADER } from "./load-zip-program.ts";

/** The result of loading a function's zip. */
export type Loaded =
  /** `functions` are the given paths that are functions, `exports` all names that the module exports. */
  | {
      readonly kind: "loaded";
      readonly functions: readonly string[];
      readonly exports: readonly string[];
    }
  | { readonly kind: "failed"; readonly error: string }
  | { readonly kind: "out-of-memory" }
  /** The code needs something that only AWS has, so the result is unknown. */
  | { readonly kind: "unknown"; readonly because: string };

type LoadOptions = {
  readonly files: readonly PackageFile[];
  /** `index.js` or `index.mjs`. */
  readonly entry: string;
  /** Of all functions with this code. */
  readonly exportPaths: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** Memory of the function on AWS in MB. */
  readonly memory: number;
  /** Packages that are not in the zip because Lambda includes them. */
  readonly brought: readonly string[];
  /** Absolute directories of the function's layers. */
  readonly layers: readonly string[];
  readonly runtime: string;
  /**
   * Lambda's limit for a cold start. @see
   * https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
   */
  readonly timeoutMs?: number;
};

const INIT_MS = 10_000;
const STDERR_CHARS = 2_000;

/**
 * Extracts a function's files to a directory without `node_modules` above it. Loads them in a separate Node
 * process with the function's memory, without network, credentials or the shell's environment.
 */
export async function loadPackage(options: LoadOptions): Promise<Loaded> {
  const directory = inTemp(() => realpathSync(mkdtempSync(join(tmpdir(), "wsgw-load-"))));
  try {
    const task = join(directory, "task");
    const loader = join(directory, "load.cjs");
    inTemp(() => {
      unpack(options.files, task);
      writeFileSync(loader, LOADER);
    });
    const loaded = interpret(await run(loader, task, options), options);
    if (loaded.kind !== "failed") return loaded;
    return { kind: "failed", error: inSource(loaded.error, task, options) };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Writes to the temporary directory; errors tell the user to free or change it. */
function inTemp<T>(write: () => T): T {
  try {
    return write();
  } catch (cause) {
    if (cause instanceof WsgwError) throw cause; // an unreadable file of the function
    const message = `${tmpdir()} cannot be written: ${whyNotWritten(cause)}.`;
    throw new WsgwError("TEMP_FOLDER_UNUSABLE", message, { cause });
  }
}

/**
 * Maps an error's positions to sources with the bundle's map; the directory is gone when the error is read.
 * Node's own --enable-source-maps would take many times the memory of the code.
 */
function inSource(error: string, task: string, { entry, files }: LoadOptions): string {
  const directory = task.replace(/[.+^${}()|[\]\\]/g, "\\$&");
  const inZip = error.replaceAll(new RegExp(`(?:file://)?${directory}[/\\\\]`, "g"), "");
  const map = files.find(({ path }) => path === `${entry}.map`);
  const place = new RegExp(`${entry.replace(".", "\\.")}:(\\d+):(\\d+)`).exec(inZip);
  if (map === undefined || place === null) return inZip;
  const [text, line, column] = place;
  const sourceMap = new SourceMap(JSON.parse(new TextDecoder().decode(map.read())));
  const found = sourceMap.findEntry(Number(line) - 1, Number(column) - 1);
  if (!("originalSource" in found)) return inZip;
  const source = `${found.originalSource}:${found.originalLine + 1}:${found.originalColumn + 1}`;
  return inZip.replace(text, source);
}

/** Writes files as Lambda does to `/var/task`. */
function unpack(files: readonly PackageFile[], directory: string): void {
  mkdirSync(directory, { recursive: true });
  for (const { path, executable, read } of files) {
    const file = join(directory, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, read());
    if (executable) chmodSync(file, 0o755);
  }
}

type Ended = {
  readonly answer: string;
  readonly stderr: string;
  readonly outOfMemory: boolean;
  readonly timedOut: boolean;
  readonly exit: string;
};

/** What Lambda would set for the function. Its code is loaded once for all functions that share it. */
function environmentOf(root: string, options: LoadOptions): Readonly<Record<string, string>> {
  const { environment, layers, memory, runtime } = options;
  const variables = functionEnvironment({
    ...{ name: "function", handler: "index.handler", runtime, memory, environment, layers, root },
    region: "us-east-1",
    credentials: NO_CREDENTIALS,
    path: "/usr/local/bin:/usr/bin:/bin",
    caFile: undefined,
    dynamodbEndpoint: undefined,
    nodePath: undefined,
  });
  return withLocalFiles({ root, layers }, variables);
}

/** Clients of AWS want some when they are made; no call leaves the process. */
const NO_CREDENTIALS = { accessKeyId: "none", secretAccessKey: "none", sessionToken: "none" };

function run(loader: string, task: string, options: LoadOptions): Promise<Ended> {
  const { entry, exportPaths, layers, memory, timeoutMs = INIT_MS } = options;
  // A layer's wrapper would start the runtime, which does not exist here.
  const { AWS_LAMBDA_EXEC_WRAPPER: _wrapper, ...environment } = environmentOf(task, options);
  const [program = "", ...args] = launch({ root: task, layers, environment }, [
    process.execPath,
    ...nodeFlags(memory),
    loader,
    join(task, entry),
    ...exportPaths,
  ]);
  const child = spawn(program, args, {
    cwd: task,
    env: environment,
    stdio: ["ignore", "ignore", "pipe", "pipe"],
  });
  return new Promise((resolve, reject) => {
    let [answer, stderr, outOfMemory, timedOut] = ["", "", false, false];
    const timer = setTimeout(() => {
      timedOut = true;
      child.kill("SIGKILL");
    }, timeoutMs);
    child.stdio[3]?.on("data", (chunk) => {
      answer += chunk;
    });
    child.stderr?.on("data", (chunk) => {
      stderr += chunk;
      outOfMemory ||= /JavaScript heap out of memory/.test(stderr);
      stderr = stderr.slice(-STDERR_CHARS);
    });
    child.once("error", reject);
    child.once("close", (code, signal) => {
      clearTimeout(timer);
      resolve({ answer, stderr, outOfMemory, timedOut, exit: signal ?? `status ${code}` });
    });
  });
}

type Answer = {
  readonly functions?: readonly string[];
  readonly exports?: readonly string[];
  readonly error?: string;
  /** The topmost line of the stack. */
  readonly at?: string;
  /** The destination of a blocked connection, if any. */
  readonly blocked?: string;
  readonly isSyntaxError?: boolean;
};

function interpret(ended: Ended, options: LoadOptions): Loaded {
  const last = ended.answer.trimEnd().split("\n").at(-1) ?? "";
  const answer: Answer = last === "" ? {} : JSON.parse(last);
  const { functions, exports } = answer;
  if (functions !== undefined && exports !== undefined) {
    return { kind: "loaded", functions, exports };
  }
  if (answer.blocked !== undefined) {
    return { kind: "unknown", because: `it connects to ${answer.blocked} while it loads` };
  }
  if (ended.outOfMemory) return { kind: "out-of-memory" };
  const error = answer.error ?? silentEnd(ended, options);
  const brought = options.brought.find((name) => error.includes(`'${name}'`));
  if (brought !== undefined) {
    return { kind: "unknown", because: `it imports ${brought}, which only Lambda has` };
  }
  const loaded = namesIn(error).find((name) => isInLayer(name, options));
  if (loaded !== undefined) return { kind: "unknown", because: `it loads ${loaded} from a layer` };
  return { kind: "failed", error: answer.at === undefined ? error : `${error} ${answer.at}` };
}

function namesIn(error: string): readonly string[] {
  return [...error.matchAll(/'([^']+)'/g)].map(([, name = ""]) => name);
}

/**
 * Whether a layer has a file or package that the code could not load: wsgw cannot mount layers at `/opt` on
 * every system, and only Lambda's Node searches `NODE_PATH` for ES modules.
 */
function isInLayer(name: string, { layers, runtime }: LoadOptions): boolean {
  const places = name.startsWith(OPT)
    ? filesInLayers(layers, name)
    : nodeDirectories(layers, runtime).map((directory) => join(directory, name));
  return places.some((place) => {
    try {
      return createRequire(place).resolve(place) !== "";
    } catch {
      return false;
    }
  });
}

function silentEnd(
  { timedOut, exit, stderr }: Ended,
  { timeoutMs = INIT_MS }: LoadOptions,
): string {
  if (timedOut) return `it did not load within ${timeoutMs / 1000} s`;
  const said = stderr.trim().split("\n").at(-1) ?? "";
  return `its process ended with ${exit} while it loaded${said === "" ? "" : `: ${said}`}`;
}
