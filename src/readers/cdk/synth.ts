import { mkdirSync } from "node:fs";
import { devNull } from "node:os";
import { join, relative } from "node:path";
import { isFile } from "../../bundle/directory-files.ts";
import { WsgwError } from "../../errors.ts";
import { objectOf, parseJson } from "../../values/json.ts";
import { readTextFile } from "../text-file.ts";
import { runTimeLimited, type TimeLimitedCommand } from "../time-limited-command.ts";
import type { App } from "./app.ts";
import { synthEnvironment } from "./rules/synth-environment.ts";

export type SynthOptions = Pick<TimeLimitedCommand, "env" | "signal" | "limitMs"> & {
  /** The output directory of the assembly; absolute. */
  readonly outputDirectory: string;
  readonly cwd: string;
  readonly accountId: string;
  readonly region: string | undefined;
  /** Receives a sentence about the command that runs. */
  readonly report?: ((text: string) => void) | undefined;
};

/**
 * Runs the command of an app as `cdk synth` does, without credentials and without the CDK CLI. If it fails,
 * throws CONFIG_UNREADABLE with the end of the app's output.
 */
export async function synthesise(app: App, options: SynthOptions): Promise<void> {
  const { outputDirectory, env, accountId, region, signal, limitMs } = options;
  const { directory, context } = app;
  const command = commandOf(app, options.cwd);
  mkdirSync(outputDirectory, { recursive: true });
  options.report?.(`Synthesising the app: ${command}`);
  const lookedUp = contextIn(join(directory, "cdk.context.json"));
  const failure = await runTimeLimited({
    command: inShell(command),
    cwd: directory,
    env: synthEnvironment({
      env,
      contexts: [context, lookedUp],
      outputDirectory,
      accountId,
      region,
      emptyFile: devNull,
    }),
    signal,
    limitMs,
  });
  if (failure === undefined) return;
  const { why, said } = failure;
  const shown = relative(options.cwd, app.file);
  const message = [`${shown} cannot be read: its app (${command}) ${why}.`, ...said].join("\n  ");
  throw new WsgwError("CONFIG_UNREADABLE", message, {
    hint: "Correct the app. `cdk synth` shows its full output.",
  });
}

function commandOf({ app, file, directory }: App, cwd: string): string {
  if (app === undefined) {
    const message = `${relative(cwd, file)} does not set an app. Add the command that synthesises it, such as "app": "npx tsx bin/app.ts".`;
    throw new WsgwError("CONFIG_UNREADABLE", message);
  }
  // like the CDK CLI, which runs scripts by their extension
  return /\.[cm]?js$/.test(app) && isFile(join(directory, app)) ? `node "${app}"` : app;
}

function inShell(command: string): readonly string[] {
  return process.platform === "win32"
    ? [process.env.ComSpec ?? "cmd.exe", "/d", "/s", "/c", command]
    : ["/bin/sh", "-c", command];
}

function contextIn(file: string): Readonly<Record<string, unknown>> {
  if (!isFile(file)) return {};
  return objectOf(parseJson(readTextFile(file, "CONFIG_UNREADABLE"))?.value);
}
