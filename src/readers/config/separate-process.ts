import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { whyNotStarted } from "../../errors/in-words.ts";
import { createGuard } from "../../processes/guard.ts";
import { signalGroup } from "../../processes/process-group.ts";
import type { PlainOutcome } from "./config-child.ts";
import type { ConfigModule, Evaluate, Outcome } from "./default-export.ts";
import { fromPlain } from "./plain-definition.ts";

/** Limits for a load that takes too long. */
export type LoadLimits = {
  readonly signal?: AbortSignal | undefined;
  /** In ms. Default 30,000. */
  readonly limitMs?: number | undefined;
  /** The working directory of the code. Default: that of this process. */
  readonly cwd?: string | undefined;
};

const LIMIT_MS = 30_000;

/** Most configs are loaded by then, so the guard need not start. */
const GUARDED_AFTER_MS = 1_000;

const HINT = "The config's own code does this. Correct it there.";

/**
 * Gives `work` a process in which to load a config, which starts at once. The process and all its child
 * programs end with `work`, including timers that throw and endless loops.
 */
export async function apart<T>(
  env: Readonly<Record<string, string | undefined>>,
  { signal, limitMs = LIMIT_MS, cwd }: LoadLimits = {},
  work: (evaluate: Evaluate) => Promise<T>,
): Promise<T> {
  const guard = createGuard({ startsAfterMs: GUARDED_AFTER_MS });
  const child = startChild(env, cwd);
  const { pid } = child;
  if (pid !== undefined) guard.watch(pid);

  let timer: NodeJS.Timeout | undefined;
  const failed = new Promise<string>((resolve) => {
    onEnd(child, (how) => resolve(`the process that loads it ${how}.`));
    const seconds = limitMs / 1_000;
    timer = setTimeout(resolve, limitMs, `it does not finish loading within ${seconds} s.`);
    signal?.addEventListener("abort", () => resolve("its loading was stopped."), { once: true });
  });
  try {
    return await work((module) => {
      const mistake = async (): Promise<Outcome> => {
        const message = `${module.file}: ${await failed}`;
        return { kind: "mistake", message, hint: HINT };
      };
      return Promise.race([answerOf(child, module), mistake()]);
    });
  } finally {
    clearTimeout(timer);
    signalGroup(child, "SIGKILL");
    if (pid !== undefined) await guard.forget(pid);
  }
}

/** Configs that read the command line see that of this process. */
function startChild(
  env: Readonly<Record<string, string | undefined>>,
  cwd: string | undefined,
): ChildProcess {
  const program = createRequire(import.meta.url).resolve("#config-child");
  return fork(program, process.argv.slice(2), {
    env,
    cwd,
    execArgv: [],
    detached: process.platform !== "win32", // its own process group, to kill all of it
    serialization: "advanced",
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
}

async function answerOf(child: ChildProcess, module: ConfigModule): Promise<Outcome> {
  child.send(module, () => {}); // a process without a message ends
  const [outcome] = (await once(child, "message")) as [PlainOutcome];
  return outcome.kind === "definition"
    ? { kind: "definition", definition: fromPlain(outcome) }
    : outcome;
}

/** Handles messages that the process sent before its end first. */
function onEnd(child: ChildProcess, tell: (how: string) => void): void {
  child.once("error", (error) => tell(`cannot start: ${whyNotStarted(error)}`));
  child.once("exit", (code, signal) => {
    const how = signal === null ? `exits with code ${code}` : `is ended by ${signal}`;
    const reportEnd = () => tell(`${how} before there is a definition`);
    if (child.connected) child.once("disconnect", reportEnd);
    else reportEnd();
  });
}
