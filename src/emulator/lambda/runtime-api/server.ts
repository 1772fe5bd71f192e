import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { onlyOnce } from "../../../values/only-once.ts";
import { listenLocally } from "../../network/free-port.ts";
import { RESULT_BYTES } from "../rules/function-errors.ts";
import { type RuntimeAnswer, type RuntimeCall, readRuntimeCall } from "../rules/runtime-api.ts";

/** The body of a call. */
export type CallBody = {
  readonly text: string;
  /** Length as sent; `text` is empty if it exceeds Lambda's limit. */
  readonly bytes: number;
  /** `Lambda-Runtime-Function-Error-Type`. */
  readonly errorType: string | undefined;
};

/** A pending call for the next event. */
export type Waiting = { give(answer: RuntimeAnswer): void };

/** The handlers for the calls of one process. */
export type RuntimeCalls = {
  readonly next: (waiting: Waiting) => void;
  /** The waiting process has disconnected. */
  readonly left: (waiting: Waiting) => void;
  readonly report: (call: Exclude<RuntimeCall, { kind: "next" }>, body: CallBody) => RuntimeAnswer;
};

/** The Lambda Runtime API of one execution environment. */
export type RuntimeServer = {
  /** Value of `AWS_LAMBDA_RUNTIME_API`. */
  readonly address: string;
  stop(): Promise<void>;
};

/**
 * Starts the HTTP side of the Lambda Runtime API, on its own port, so that a process cannot get another's
 * events.
 */
export async function startRuntimeServer(calls: RuntimeCalls): Promise<RuntimeServer> {
  const server = createServer((request, response) => void answer(request, response, calls));
  // A frozen process does not notice that an idle connection closes, and would write to it.
  server.keepAliveTimeout = 0;
  server.requestTimeout = 0;
  const port = await listenLocally(server);
  const stop = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { address: `127.0.0.1:${port}`, stop: onlyOnce(stop) };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  calls: RuntimeCalls,
): Promise<void> {
  const call = readRuntimeCall(request.method ?? "", request.url ?? "");
  if ("statusCode" in call) {
    request.resume();
    return write(response, call);
  }
  if (call.kind === "next") {
    const waiting = { give: (given: RuntimeAnswer) => write(response, given) };
    response.once("close", () => calls.left(waiting));
    return calls.next(waiting);
  }
  const body = await readBody(request);
  if (body !== undefined) write(response, calls.report(call, body));
}

/** Undefined if the process disconnected before the end. */
async function readBody(request: IncomingMessage): Promise<CallBody | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes <= RESULT_BYTES) chunks.push(chunk);
      else chunks.length = 0;
    }
  } catch {
    return undefined;
  }
  const errorType = request.headers["lambda-runtime-function-error-type"];
  return {
    text: Buffer.concat(chunks).toString("utf8"),
    bytes,
    errorType: Array.isArray(errorType) ? errorType[0] : errorType,
  };
}

function write(response: ServerResponse, { statusCode, headers, body }: RuntimeAnswer): void {
  response.writeHead(statusCode, { ...headers, "content-length": Buffer.byteLength(body) });
  response.end(body);
}
