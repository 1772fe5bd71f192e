import "./unset-flags.ts";
import { statSync } from "node:fs";
import { close as closeInspector } from "node:inspector";
import { optimiseEarly } from "../../../../processes/optimise-early.ts";
import { type Redirect, redirectSockets } from "../../../network/redirected-sockets.ts";
import type { Network } from "../../../network/rules/hosts.ts";
import type { FunctionCode } from "../../environment-contract.ts";
import { callHandler, handlerAt, parametersOf } from "../../handler-call.ts";
import { createPrefetchClaimant } from "../../prefetch.ts";
import { adviceOnCallback } from "../../rules/callback-handlers.ts";
import {
  type FunctionError,
  loadError,
  reportedError,
  unhandledRejection,
} from "../../rules/function-errors.ts";
import { invokedArn } from "../../rules/invoked-arn.ts";
import type { Layers } from "../../rules/layers.ts";
import { adviceOnNodePackage } from "../../rules/missing-package.ts";
import { shownRemainingMs } from "../../rules/while-debugging.ts";
import { awsLambdaFor } from "../../streaming-handlers.ts";
import { FRAME, firstLine } from "../protocol.ts";
import { createChannel, type Frame, leave } from "./channel.ts";
import { loadModule, loadSdk } from "./load.ts";
import { createMemoryGauge, watchMemory } from "./memory.ts";
import { captureOutput } from "./output.ts";
import { createPendingWatch } from "./pending-watch.ts";
import { traceCalls } from "./trace-calls.ts";
import { createUnfrozenChannel } from "./unfrozen-channel.ts";
import { warmUp } from "./warm-up.ts";
import { wrapperHandler } from "./wrapper-handler.ts";

// The program of an execution environment. It waits for an event in a blocking read, so between events the
// process is frozen, and then calls the user's handler. The gateway decides everything else.

/** The gateway's first message to a child, about its function. */
export type StartOrder = {
  readonly handler: string;
  readonly code: FunctionCode;
  readonly layers: Layers;
  readonly arn: string;
  readonly timeoutMs: number;
  readonly network: Network | undefined;
  /** Whether it starts before an event needs it. */
  readonly isPrewarmed: boolean;
  /** Whether a debugger may attach while the process waits, and pause it for any time. */
  readonly isDebugged: boolean;
  readonly logStream: string;
};

const ORPHAN_CHECK_MS = 1000;
const NO_REQUEST = "";
/** The descriptor that the gateway passes in addition to the channel's. */
const CLAIMS_FD = 4;

const channel = createChannel();
let order = JSON.parse(channel.receive().body) as StartOrder;
/** A copy, because reading a variable of the process itself is slow. */
const environment = { ...process.env };
const unfrozen = order.isDebugged ? createUnfrozenChannel(channel.rest()) : undefined;
const claim = createPrefetchClaimant(CLAIMS_FD);
const pendingWork = createPendingWatch();
const tellMemory = createMemoryGauge((maxKb, bareKb) =>
  channel.send(FRAME.memory, `${maxKb}\n${bareKb}`),
);
let requestId = NO_REQUEST;
let arn = "";
let running = false;
let hasAnswered = false;
let afterLoop: (() => void) | undefined;
let handler: Parameters<typeof callHandler>[0] | undefined;

const flushOutput = captureOutput((stream, text) => {
  channel.send(FRAME[stream], `${requestId}\n${text}`);
});

if (order.network !== undefined) {
  const redirect: Redirect = {
    network: order.network,
    functionName: environment.AWS_LAMBDA_FUNCTION_NAME ?? "",
    onStopped: (call) => channel.send(FRAME.stopped, JSON.stringify(call)),
  };
  redirectSockets(() => redirect);
  traceCalls(order.network, () => process.env._X_AMZN_TRACE_ID);
}
process.on("uncaughtException", (error) =>
  breakDown(129, "Uncaught Exception", reportedError(error)),
);
process.on("unhandledRejection", (reason) => {
  breakDown(128, "Unhandled Promise Rejection", unhandledRejection(reason));
});
process.on("beforeExit", () => afterLoop?.());
process.on("exit", flushOutput);
// A process with an attached debugger would wait for it to detach.
if (order.isDebugged) process.on("exit", closeInspector);
// On systems without process groups Ctrl-C reaches this process too; the gateway lets handlers finish and
// then ends it.
process.on("SIGINT", () => {});
watchParent();
watchMemory(tellMemory, () => running);
setImmediate(() => void loadAhead().then(takeEvent));

async function loadAhead(): Promise<void> {
  if (order.isDebugged || !channel.hasMore()) await loadSdk(order.code, order.layers);
  if (order.isPrewarmed && !channel.hasMore()) await warmUp(order.code, order.network);
}

function takeEvent(): void {
  afterLoop = undefined;
  if (requestId !== NO_REQUEST) tellUnfinished();
  if (unfrozen !== undefined) unfrozen(take);
  else take(channel.receive());
}

