import { isIP, Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import { type Network, wayTo } from "./rules/aws-hosts.ts";
import { type StoppedCall, stopMessage } from "./rules/stopped-call.ts";

/** What a socket is asked to connect to; undefined stands for Node's own default. */
type Options = Readonly<Record<PropertyKey, unknown>> & {
  readonly host?: string;
  readonly port?: number | string;
  readonly path?: string;
  readonly servername?: string;
};

/** Where the code of one function is led, and who hears of what was stopped on its way. */
export type Redirect = {
  readonly network: Network;
  readonly functionName: string;
  readonly onStopped: (call: StoppedCall) => void;
  /** Hears of every socket that is about to connect. */
  readonly onSocket?: (socket: Socket) => void;
};

/** Who leads a socket that is about to connect; undefined leaves it alone. */
export type FindRedirect = (socket: Socket, options: Options) => Redirect | undefined;

/**
 * Leads connections to AWS and to the gateway's own names to the gateway, whatever opens them: every
 * client of Node ends in this one method, also fetch, HTTP/2 and TLS. Only the address changes, so the
 * name that TLS asks for and the Host header stay, and no name is looked up.
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

/** As for an endpoint whose host is a name of AWS's, which has no port: the whole of that is no URL. */
function noScheme(port: string): Error {
  const message = `Invalid URL: the endpoint has no scheme, and "${port}" is not a host. Write https:// before it, as on AWS.`;
  return Object.assign(new TypeError(message), { code: "ERR_INVALID_URL" });
}

/**
 * Reads the arguments of a call that connects: (options, callback?), (port, host?, callback?), or both
 * as Node has already read them. Undefined when it is not about TCP.
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

/** Nothing of how the name would have been reached counts for the address. */
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

/** `tls.connect(443, host)` names no server, and the gateway could not tell whose certificate is asked for. */
function nameServer(socket: Socket, options: Options, host: string): void {
  if (!("encrypted" in socket) || options.servername !== undefined || isIP(host) !== 0) return;
  (socket as TLSSocket & { setServername(name: string): void }).setServername(host);
}
