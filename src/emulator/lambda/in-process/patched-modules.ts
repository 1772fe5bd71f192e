import http, { type Agent, type ClientRequest, type RequestOptions } from "node:http";
import https from "node:https";
import { createRequire } from "node:module";
import net from "node:net";
import tls, { type SecureContext } from "node:tls";
import { type Redirect, readCall, redirectSockets } from "../../network/redirected-sockets.ts";

/** Built-in modules for in-process code, which connect to the gateway and trust it. */
export type PatchedModules = {
  /** By name, without `node:`. */
  readonly modules: Readonly<Record<string, unknown>>;
  readonly fetch: typeof fetch;
};

/** Marks options and sockets that have been redirected. */
const REDIRECT = Symbol("wsgw.redirect");
let isLeading = false;

/** Called with a request of the code, such as `GET https://example.com/`; the result is called at its end. */
export type CallBegun = (what: string) => () => void;

/**
 * Creates such modules for one environment. The real ones stay unchanged, so that no other code in this
 * process trusts more certificates or is redirected. `NODE_EXTRA_CA_CERTS` does not help, because Node reads
 * it only at startup. `context` is called only for encrypted connections.
 */
export function createPatchedModules(
  context: () => SecureContext,
  redirect: Redirect | undefined,
  begun: CallBegun = () => () => {},
): PatchedModules {
  if (redirect !== undefined && !isLeading) {
    isLeading = true;
    redirectSockets((socket, options) => markOf(options) ?? markOf(socket));
  }
  const mark = { [REDIRECT]: redirect };
  const own = <Options extends object>(options: Options): Options => ({
    ...options,
    ...mark,
    ...(hasOwnTrust(options) ? {} : { secureContext: context() }),
  });
  const plain = <Options extends object>(options: Options): Options => ({ ...options, ...mark });
  let http2: object | undefined;

  return {
    modules: {
      http: clientModule(http, plain, begun),
      https: clientModule(https, own, begun),
      net: redirectingNet(plain, redirect),
      tls: copyOf(tls, { connect: withOptions(tls.connect, own) }),
      // Lazy, because it loads slowly and few handlers use it.
      get http2() {
        http2 ??= leadingHttp2(own);
        return http2;
      },
    },
    fetch: leadingFetch(own, begun),
  };
}

function markOf(value: object): Redirect | undefined {
  return (value as { readonly [REDIRECT]?: Redirect })[REDIRECT];
}

/**
 * The system's root certificates plus `ca`. Listing all roots as `ca` has the same effect and takes 30 ms
 * instead of 2.
 */
export function contextWith(ca: string): SecureContext {
  const context = tls.createSecureContext();
  const native = context.context as { addCACert?: (pem: string) => void } | undefined;
  if (typeof native?.addCACert !== "function") {
    return tls.createSecureContext({ ca: [...tls.rootCertificates, ca] });
  }
  native.addCACert(ca);
  return context;
}

type Own = <Options extends object>(options: Options) => Options;

/** `http` or `https` whose agents pass our options to the sockets that they open. */
function clientModule(module: typeof http | typeof https, own: Own, begun: CallBegun): object {
  const OwnAgent = new Proxy(module.Agent, {
    construct: (target, [options], newTarget) =>
      Reflect.construct(target, [own(options ?? {})], newTarget),
    // Old subclasses call their parent on themselves, and `https.Agent()` works without `new`.
    apply(target, subclass, [options]) {
      const values = [own(options ?? {})];
      return subclass instanceof target
        ? Reflect.apply(target as unknown as () => unknown, subclass, values)
        : Reflect.construct(target, values);
    },
  });
  let globalAgent: Agent | undefined;
  let replaced: Agent | undefined;
  const agent = () => {
    globalAgent ??= new OwnAgent({ keepAlive: true, timeout: 5000 });
    return globalAgent;
  };

  // The arguments are (url, options?, callback?) or (options, callback?).
  const request = (...values: unknown[]) => {
    const [first, second] = values;
    const isUrl = typeof first === "string" || first instanceof URL;
    const given = (isUrl ? second : first) as RequestOptions | undefined;
    const options = {
      ...(replaced !== undefined && { agent: replaced }),
      ...(typeof given === "object" && given),
    };
    const callback = values.find((value) => typeof value === "function");
    const rest = [withAgent(options, agent, own), ...(callback === undefined ? [] : [callback])];
    const made = Reflect.apply(module.request, module, isUrl ? [first, ...rest] : rest);
    watch(made, begun);
    return made;
  };
  const get = (...values: unknown[]) => request(...values).end();

  return copyOf(module, {
    Agent: OwnAgent,
    get globalAgent() {
      return replaced ?? agent();
    },
    set globalAgent(other: Agent) {
      replaced = other;
    },
    request,
    get,
  });
}

