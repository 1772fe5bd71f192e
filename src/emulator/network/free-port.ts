import { once } from "node:events";
import type { Server as HttpServer } from "node:http";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { whyNotListening } from "../../errors/in-words.ts";
import { type ErrorCode, WsgwError } from "../../errors.ts";
import { addressesOfHost } from "./rules/public-host.ts";

/** Where to listen. */
export type Place = {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** Takes the next free port if this one is in use. Default false. */
  readonly orNext?: boolean | undefined;
};

/** Listeners at the same port of each address of a host. */
export type Listening = {
  readonly port: number;
  /** Resolves when it has stopped and no connection is left. */
  stop(): Promise<void>;
};

type Accept = (socket: Socket) => void;

const LAST_PORT = 65_535;
/** A port that the system picks may be in use at another address of the host. */
const MOST_PICKS = 10;

/** Passes connections at an address to `accept`. */
export async function listen({ host, port, orNext }: Place, accept: Accept): Promise<Listening> {
  const isPicked = port === 0;
  const last = isPicked ? MOST_PICKS : orNext ? LAST_PORT : port;
  for (let at = port; ; at += 1) {
    try {
      return await listenAt(host, isPicked ? 0 : at, accept);
    } catch (error) {
      if (!isWsgwError(error, "PORT_IN_USE") || at >= last) throw error;
    }
  }
}

async function listenAt(host: string, port: number, accept: Accept): Promise<Listening> {
  const [address, ...others] = addressesOfHost(host);
  /** Clients that arrived before all addresses were open; undefined afterwards. */
  let early: Socket[] | undefined = [];
  const take: Accept = (socket) => {
    early?.push(socket);
    accept(socket);
  };
  const first = await listener(address, port, take);
  const all = [first];
  const actual = (first.address() as AddressInfo).port;
  for (const other of others) {
    try {
      all.push(await listener(other, actual, take));
    } catch (error) {
      if (isWsgwError(error, "HOST_UNUSABLE")) continue; // this machine does not have the address
      for (const socket of early) socket.destroy(); // a server closes when its last client has left
      await Promise.all(all.map(close));
      throw error;
    }
  }
  early = undefined;
  return {
    port: actual,
    async stop() {
      await Promise.all(all.map(close));
    },
  };
}

async function listener(host: string, port: number, accept: Accept): Promise<Server> {
  const server = createServer({ noDelay: true, allowHalfOpen: true }, accept);
  try {
    await once(server.listen(port, host), "listening");
  } catch (error) {
    throw translated(error as NodeJS.ErrnoException, host, port);
  }
  server.on("error", () => {}); // a client that cannot be accepted; later ones may be
  return server;
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}

function isWsgwError(error: unknown, code: ErrorCode): boolean {
  return error instanceof WsgwError && error.code === code;
}

/** Makes a server listen on 127.0.0.1, at any free port by default. Returns the port. */
export function listenLocally(server: HttpServer, port = 0): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => resolve((server.address() as AddressInfo).port));
  });
}

function translated(error: NodeJS.ErrnoException, host: string, port: number): Error {
  const failure = (code: ErrorCode, message: string) =>
    new WsgwError(code, message, { cause: error });
  switch (error.code) {
    case "EADDRINUSE":
      return failure("PORT_IN_USE", `Port ${port} on ${host} is in use.`);
    case "EACCES":
      return failure("PORT_FORBIDDEN", `This user may not listen on port ${port} of ${host}.`);
    case "EADDRNOTAVAIL":
    case "EAFNOSUPPORT":
    case "EAI_AGAIN":
    case "EINVAL":
    case "ENOTFOUND": {
      const why = whyNotListening(error);
      return failure("HOST_UNUSABLE", `Nothing can listen on ${host}:${port}: ${why}.`);
    }
    default:
      return error;
  }
}
