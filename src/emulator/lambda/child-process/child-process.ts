import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { createRequire } from "node:module";
import type { Duplex } from "node:stream";
import { createGuard, type Guard } from "../../../processes/guard.ts";
import { createLineSplitter } from "../../../processes/lines.ts";
import {
  type ProcessEnd,
  processEnd,
  signalGroup,
  whyNotSpawned,
} from "../../../processes/process-group.ts";
import type { StoppedCall } from "../../network/rules/stopped-call.ts";
import type { EnvironmentEvent, FunctionSpec, Report } from "../environment-contract.ts";
import { launch } from "../exec-wrapper.ts";
import { openPrefetchClaims } from "../prefetch.ts";
import type { FunctionError } from "../rules/function-errors.ts";
import { limitMs } from "../rules/function-timeout.ts";
import { nodeFlags } from "../rules/node-flags.ts";
import type { PendingWork } from "../rules/pending-work.ts";
import { withTemporaryDirectory } from "../temporary-directory.ts";
import { withWholeFiles } from "../whole-files.ts";
import type { StartOrder } from "./child/bootstrap.ts";
import type { ChildEnvironment, StartChild } from "./child-environment.ts";
import { createFrameReader, encodeFrame, FRAME, firstLine } from "./protocol.ts";

/**
 * Starting the guard must not delay the first event. Until then an orphan ends by itself, unless it loops.
 */
const GUARDED_AFTER_MS = 200;

export type ChildProcesses = { readonly start: StartChild };

/**
 * Runs each environment as a child process, one event at a time. The child waits for its next event in a
 * blocking read, so no code of the function runs between events. `program` is the built bootstrap.
 */
export function createChildProcesses(program: string = builtProgram()): ChildProcesses {
  const guard = createGuard({ startsAfterMs: GUARDED_AFTER_MS });
  return {
    start: withWholeFiles(
      withTemporaryDirectory((spec, report) => startChild(program, guard, spec, report)),
    ),
  };
}

/** Resolves the package's own name, which finds the built file both from the sources and from the package. */
function builtProgram(): string {
  return createRequire(import.meta.url).resolve("#lambda-child");
}

function startChild(
  program: string,
  guard: Guard,
  spec: FunctionSpec,
  report: (report: Report) => void,
): ChildEnvironment {
  const debugging = spec.debugPort === undefined ? [] : [`--inspect=127.0.0.1:${spec.debugPort}`];
  const claims = openPrefetchClaims(randomUUID());
  const flags = nodeFlags(spec.memory, spec.environment.NODE_OPTIONS);
  const [file = "", ...args] = launch(spec, [process.execPath, ...flags, ...debugging, program]);
  const child = spawn(file, args, {
    cwd: spec.root,
    env: spec.environment,
    detached: process.platform !== "win32", // its own process group, to kill all of it
    stdio: ["ignore", "pipe", "pipe", "pipe", claims?.fd ?? "ignore"],
    windowsHide: true,
  });
  const forgotten = watch(child, guard);
  const gone = endOf(child, spec.root);
  void gone.then((end) => {
    report({ kind: "ended", end });
    claims?.close();
  });

  readPrinted(child, report);
  // Undefined if this process has too many open files; its end is reported in that case.
  const channel = child.stdio?.[3] as Duplex | undefined;
  // A write to a process that has just ended fails; the end is reported anyway.
  channel?.on("error", () => {});
  const read = createFrameReader((kind, body, bytes) => report(toReport(kind, body, bytes)));
  channel?.on("data", (chunk: Buffer) => {
    channel.cork(); // responses that arrive together make room for as many events: one write for all
    read(chunk);
    channel.uncork();
  });
  const send = (kind: number, body: string): void => void channel?.write(encodeFrame(kind, body));
  send(FRAME.start, JSON.stringify(startOrder(spec)));

  let given = 0;
  return {
    assume: (next) => send(FRAME.start, JSON.stringify(startOrder(next))),
    run: (event) => send(FRAME.event, linesOf(event)),
    prefetch: claims && {
      give(event) {
        given += 1;
        send(FRAME.prefetch, `${given}\n${linesOf(event)}`);
        return given;
      },
      takeBack: () => claims.takeBack(given),
    },
    async stop() {
      signalGroup(child, "SIGKILL");
      await Promise.all([gone, forgotten]);
    },
  };
}

