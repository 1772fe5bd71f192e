import { mkdtempSync, readdirSync, readlinkSync, rmSync, statSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isRunning } from "../../processes/is-running.ts";
import type { Environment, FunctionSpec, Report } from "./environment.ts";

type Start<E extends Environment> = (spec: FunctionSpec, report: (report: Report) => void) => E;

const PREFIX = "wsgw-tmp-";
/** Contains the id of the process that created it, and the name of its process namespace. */
const FOLDER = /^wsgw-tmp-(\d+)-(?:([a-z\d]+)-)?[^-]*$/;
const SURELY_LEFT_MS = 24 * 60 * 60 * 1000;

/**
 * Gives each environment its own temporary directory in `TMPDIR`, deleted at its end: on Lambda, `/tmp`
 * belongs to one environment. A `TMPDIR` that the function sets stays.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
 */
export function withTemporaryDirectory<E extends Environment>(start: Start<E>): Start<E> {
  let swept = false;

  return (spec, report) => {
    if (spec.environment.TMPDIR !== undefined) return start(spec, report);
    if (!swept) sweep();
    swept = true;
    const folder = mkdtempSync(join(tmpdir(), `${PREFIX}${process.pid}-${visibleProcesses()}-`));
    // A directory that cannot be deleted must not fail anything: a later sweep retries.
    const remove = () => rm(folder, { recursive: true, maxRetries: 2 }).catch(() => {});
    let environment: E;
    try {
      const own = { ...spec.environment, TMPDIR: folder };
      environment = start({ ...spec, environment: own }, report);
    } catch (error) {
      rmSync(folder, { recursive: true });
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

/** Deletes directories that killed gateways left behind. */
function sweep(): void {
  const visible = visibleProcesses();
  for (const name of names(tmpdir())) {
    const [, pid, processes] = FOLDER.exec(name) ?? [];
    if (pid === undefined || isRunning(Number(pid))) continue;
    const folder = join(tmpdir(), name);
    try {
      if (processes !== visible && Date.now() - statSync(folder).mtimeMs < SURELY_LEFT_MS) continue;
      rmSync(folder, { recursive: true });
    } catch {
      // It belongs to another user, or another gateway deletes it at the same time.
    }
  }
}

/**
 * Identifies the process namespace. A container that shares the temporary directory has other processes,
 * whose state cannot be seen from here.
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
    return []; // it may be writable and not readable
  }
}
