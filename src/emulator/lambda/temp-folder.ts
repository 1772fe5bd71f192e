import { mkdtempSync, readdirSync, readlinkSync, rmSync, statSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isRunning } from "../../processes/is-running.ts";
import type { Environment, FunctionSpec, Report } from "./environment.ts";

type Start<E extends Environment> = (spec: FunctionSpec, report: (report: Report) => void) => E;

const PREFIX = "wsgw-tmp-";
/** The process that made it, and the name of those that could be seen from there. */
const FOLDER = /^wsgw-tmp-(\d+)-(?:([a-z\d]+)-)?[^-]*$/;
const SURELY_LEFT_MS = 24 * 60 * 60 * 1000;

/**
 * Gives each environment a folder for temporary files, which `TMPDIR` names and which goes with it: on
 * Lambda `/tmp` belongs to one environment. One that the function sets itself stays.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
 */
export function withTempFolder<E extends Environment>(start: Start<E>): Start<E> {
  let swept = false;

  return (spec, report) => {
    if (spec.environment.TMPDIR !== undefined) return start(spec, report);
    if (!swept) sweep();
    swept = true;
    const folder = mkdtempSync(join(tmpdir(), `${PREFIX}${process.pid}-${visibleProcesses()}-`));
    // What a handler has made undeletable is no reason to fail: a later sweep tries again.
    const remove = () =>
      rm(folder, { recursive: true, force: true, maxRetries: 2 }).catch(() => {});
    let environment: E;
    try {
      const own = { ...spec.environment, TMPDIR: folder };
      environment = start({ ...spec, environment: own }, report);
    } catch (error) {
      rmSync(folder, { recursive: true, force: true });
      throw error;
    }
    return {
      ...environment,
      async stop() {
        await environment.stop();
        await remove();
      },
    };
  };
}

/** Takes away what gateways have left behind that were killed. */
function sweep(): void {
  const visible = visibleProcesses();
  for (const name of names(tmpdir())) {
    const [, pid, processes] = FOLDER.exec(name) ?? [];
    if (pid === undefined || isRunning(Number(pid))) continue;
    const folder = join(tmpdir(), name);
    try {
      if (processes !== visible && Date.now() - statSync(folder).mtimeMs < SURELY_LEFT_MS) continue;
      rmSync(folder, { recursive: true, force: true });
    } catch {
      // Another user's, or a gateway that starts now does the same.
    }
  }
}

/**
 * Names the processes that can be seen from here: a container that shares the system's temporary folder
 * has others, of which nobody here can tell whether they run.
 */
function visibleProcesses(): string {
  try {
    return /\d+/.exec(readlinkSync("/proc/self/ns/pid"))?.[0] ?? process.platform;
  } catch {
    return process.platform;
  }
}

function names(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return []; // it may be made to be written and not to be read
  }
}
