import { mkdtempSync, readdirSync, readlinkSync, rmSync, statSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isRunning } from "../../processes/is-running.ts";
import type { Environment, FunctionSpec, Report } from "./environment-contract.ts";

type Start<E extends Environment> = (spec: FunctionSpec, report: (report: Report) => void) => E;

const PREFIX = "wsgw-tmp-";
/** Contains the id of the process that created it, and the name of its process namespace. */
const DIRECTORY = /^wsgw-tmp-(\d+)-(?:([a-z\d]+)-)?[^-]*$/;
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
    const directory = mkdtempSync(join(tmpdir(), `${PREFIX}${process.pid}-${visibleProcesses()}-`));
    // A directory that cannot be deleted must not fail anything: a later sweep retries.
    const remove = () => rm(directory, { recursive: true, maxRetries: 2 }).catch(() => {});
    let environment: E;
    try {
      const own = { ...spec.environment, TMPDIR: directory };
      environment = start({ ...spec, environment: own }, report);
    } catch (error) {
      rmSync(directory, { recursive: true });
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
    const [, pid, processes] = DIRECTORY.exec(name) ?? [];
    if (pid === undefined || isRunning(Number(pid))) continue;
    const directory = join(tmpdir(), name);
    try {
      if (processes !== visible && Date.now() - statSync(directory).mtimeMs < SURELY_LEFT_MS)
        continue;
      rmSync(directory, { recursive: true });
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

function names(directory: string): readonly string[] {
  try {
    return readdirSync(directory);
  } catch {
    return []; // it may be writable and not readable
  }
}
