/** One WebSocket message as received. API Gateway itself sends only text. */
export type ReceivedFrame =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "binary"; readonly bytes: Buffer };

/** How a connection ended: 1005 if the peer sent no code, 1006 if it left without a close frame. */
export type Closed = { readonly code: number; readonly reason: string };

export type ClientOptions = {
  /** By name; an array is sent as one header line per value. */
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly subprotocols?: readonly string[];
  /** PEM of the authorities to trust for `wss`, instead of Node's own. */
  readonly ca?: string | readonly string[];
  /** PEM of a client certificate, its private key, and the key's passphrase. */
  readonly cert?: string;
  readonly key?: string;
  readonly passphrase?: string;
  /** URL of the HTTP proxy, or "environment" to use HTTPS_PROXY and related variables. Default: none. */
  readonly proxy?: string;
  /** False accepts any certificate. */
  readonly rejectUnauthorized?: boolean;
  /** Time limit of the handshake in ms. Default 35,000: `$connect` may take 29 s. */
  readonly handshakeTimeoutMs?: number;
  /** Default time limit of `next()` in ms. Default 10,000. */
  readonly nextTimeoutMs?: number;
};
