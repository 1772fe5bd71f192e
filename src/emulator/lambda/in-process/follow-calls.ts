import { AsyncLocalStorage } from "node:async_hooks";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { ClientRequest } from "node:http";
import type { Socket } from "node:net";
import type { KnownInvocations } from "../known-invocations.ts";

/** Knows which event's code makes an HTTP request, from any module of this process. */
export type CallFollower = {
  /** Runs code whose requests belong to this event. */
  run(awsRequestId: string, code: () => void): void;
  /** Starts following, unless another gateway has; each call needs a call of `end`. */
  begin(): void;
  end(): void;
};

const HTTP = "http.client.request.start";
const FETCH = "undici:request:create";
const FETCH_SENT = "undici:client:sendHeaders";

/** The event whose code runs, and the registry for its sockets. */
type Running = { readonly awsRequestId: string; readonly invocations: KnownInvocations };

// One set of listeners for all gateways of this process: each request is followed once.
const running = new AsyncLocalStorage<Running>();
const fetches = new WeakMap<object, Running>();
/**
 * Sockets that sent a request of an event, with the registry of their port; undefined if the last request
 * belonged to none.
 */
const sockets = new WeakMap<Socket, KnownInvocations | undefined>();
let followers = 0;

/**
 * Code that shares its modules with this process has no sockets or environment of its own. Its requests are
 * followed through asynchronous calls, to the port of the socket that sends them.
 */
export function createCallFollower(invocations: KnownInvocations): CallFollower {
  return {
    run: (awsRequestId, code) => running.run({ awsRequestId, invocations }, code),
    begin() {
      followers += 1;
      if (followers > 1) return;
      subscribe(HTTP, onHttp);
      subscribe(FETCH, onFetch);
      subscribe(FETCH_SENT, onFetchSent);
    },
    end() {
      followers -= 1;
      if (followers > 0) return;
      unsubscribe(HTTP, onHttp);
      unsubscribe(FETCH, onFetch);
      unsubscribe(FETCH_SENT, onFetchSent);
    },
  };
}

/** The next request on a connection may belong to another event, or to none. */
function sent(socket: Socket, by: Running | undefined): void {
  const { localPort } = socket;
  if (localPort === undefined || (by === undefined && !sockets.has(socket))) return;
  if (sockets.has(socket)) sockets.get(socket)?.closed(localPort);
  else socket.once("close", () => sockets.get(socket)?.closed(localPort));
  sockets.set(socket, by?.invocations);
  by?.invocations.opened(localPort, () => by.awsRequestId);
}

function onHttp(message: unknown): void {
  const { request } = message as { readonly request: ClientRequest };
  const by = running.getStore();
  const { socket } = request; // Node publishes this when the request has been written to it
  if (socket === null) return;
  if (socket.connecting) socket.prependOnceListener("connect", () => sent(socket, by));
  else sent(socket, by);
}

function onFetch(message: unknown): void {
  const by = running.getStore();
  const { request } = message as { readonly request: object };
  if (by !== undefined) fetches.set(request, by);
}

function onFetchSent(message: unknown): void {
  const { request, socket } = message as { readonly request: object; readonly socket: Socket };
  sent(socket, fetches.get(request));
}
