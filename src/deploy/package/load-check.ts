import { spawn } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { PackageFile } from "./files.ts";
import { LOADER } from "./loader.ts";

/** What came of loading a function's zip. */
export type Loaded =
  /** `functions` are those of the asked paths that lead to one, `exports` all names that the module has. */
  | {
      readonly kind: "loaded";
      readonly functions: readonly string[];
      readonly exports: readonly string[];
    }
  | { readonly kind: "failed"; readonly error: string }
  /** Loading asked for something that only AWS has, so nothing is known. */
  | { readonly kind: "unknown"; readonly because: string };

type LoadOptions = {
  readonly files: readonly PackageFile[];
  /** `index.js` or `index.mjs`. */
  readonly entry: string;
  /** Of all functions whose code this may be. */
  readonly exportPaths: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** Packages that are not in the zip because Lambda has them. */
  readonly brought: readonly string[];
  /** Lambda's time for a cold start. @see https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html */
  readonly timeoutMs?: number;
};

const INIT_MS = 10_000;
const STDERR_CHARS = 2_000;

/**
 * Unpacks a function's files where no `node_modules` is near, and loads them in a Node process of
 * their own, without network, credentials or anything of this shell.
 */
export async function loadPackage(options: LoadOptions): Promise<Loaded> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "wsgw-load-")));
  try {
    const task = join(folder, "task");
    unpack(options.files, task);
    const loader = join(folder, "load.cjs");
    writeFileSync(loader, LOADER);
    const loaded = interpret(await run(loader, task, options), options);
    if (loaded.kind !== "failed") return loaded;
    return { kind: "failed", error: loaded.error.replaceAll(withinTask(task), "") };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The folder is gone when the error is read; places in it are places in the zip. */
function withinTask(task: string): RegExp {
  return new RegExp(`(?:file://)?${task.replace(/[.+^${}()|[\]\\]/g, "\\$&")}[/\\\\]`, "g");
}

/** Writes files as Lambda does into `/var/task`. */
export function unpack(files: readonly PackageFile[], folder: string): void {
  mkdirSync(folder, { recursive: true });
  for (const { path, executable, read } of files) {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, read());
    if (executable) chmodSync(file, 0o755);
  }
}

type Ended = {
  readonly answer: string;
  readonly stderr: string;
  readonly timedOut: boolean;
  readonly exit: string;
};

function run(loader: string, task: string, options: LoadOptions): Promise<Ended> {
  const { entry, exportPaths, environment, timeoutMs = INIT_MS } = options;
  const child = spawn(
    process.execPath,
    ["--enable-source-maps", loader, join(task, entry), ...exportPaths],
    {
      cwd: task,
      env: { AWS_REGION: "us-east-1", LAMBDA_TASK_ROOT: task, TZ: ":UTC", ...environment },
      stdio: ["ignore", "ignore", "pipe", "pipe"],
    },
  );
  return new Promise((resolve, reject) => {
    let [answer, stderr, timedOut] = ["", "", false];
    const timer = setTimeout(() => {
      timedOut = true;
      child.kill("SIGKILL");
    }, timeoutMs);
    child.stdio[3]?.on("data", (chunk) => {
      answer += chunk;
    });
    child.stderr?.on("data", (chunk) => {
      stderr = (stderr + chunk).slice(-STDERR_CHARS);
    });
    child.once("error", reject);
    child.once("close", (code, signal) => {
      clearTimeout(timer);
      resolve({ answer, stderr, timedOut, exit: signal ?? `status ${code}` });
    });
  });
}

type Answer = {
  readonly functions?: readonly string[];
  readonly exports?: readonly string[];
  readonly error?: string;
  /** Where a connection was about to go, if one was. */
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
    return { kind: "unknown", because: `it connects to ${answer.blocked} while it is loaded` };
  }
  const error = answer.error ?? silentEnd(ended, options);
  const brought = options.brought.find((name) => error.includes(`'${name}'`));
  if (brought !== undefined) {
    return { kind: "unknown", because: `it imports ${brought}, which only Lambda has` };
  }
  return { kind: "failed", error };
}

function silentEnd(
  { timedOut, exit, stderr }: Ended,
  { timeoutMs = INIT_MS }: LoadOptions,
): string {
  if (timedOut) return `it was not loaded within ${timeoutMs / 1000} s`;
  const said = stderr.trim().split("\n").at(-1) ?? "";
  return `its process ended with ${exit} while it was loaded${said === "" ? "" : `: ${said}`}`;
}
