/** One WebSocket message as it came. API Gateway itself sends text only. */
export type ReceivedFrame =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "binary"; readonly bytes: Buffer };

/** How a connection ended: 1005 when the peer gave no code, 1006 when it left without a close frame. */
export type Closed = { readonly code: number; readonly reason: string };

export type ClientOptions = {
  /** By name; a list is sent as one header line for each value. */
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly subprotocols?: readonly string[];
  /** PEM of the authorities to trust for `wss`, in place of Node's own list. */
  readonly ca?: string | readonly string[];
  /** PEM of a certificate to show to the server, its private key, and the key's passphrase. */
  readonly cert?: string;
  readonly key?: string;
  readonly passphrase?: string;
  /** URL of the HTTP proxy to go through, or "environment" for what HTTPS_PROXY and the like say. Default: none. */
  readonly proxy?: string;
  /** False accepts any certificate. */
  readonly rejectUnauthorized?: boolean;
  /** Limit of the handshake in ms. Default 35,000: `$connect` may take 29 s. */
  readonly handshakeTimeoutMs?: number;
  /** Default limit of `next()` in ms. Default 10,000. */
  readonly nextTimeoutMs?: number;
};
