import type { App } from "../terminal/io.ts";

type StackPlace = Parameters<App["findStackUrl"]>[0];

/** The options of `wsgw send`. */
export type SendOptions = {
  readonly url: string | undefined;
  /** Name of the API and stage of the running gateway. */
  readonly api: string | undefined;
  readonly stage: string | undefined;
  /** Of the gateway. Default: that of the project here. */
  readonly stateDir?: string | undefined;
  /** The stack with the URL. */
  readonly stack?: StackPlace | undefined;
  readonly messages: readonly string[];
  /** File with lines as at the prompt; `-` is standard input. */
  readonly scriptFile: string | undefined;
  readonly headers: Readonly<Record<string, readonly string[]>>;
  /** `name=value` each, as in a URL; they replace parameters of the URL with the same name. */
  readonly query?: readonly string[];
  readonly origin: string | undefined;
  /** An identity of the definition, which replaces the authorizer's result. */
  readonly as?: string | undefined;
  /**
   * Sign the handshake for AWS_IAM: as that identity, else with keys of the gateway, else with the user's
   * own.
   */
  readonly sign: boolean;
  /** Print a presigned URL and exit. */
  readonly printUrl: boolean;
  /** For the user's own AWS keys. */
  readonly profile?: string | undefined;
  readonly region?: string | undefined;
  /** The name of an API key in the definition, or a value. */
  readonly apiKey?: string | undefined;
  /** `user:password` */
  readonly auth: string | undefined;
  /** `name=value` each. */
  readonly cookies: readonly string[];
  readonly subprotocols: readonly string[];
  /** URL; false for none, undefined to use the environment. */
  readonly proxy: string | false | undefined;
  readonly count: number | undefined;
  readonly expected: readonly string[];
  readonly waitMs: number | undefined;
  readonly timeoutMs: number | undefined;
  readonly caFile: string | undefined;
  readonly certFile: string | undefined;
  readonly keyFile: string | undefined;
  readonly passphrase: string | undefined;
  readonly insecure: boolean;
  readonly reconnect: boolean;
  /** JMESPath. */
  readonly select: string | undefined;
  /** Undefined: at the prompt only. */
  readonly pretty: boolean | undefined;
  readonly times: boolean;
  readonly color: boolean | undefined;
};