function take({ kind, body }: Frame): void {
  if (kind === FRAME.start) {
    assume(JSON.parse(body));
    takeEvent();
    return;
  }
  if (kind === FRAME.event) {
    begin(body);
    return;
  }
  const [number, rest] = firstLine(body);
  if (claim(Number(number))) {
    begin(rest);
    return;
  }
  channel.send(FRAME.skipped, number);
  takeEvent();
}

function begin(body: string): void {
  const [id, afterId] = firstLine(body);
  const [qualifier, afterQualifier] = firstLine(afterId);
  const [trace, event] = firstLine(afterQualifier);
  requestId = id;
  arn = invokedArn(order.arn, qualifier === "" ? undefined : qualifier);
  running = true;
  process.env._X_AMZN_TRACE_ID = trace;
  if (handler === undefined) void initialize(event);
  else call(handler, event);
}

/** The code changed while this process waited for its first event. */
function assume(next: StartOrder): void {
  // If a wrapper script has set its own handler, that stays.
  const { _HANDLER } = environment;
  const news = {
    AWS_LAMBDA_LOG_STREAM_NAME: next.logStream,
    ...(_HANDLER === order.handler && { _HANDLER: next.handler }),
  };
  Object.assign(environment, news);
  Object.assign(process.env, news);
  order = next;
}

/** The code may be the old one, the new one, or a mixture. */
const CHANGED = loadError(new Error("The code changed while it was loaded."));

function stateOf(files: readonly string[] = []): string {
  const stats = files.map((file) => statSync(file, { throwIfNoEntry: false }));
  return stats.map((stat) => `${stat?.ino} ${stat?.mtimeMs} ${stat?.size}`).join();
}

async function initialize(event: string): Promise<void> {
  const startedAt = performance.now();
  const awslambda = awsLambdaFor(environment);
  if (awslambda !== undefined) Object.assign(globalThis, { awslambda });
  const handed = wrapperHandler(order, environment);
  if ("error" in handed) return breakDown(129, "Uncaught Exception", handed.error);
  const before = stateOf(order.code.files);
  const loaded = await loadModule(handed.code, order.layers);
  if ("error" in loaded) {
    advise(adviceOnNodePackage(loaded.error));
    return breakDown(129, "Uncaught Exception", loaded.error);
  }
  const found = handlerAt(loaded.exports, handed.code.exportPath, handed.handler);
  if ("error" in found) return breakDown(129, "Uncaught Exception", found.error);
  if (stateOf(order.code.files) !== before) return breakDown(129, "Uncaught Exception", CHANGED);
  handler = found.handler;
  advise(adviceOnCallback(parametersOf(handler), environment.AWS_EXECUTION_ENV));
  pendingWork.forget();
  channel.send(FRAME.initialized, (performance.now() - startedAt).toFixed(1));
  call(handler, event);
}

function call(handler: Parameters<typeof callHandler>[0], event: string): void {
  const deadline = Date.now() + order.timeoutMs;
  const begunAt = performance.now();
  callHandler(handler, JSON.parse(event), {
    awsRequestId: requestId,
    arn,
    environment,
    remainingMs: () => shownRemainingMs(order.isDebugged, order.timeoutMs, deadline - Date.now()),
    answer(answer) {
      flushOutput();
      running = false;
      tellMemory();
      const took = tookSince(begunAt);
      if (answer.kind === "returned") channel.send(FRAME.returned, answer.payload, took);
      else channel.send(FRAME.failed, JSON.stringify(withoutOwnFrames(answer.error)), took);
      if (!hasAnswered) optimiseEarly(); // the first event has loaded what it needs
      hasAnswered = true;
      setImmediate(takeEvent);
    },
    whenLoopEmpties(run) {
      afterLoop = run;
    },
  });
}

function tookSince(begunAt: number): Frame {
  return { kind: FRAME.took, body: (performance.now() - begunAt).toFixed(3) };
}

/** One turn after the response, sockets of completed requests have become idle. */
function tellUnfinished(): void {
  const work = pendingWork.take();
  if (work.length > 0) channel.send(FRAME.unfinished, `${requestId}\n${JSON.stringify(work)}`);
}

function advise(advice: string | undefined): void {
  if (advice !== undefined) channel.send(FRAME.stderr, `${requestId}\n${advice}`);
}

/** An error outside any response ends the environment, and with it the running event. */
function breakDown(exitCode: number, what: string, error: FunctionError): void {
  flushOutput();
  const shown = JSON.stringify(withoutOwnFrames(error));
  if (running) channel.send(FRAME.broken, shown);
  else channel.send(FRAME.stderr, `${requestId}\n${what}\t${shown}`);
  process.exit(exitCode);
}

/** Frames of this file say nothing about the user's code. */
function withoutOwnFrames(error: FunctionError): FunctionError {
  return { ...error, trace: error.trace.filter((line) => !line.includes(__filename)) };
}

/**
 * A handler that never ends would outlive a killed gateway. Frozen processes notice the end of the channel.
 */
function watchParent(): void {
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) leave();
  }, ORPHAN_CHECK_MS).unref();
}
