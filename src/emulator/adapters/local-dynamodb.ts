import { mkdirSync } from "node:fs";
import type { IncomingMessage } from "node:http";
import { createRequire } from "node:module";
import { WsgwError } from "../../errors.ts";

export type LocalDynamoDb = {
  readonly endpoint: string;
  stop(): Promise<void>;
};

/** Frozen Lambda environments keep their connections for as long as that and reuse them. */
const KEEP_ALIVE_MS = 75_000;

/**
 * Starts a DynamoDB of our own on 127.0.0.1: in memory, or in the folder `data`, which one process at
 * a time can use. Port 0 takes any free one.
 */
export async function startLocalDynamoDb(options: {
  readonly data: string | undefined;
  readonly port: number;
}): Promise<LocalDynamoDb> {
  const { data } = options;
  if (data !== undefined) await checkFolder(data);

  const { default: dynalite } = await import("dynalite");
  const server = dynalite({
    createTableMs: 0,
    deleteTableMs: 0,
    updateTableMs: 0,
    ...(data !== undefined && { path: data }),
  });
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  // dynalite throws when a client breaks off, which would take the gateway along.
  server.on("request", (request: IncomingMessage) => {
    request.removeAllListeners("error");
    request.on("error", () => {});
  });

  const port = await new Promise<number>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => reject(translated(error, options.port)));
    server.listen(options.port, "127.0.0.1", () => {
      const address = server.address();
      resolve(typeof address === "object" && address !== null ? address.port : options.port);
    });
  });

  let stopped: Promise<void> | undefined;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    stop() {
      stopped ??= new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
      return stopped;
    },
  };
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
    throw new WsgwError("DATA_UNUSABLE", `The folder ${data} cannot be used: ${reason(error)}.`, {
      cause: error,
    });
  }
}

/** LevelDB tells what is the matter in the cause of its error. */
function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  if (cause instanceof Error && "code" in cause && cause.code === "LEVEL_LOCKED") {
    return "another process is using it";
  }
  return cause instanceof Error ? cause.message : error.message;
}

function translated(error: NodeJS.ErrnoException, port: number): Error {
  return error.code === "EADDRINUSE"
    ? new WsgwError("PORT_IN_USE", `Port ${port} on 127.0.0.1 is in use.`, { cause: error })
    : error;
}
