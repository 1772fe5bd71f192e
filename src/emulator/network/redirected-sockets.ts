import { isIP, Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import { type Network, wayTo } from "./rules/hosts.ts";
import { type StoppedCall, stopMessage } from "./rules/stopped-call.ts";

/** The destination that a socket connects to; undefined means Node's default. */
type Options = Readonly<Record<PropertyKey, unknown>> & {
  readonly host?: string;
  readonly port?: number | string;
  readonly path?: string;
  readonly servername?: string;
};

/** Where the connections of a function are redirected, and the listener for blocked ones. */
export type Redirect = {
  readonly network: Network;
  readonly functionName: string;
  readonly onStopped: (call: StoppedCall) => void;
  /** Called for every socket that is about to connect. */
  readonly onSocket?: (socket: Socket) => void;
};

/** The redirect of a socket that is about to connect; undefined leaves the socket unchanged. */
export type FindRedirect = (socket: Socket, options: Options) => Redirect | undefined;

/**
 * Redirects connections to AWS and to the gateway's own names to the gateway, whichever client opens them:
 * every client of Node ends in this method, including fetch, HTTP/2 and TLS. Only the address changes, so the
 * TLS server name and the Host header stay, and no name is resolved.
 */
export function redirectSockets(redirectOf: FindRedirect): void {
  const original = Socket.prototype.connect;

  function connect(this: Socket, ...values: unknown[]): Socket {
    const call = readCall(values);
    const redirect = call && redirectOf(this, call.options);
    if (call === undefined || redirect === undefined) return Reflect.apply(original, this, values);

    const { options, callback } = call;
    const { network, functionName } = redirect;
    redirect.onSocket?.(this);
    const host = options.host ?? "localhost";
    const way = wayTo(network, host, Number(options.port));
    switch (way.kind) {
      case "straight":
        return Reflect.apply(original, this, values);
      case "gateway":
        nameServer(this, options, host);
        return Reflect.apply(original, this, [led(options, network), callback]);
      case "no-scheme":
        return failed(this, noScheme(host));
      case "stopped": {
        const stopped = {
          service: way.service,
          operation: `connection to port ${options.port}`,
          host,
          functionName,
        };
        redirect.onStopped(stopped);
        const error = new Error(stopMessage(stopped, network));
        return failed(this, Object.assign(error, { code: "ECONNREFUSED" }));
      }
      default:
        return way satisfies never;
    }
  }

  Socket.prototype.connect = connect as typeof original;
}

function failed(socket: Socket, error: Error): Socket {
  process.nextTick(() => socket.destroy(error));
  return socket;
}

/** Node's error for a host that AWS has without a port: the whole string is not a URL. */
function noScheme(port: string): Error {
  const message = `Invalid URL: the endpoint has no scheme, and "${port}" is not a host. Begin it with https://, as on AWS.`;
  return Object.assign(new TypeError(message), { code: "ERR_INVALID_URL" });
}

/**
 * Parses the arguments of a connect call: (options, callback?), (port, host?, callback?), or both as
 * normalized by Node. Undefined if it is not TCP.
 */
export function readCall(
  values: readonly unknown[],
): { readonly options: Options; readonly callback: unknown } | undefined {
  const [first, second] = values;
  if (Array.isArray(first)) return readCall(first);
  const callback = values.find((value) => typeof value === "function");
  if (typeof first === "object" && first !== null) {
    const options = first as Options;
    return typeof options.path === "string" ? undefined : { options, callback };
  }
  const port = Number(first);
  if (first === undefined || Number.isNaN(port)) return undefined; // the path of a local socket
  return { options: { port, ...(typeof second === "string" ? { host: second } : {}) }, callback };
}

/** Options for resolving the original name do not apply to the address. */
function led(options: Options, { address }: Network): object {
  const {
    lookup: _lookup,
    family: _family,
    hints: _hints,
    localAddress: _local,
    ...rest
  } = options;
  return { ...rest, host: address.host, port: address.port };
}

/** `tls.connect(443, host)` sends no server name, and the gateway could not select a certificate. */
function nameServer(socket: Socket, options: Options, host: string): void {
  if (!("encrypted" in socket) || options.servername !== undefined || isIP(host) !== 0) return;
  (socket as TLSSocket & { setServername(name: string): void }).setServername(host);
}