/** Follows a request to the end of its response, and sees that before the code that made the request. */
function watch(request: ClientRequest, begun: CallBegun): void {
  const host = request.getHeader("host") ?? "";
  const end = begun(
    `${request.method} ${withoutQuery(`${request.protocol}//${host}${request.path}`)}`,
  );
  request.prependListener("response", (response) => {
    response.prependListener("end", end);
    // Without a listener Node discards the response; this listener must not prevent that.
    if (request.listenerCount("response") === 1) response.resume();
  });
  request.prependListener("close", end);
}

/** Leaves out the query, which may contain secrets. */
function withoutQuery(url: string): string {
  return url.split("?")[0] ?? "";
}

/** A module with other exports. Lazy exports stay lazy. */
function copyOf(module: object, exports: object): object {
  return Object.defineProperties(
    {},
    { ...Object.getOwnPropertyDescriptors(module), ...Object.getOwnPropertyDescriptors(exports) },
  );
}

/**
 * The shared agent's key for connections includes trusted certificates, but not the contents of a secure
 * context.
 */
function withAgent(options: RequestOptions, agent: () => Agent, own: Own): RequestOptions {
  if (options.agent !== undefined || hasOwnTrust(options)) return own(options);
  return { ...options, agent: agent() };
}

/**
 * Wraps a function with the parameters (port, host?, options?, callback?), (options, callback?) and similar.
 */
function withOptions<Run extends (...values: never[]) => unknown>(run: Run, own: Own): Run {
  const wrapped = (...values: unknown[]) => {
    const at = values.findIndex((value) => typeof value === "object" && value !== null);
    if (at >= 0) return Reflect.apply(run, undefined, values.with(at, own(values[at] as object)));
    const callback = values.findIndex((value) => typeof value === "function");
    const place = callback < 0 ? values.length : callback;
    return Reflect.apply(run, undefined, values.toSpliced(place, 0, own({})));
  };
  return wrapped as unknown as Run;
}

function redirectingNet(own: Own, redirect: Redirect | undefined): object {
  const OwnSocket = new Proxy(net.Socket, {
    construct: (target, values, newTarget) =>
      Object.assign(Reflect.construct(target, values, newTarget), { [REDIRECT]: redirect }),
    apply: (target, _this, values) =>
      Object.assign(Reflect.construct(target, values), { [REDIRECT]: redirect }),
  });
  const connect = (...values: unknown[]) => {
    const call = readCall(values);
    const led = call === undefined ? values : [own(call.options), call.callback];
    return Reflect.apply(net.connect, net, led);
  };
  return copyOf(net, {
    Socket: OwnSocket,
    Stream: OwnSocket,
    connect,
    createConnection: connect,
  });
}

function leadingHttp2(own: Own): object {
  const http2 = createRequire(import.meta.url)("node:http2") as typeof import("node:http2");
  const connect = (authority: string | URL, options: unknown, listener?: () => void) => {
    const given = typeof options === "object" && options !== null ? options : {};
    const callback = typeof options === "function" ? options : listener;
    return Reflect.apply(http2.connect, http2, [authority, own(given), callback]);
  };
  return copyOf(http2, { connect });
}

/** Node's own fetch accepts another dispatcher; its class is available from the current one. */
function leadingFetch(own: Own, begun: CallBegun): typeof fetch {
  let dispatcher: unknown;
  return (input, init) => {
    const isRequest = typeof input === "object" && "url" in input;
    const method = init?.method ?? (isRequest ? input.method : "GET");
    const end = begun(`${method} ${withoutQuery(isRequest ? input.url : String(input))}`);
    const isLed = init !== undefined && "dispatcher" in init;
    if (!isLed) dispatcher ??= ownDispatcher(own);
    const led = isLed || dispatcher === undefined ? init : ({ ...init, dispatcher } as RequestInit);
    const answer = fetch(input, led);
    answer.then(end, end);
    return answer;
  };
}

function ownDispatcher(own: Own): unknown {
  void new Headers(); // makes Node load fetch
  const inUse = Reflect.get(globalThis, Symbol.for("undici.globalDispatcher.1"));
  const Dispatcher = inUse?.constructor;
  return typeof Dispatcher === "function" ? new Dispatcher({ connect: own({}) }) : undefined;
}

/** `ca` or a secure context: the code has set its own trust. */
function hasOwnTrust(options: object): boolean {
  const { ca, secureContext, createConnection } = options as Record<string, unknown>;
  return [ca, secureContext, createConnection].some((value) => value !== undefined);
}
