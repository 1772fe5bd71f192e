import { mkdirSync, readFileSync } from "node:fs";
import { devNull } from "node:os";
import { join, relative } from "node:path";
import { isFile } from "../../bundle/folder-files.ts";
import { WsgwError } from "../../errors.ts";
import { startCommand } from "../../processes/command.ts";
import type { ProcessEnd } from "../../processes/process-group.ts";
import { isObject, parseJson } from "../../values/json.ts";
import type { App } from "./app.ts";
import { synthEnvironment } from "./rules/synth-environment.ts";

export type SynthOptions = {
  /** Where the app writes its assembly; absolute. */
  readonly outputFolder: string;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly accountId: string;
  readonly region: string | undefined;
  /** Ends it, with all that the app has started. */
  readonly signal?: AbortSignal | undefined;
  /** Takes a sentence about what is run. */
  readonly report?: ((text: string) => void) | undefined;
  /** In ms. Default 300,000. */
  readonly limitMs?: number | undefined;
};

/** Apps with Docker bundling take minutes the first time. */
const LIMIT_MS = 300_000;
/** How much of what an app printed is worth repeating: the end has the error. */
const LAST_LINES = 12;

/**
 * Runs the command of an app as `cdk synth` does, without credentials and without the CDK's command line. Throws
 * CONFIG_UNREADABLE with what the app printed last when it fails.
 */
export async function synthesise(app: App, options: SynthOptions): Promise<void> {
  const { outputFolder, env, accountId, region, signal, limitMs = LIMIT_MS } = options;
  const { folder, context } = app;
  const command = commandOf(app, options.cwd);
  mkdirSync(outputFolder, { recursive: true });
  const printed: string[] = [];
  options.report?.(`Synthesising the app: ${command}`);
  const lookedUp = contextIn(join(folder, "cdk.context.json"));
  const running = startCommand({
    command: inShell(command),
    cwd: folder,
    env: synthEnvironment({
      env,
      contexts: [context, lookedUp],
      outputFolder,
      accountId,
      region,
      emptyFile: devNull,
    }),
    printed: (_, text) => printed.push(text),
  });
  const end = await Promise.race([running.ended, stopped(signal, limitMs)]).finally(running.stop);
  const why = whyFailed(end, limitMs);
  if (why === undefined) return;
  const said = printed.filter((line) => line.trim() !== "").slice(-LAST_LINES);
  const shown = relative(options.cwd, app.file);
  const message = [`${shown} cannot be read: its app (${command}) ${why}.`, ...said].join("\n  ");
  throw new WsgwError("CONFIG_UNREADABLE", message, {
    hint: "Correct the app; `cdk synth` shows all that it prints.",
  });
}

function commandOf({ app, file, folder }: App, cwd: string): string {
  if (app === undefined) {
    const message = `${relative(cwd, file)} names no app. Add the command that synthesises it, such as "app": "npx tsx bin/app.ts".`;
    throw new WsgwError("CONFIG_UNREADABLE", message);
  }
  // as the CDK's command line, which starts scripts by their endings
  return /\.[cm]?js$/.test(app) && isFile(join(folder, app)) ? `node "${app}"` : app;
}

function inShell(command: string): readonly string[] {
  return process.platform === "win32"
    ? [process.env.ComSpec ?? "cmd.exe", "/d", "/s", "/c", command]
    : ["/bin/sh", "-c", command];
}

type Stopped = { readonly kind: "aborted" } | { readonly kind: "late" };

function stopped(signal: AbortSignal | undefined, limitMs: number): Promise<Stopped> {
  return new Promise((resolve) => {
    setTimeout(resolve, limitMs, { kind: "late" }).unref();
    const abort = () => resolve({ kind: "aborted" });
    if (signal?.aborted === true) abort();
    else signal?.addEventListener("abort", abort, { once: true });
  });
}

/** Ends a sentence that begins with the command; undefined where it did not fail. */
function whyFailed(end: ProcessEnd | Stopped, limitMs: number): string | undefined {
  switch (end.kind) {
    case "exited":
      return end.code === 0 ? undefined : `exits with code ${end.code}`;
    case "signalled":
      return `is ended by ${end.signal}`;
    case "never-started":
      return `cannot be started: ${end.reason}`;
    case "late":
      return `still runs after ${limitMs / 1_000} s`;
    case "aborted":
      return "was stopped";
    default:
      return end satisfies never;
  }
}

function contextIn(file: string): Readonly<Record<string, unknown>> {
  const json = isFile(file) ? parseJson(readFileSync(file, "utf8"))?.value : undefined;
  return isObject(json) ? json : {};
}
