import { type ClientCredentials, presignedQuery, signedHeaders } from "./sign-request.ts";

/** The credentials, region and time that sign a handshake. */
export type HandshakeSigner = {
  readonly credentials: ClientCredentials;
  readonly region: string;
  /** Epoch ms. */
  readonly now: number;
};

const SERVICE = "execute-api";

/** Signs a handshake in its headers. `url` is the one to connect to. */
export function signHandshake(
  written: string,
  { credentials, region, now }: HandshakeSigner,
): { readonly url: string; readonly headers: Readonly<Record<string, string>> } {
  const url = signable(written);
  const request = { method: "GET", url, body: new Uint8Array() };
  const place = { region, service: SERVICE };
  const { host: _, ...headers } = signedHeaders(request, {}, filled(credentials), place, now);
  return { url: url.href, headers };
}

/** A URL with its signature in the query, for clients that cannot set headers. `expiresIn`: seconds. */
export function presignHandshake(
  written: string,
  { credentials, region, now }: HandshakeSigner,
  expiresIn?: number,
): string {
  const url = signable(written);
  const place = { region, service: SERVICE };
  url.search = presignedQuery(url, filled(credentials), place, { now, expiresIn });
  return url.href;
}

/** Writes spaces as %20: signers disagree on whether a plus sign is a space. */
function signable(written: string): URL {
  const url = new URL(written);
  url.search = url.search.replaceAll("+", "%20");
  return url;
}

/** Omits an empty session token, which some sources return for long-term keys. */
function filled({ sessionToken, ...keys }: ClientCredentials): ClientCredentials {
  return sessionToken ? { ...keys, sessionToken } : keys;
}
