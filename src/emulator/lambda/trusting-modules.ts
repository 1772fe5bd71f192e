import http2 from "node:http2";
import https, { type Agent, type RequestOptions } from "node:https";
import tls, { type SecureContext } from "node:tls";

/** Built-in modules that trust one more certificate authority, for code that runs in this process. */
export type TrustingModules = {
  /** By name, without `node:`. */
  readonly modules: Readonly<Record<string, unknown>>;
  readonly fetch: typeof fetch;
};

/**
 * Makes such modules. The real ones stay as they are, so that no other code in this process trusts
 * more than before; `NODE_EXTRA_CA_CERTS` cannot be used, since Node reads it at its start only.
 */
export function createTrustingModules(ca: string): TrustingModules {
  let shared: SecureContext | undefined;
  const context = () => {
    shared ??= contextWith(ca);
    return shared;
  };
  return {
    modules: {
      https: trustingHttps(context),
      tls: trustingTls(context),
      http2: trustingHttp2(context),
    },
    fetch: trustingFetch(context),
  };
}

type MakeContext = () => SecureContext;

/** The system's roots and `ca`. Listing all roots as `ca` does the same and takes 30 ms instead of 2. */
function contextWith(ca: string): SecureContext {
  const context = tls.createSecureContext();
  const native = context.context as { addCACert?: (pem: string) => void } | undefined;
  if (typeof native?.addCACert !== "function") {
    return tls.createSecureContext({ ca: [...tls.rootCertificates, ca] });
  }
  native.addCACert(ca);
  return context;
}

function trustingHttps(context: MakeContext) {
  function TrustingAgent(options: https.AgentOptions = {}): Agent {
    return new https.Agent(hasOwnTrust(options) ? options : { ...options, ...trust(context) });
  }
  TrustingAgent.prototype = https.Agent.prototype;
  let globalAgent: Agent | undefined;
  const agent = () => {
    globalAgent ??= TrustingAgent({ keepAlive: true, timeout: 5000 });
    return globalAgent;
  };

  // The arguments are (url, options?, callback?) or (options, callback?).
  const request = (...values: unknown[]) => {
    const [first, second] = values;
    const isUrl = typeof first === "string" || first instanceof URL;
    const given = (isUrl ? second : first) as RequestOptions | undefined;
    const options = typeof given === "object" ? given : {};
    const callback = values.find((value) => typeof value === "function");
    const trusted = trustedRequest(options, agent, context);
    const rest = callback === undefined ? [trusted] : [trusted, callback];
    return Reflect.apply(https.request, https, isUrl ? [first, ...rest] : rest);
  };
  const get = (...values: unknown[]) => request(...values).end();

  return {
    ...https,
    Agent: TrustingAgent,
    get globalAgent() {
      return agent();
    },
    request,
    get,
  };
}

function trustedRequest(
  options: RequestOptions,
  agent: () => Agent,
  context: MakeContext,
): RequestOptions {
  if (hasOwnTrust(options) || (options.agent !== undefined && options.agent !== false))
    return options;
  if (options.agent === false) return { ...options, ...trust(context) };
  return { ...options, agent: agent() };
}

function trustingTls(context: MakeContext) {
  const connect = (...values: unknown[]) => {
    const at = values.findIndex((value) => typeof value === "object" && value !== null);
    const options = (values[at] ?? {}) as tls.ConnectionOptions;
    const trusted = hasOwnTrust(options) ? options : { ...options, ...trust(context) };
    if (at >= 0) return Reflect.apply(tls.connect, tls, values.with(at, trusted));
    const callback = values.findIndex((value) => typeof value === "function");
    const place = callback < 0 ? values.length : callback;
    return Reflect.apply(tls.connect, tls, values.toSpliced(place, 0, trusted));
  };
  return { ...tls, connect };
}

function trustingHttp2(context: MakeContext) {
  const connect = (authority: string | URL, options: unknown, listener?: () => void) => {
    const given = typeof options === "object" && options !== null ? options : {};
    const callback = typeof options === "function" ? options : listener;
    const trusted = hasOwnTrust(given) ? given : { ...given, ...trust(context) };
    return Reflect.apply(http2.connect, http2, [authority, trusted, callback]);
  };
  return { ...http2, connect };
}

/** Node's own fetch takes another dispatcher, whose class can be had from the one in use. */
function trustingFetch(context: MakeContext): typeof fetch {
  let dispatcher: unknown;
  return (input, init) => {
    if (init !== undefined && "dispatcher" in init) return fetch(input, init);
    dispatcher ??= trustingDispatcher(context);
    return fetch(input, {
      ...init,
      ...(dispatcher === undefined ? {} : { dispatcher }),
    } as RequestInit);
  };
}

function trustingDispatcher(context: MakeContext): unknown {
  void new Headers(); // loads what fetch is made of
  const inUse = Reflect.get(globalThis, Symbol.for("undici.globalDispatcher.1"));
  const Dispatcher = inUse?.constructor;
  return typeof Dispatcher === "function" ? new Dispatcher({ connect: trust(context) }) : undefined;
}

/** `ca` or a context of its own: the code has decided whom it trusts. */
function hasOwnTrust(options: object): boolean {
  return "ca" in options || "secureContext" in options || "createConnection" in options;
}

function trust(context: MakeContext): { readonly secureContext: SecureContext } {
  return { secureContext: context() };
}
