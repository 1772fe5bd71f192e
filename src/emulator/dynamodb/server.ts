import { once } from "node:events";
import { createServer, type RequestListener, type ServerResponse } from "node:http";
import { setTimeout } from "node:timers/promises";
import { whyNotListening } from "../../errors/in-words.ts";
import { WsgwError } from "../../errors.ts";
import { onlyOnce } from "../../values/only-once.ts";
import { listenLocally } from "../network/free-port.ts";
import { readTarget } from "../network/request-target.ts";

/** The port of the built-in DynamoDB. */
export type DynamoDbServer = {
  readonly endpoint: string;
  stop(): Promise<void>;
};

/** Frozen Lambda environments keep connections for this time and reuse them. */
const KEEP_ALIVE_MS = 75_000;
/** Time that `stop()` waits for pending responses. */
const LAST_ANSWERS_MS = 1_000;

/** Listens on 127.0.0.1; port 0 takes any free port. */
export async function startDynamoDbServer(
  port: number,
  listener: RequestListener,
): Promise<DynamoDbServer> {
  const answering = new Set<ServerResponse>();
  const forget = function (this: ServerResponse): void {
    answering.delete(this);
  };
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, (request, response) => {
    request.on("error", ignore); // the client has disconnected
    readTarget(request);
    answering.add(response);
    response.on("close", forget);
    listener(request, response);
  });
  const actual = await listenLocally(server, port).catch((cause: unknown) => {
    const message = `The DynamoDB cannot listen on port ${port} of 127.0.0.1: ${whyNotListening(cause)}.`;
    throw new WsgwError("DYNAMODB_PORT_UNUSABLE", message, { cause });
  });

  async function stop(): Promise<void> {
    const end = new Promise<void>((resolve) => server.close(() => resolve()));
    const answered = [...answering].map((response) => once(response, "close"));
    const limit = setTimeout(LAST_ANSWERS_MS, undefined, { ref: false });
    if (answered.length > 0) await Promise.race([Promise.allSettled(answered), limit]);
    server.closeAllConnections();
    await end;
  }

  return { endpoint: `http://127.0.0.1:${actual}`, stop: onlyOnce(stop) };
}

function ignore(): void {}
