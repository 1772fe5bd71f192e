import { once } from "node:events";
import { mkdirSync } from "node:fs";
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { createRequire } from "node:module";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { setTimeout } from "node:timers/promises";
import { whyNotWritten } from "../../errors/in-words.ts";
import { WsgwError } from "../../errors.ts";
import { type Databases, withFailedWrites } from "./failed-writes.ts";
import { type StepIntoDynamoDb, stepBefore } from "./stepped-dynamodb.ts";
import { type Writes, watchWrites } from "./watch-writes.ts";

export type LocalDynamoDb = {
  readonly endpoint: string;
  /** Loads what answers at the endpoint; who calls before has to wait. May be called twice. */
  load(): void;
  stop(): Promise<void>;
};

/** Frozen Lambda environments keep their connections for as long as that and reuse them. */
const KEEP_ALIVE_MS = 75_000;
/** How long `stop()` waits for answers under way. */
const LAST_ANSWERS_MS = 1_000;

/**
 * Opens the address of a DynamoDB of our own on 127.0.0.1: in memory, or in the folder `data`, which
 * one process at a time can use. Port 0 takes any free one. Loading it takes long enough for other
 * processes to be started meanwhile that need no more than the address.
 */
export async function openLocalDynamoDb(options: {
  readonly data: string | undefined;
  readonly port: number;
  /** Called for every call that changes items, once it is answered. */
  readonly onWrites?: ((writes: Writes) => void) | undefined;
  readonly stepIn?: StepIntoDynamoDb | undefined;
}): Promise<LocalDynamoDb> {
  const { data, onWrites, stepIn } = options;
  if (data !== undefined) await checkFolder(data);
  const early = new Set<Socket>();
  const address = createServer({ pauseOnConnect: true, allowHalfOpen: true }, (socket) => {
    early.add(socket);
  });
  const port = await listen(address, options.port);

  let stop = async (): Promise<void> => {
    for (const socket of early) socket.destroy();
    await closed(address);
  };
  let loaded = false;
  let stopped: Promise<void> | undefined;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    load() {
      if (loaded) return;
      loaded = true;
      // by require: import() would first read all of it for the names that it exports
      const require = createRequire(import.meta.url);
      const dynalite = require("dynalite") as typeof import("dynalite");
      const server = withFailedWrites(require("dynalite/db") as Databases, () =>
        dynalite({
          createTableMs: 0,
          deleteTableMs: 0,
          updateTableMs: 0,
          ...(data !== undefined && { path: data }),
        }),
      );
      server.keepAliveTimeout = KEEP_ALIVE_MS;
      if (stepIn !== undefined) {
        const [answer] = server.listeners("request");
        server.removeAllListeners("request");
        server.on("request", stepBefore(stepIn, answer as RequestListener));
      }
      const answering = new Set<ServerResponse>();
      const forget = function (this: ServerResponse): void {
        answering.delete(this);
      };
      // dynalite throws when a client breaks off, which would take the gateway along.
      server.on("request", (request: IncomingMessage, response: ServerResponse) => {
        request.removeAllListeners("error");
        request.on("error", ignore);
        if (onWrites !== undefined) watchWrites(request, response, onWrites);
        answering.add(response);
        response.on("close", forget);
      });
      server.listen(address); // from now on it, and not `address`, has the socket that listens
      stop = async () => {
        // It throws, too, when its database closes under a request.
        const answered = [...answering].map((response) => once(response, "close"));
        const limit = setTimeout(LAST_ANSWERS_MS, undefined, { ref: false });
        if (answered.length > 0) await Promise.race([Promise.allSettled(answered), limit]);
        const end = closed(server);
        server.closeAllConnections();
        await end;
      };
      for (const socket of early) {
        server.emit("connection", socket);
        socket.resume();
      }
    },
    stop() {
      stopped ??= stop();
      return stopped;
    },
  };
}

function ignore(): void {}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => reject(translated(error, port)));
    server.listen(port, "127.0.0.1", () => resolve((server.address() as AddressInfo).port));
  });
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}

type Database = { open(): Promise<void>; close(): Promise<void> };

/** Opens the folder once by itself: dynalite would throw out of a request later. */
async function checkFolder(data: string): Promise<void> {
  try {
    mkdirSync(data, { recursive: true });
    const require = createRequire(import.meta.url);
    const { Level } = createRequire(require.resolve("dynalite"))("level") as {
      Level: new (path: string) => Database;
    };
    const database = new Level(data);
    await database.open();
    await database.close();
  } catch (error) {
    throw new WsgwError(
      "DATA_UNUSABLE",
      `The folder ${data} cannot be used: ${reason(error, data)}.`,
      {
        cause: error,
      },
    );
  }
}

/** LevelDB tells what is the matter in the cause of its error. */
function reason(error: unknown, data: string): string {
  const cause = error instanceof Error ? error.cause : undefined;
  if (cause instanceof Error && "code" in cause && cause.code === "LEVEL_LOCKED") {
    return "another process is using it";
  }
  return whyNotWritten(cause ?? error, data);
}

function translated(error: NodeJS.ErrnoException, port: number): Error {
  return error.code === "EADDRINUSE"
    ? new WsgwError("PORT_IN_USE", `Port ${port} on 127.0.0.1 is in use.`, { cause: error })
    : error;
}