/** Makes an environment end with this process. Resolves when that is no longer needed. */
function watch(child: ChildProcess, guard: Guard): Promise<void> {
  const { pid } = child;
  if (pid === undefined) return Promise.resolve();
  guard.watch(pid);
  return new Promise((resolve) => {
    child.once("exit", () => {
      signalGroup(child, "SIGKILL"); // programs that the function started end with it, as on Lambda
      resolve(guard.forget(pid));
    });
  });
}

function linesOf({ awsRequestId, qualifier = "", trace, event }: EnvironmentEvent): string {
  return `${awsRequestId}\n${qualifier}\n${trace}\n${event}`;
}

function startOrder(spec: FunctionSpec): StartOrder {
  return {
    handler: spec.handler,
    code: spec.code,
    layers: spec.layers ?? [],
    arn: spec.arn,
    timeoutMs: limitMs(spec.timeout, "loaded"),
    network: spec.network,
    isPrewarmed: spec.isPrewarmed === true,
    isDebugged: spec.debugPort !== undefined,
    logStream: spec.environment.AWS_LAMBDA_LOG_STREAM_NAME ?? "",
  };
}

/** The end of the process, after everything in its channel has been read. */
function endOf(child: ChildProcess, root: string): Promise<ProcessEnd> {
  return new Promise((resolve) => {
    child.once("error", (error) =>
      resolve({ kind: "never-started", reason: whyNotSpawned(error, child.spawnfile, root) }),
    );
    child.once("exit", (code, signal) => {
      const end = processEnd(code, signal);
      const channel = child.stdio[3];
      if (!channel || channel.destroyed) resolve(end);
      else channel.once("close", () => resolve(end));
    });
  });
}

/** Output that does not go through the console: from native code, child programs and V8. */
function readPrinted(child: ChildProcess, report: (report: Report) => void): void {
  for (const stream of ["stdout", "stderr"] as const) {
    const lines = createLineSplitter((text) => {
      report({ kind: "logged", awsRequestId: undefined, stream, text });
    });
    child[stream]?.on("data", lines.push);
    child[stream]?.on("end", lines.flush);
  }
}

function memoryIn(body: string): Report {
  const [maxKb, bareKb] = firstLine(body);
  return { kind: "memory", maxKb: Number(maxKb), bareKb: Number(bareKb) };
}

function toReport(kind: number, body: string, bytes: number): Report {
  switch (kind) {
    case FRAME.returned:
      return { kind: "returned", payload: body, bytes };
    case FRAME.initialized:
      return { kind: "initialized", initMs: Number(body) };
    case FRAME.failed:
    case FRAME.broken: {
      const error = JSON.parse(body) as FunctionError;
      return { kind: "failed", error, leaving: kind === FRAME.broken };
    }
    case FRAME.stopped:
      return { kind: "stopped", call: JSON.parse(body) as StoppedCall };
    case FRAME.unfinished: {
      const [awsRequestId, work] = firstLine(body);
      return { kind: "unfinished", awsRequestId, work: JSON.parse(work) as PendingWork[] };
    }
    case FRAME.skipped:
      return { kind: "skipped", number: Number(body) };
    case FRAME.took:
      return { kind: "took", ms: Number(body) };
    case FRAME.memory:
      return memoryIn(body);
    default: {
      const [id, text] = firstLine(body);
      const stream = kind === FRAME.stdout ? "stdout" : "stderr";
      return { kind: "logged", awsRequestId: id === "" ? undefined : id, stream, text };
    }
  }
}
