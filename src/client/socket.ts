import type { Agent } from "node:http";
import { isIP } from "node:net";
import { checkServerIdentity, type PeerCertificate } from "node:tls";
import { WebSocket } from "ws";
import { given } from "../values/given.ts";
import { mapValues } from "../values/map-values.ts";
import { usage } from "./errors.ts";
import type { ClientOptions } from "./frames.ts";

const HANDSHAKE_MS = 35_000;

/** Starts a handshake; `agent` connects through a proxy. */
export function createSocket(url: string, options: ClientOptions, agent?: Agent): WebSocket {
  const { headers, subprotocols, ca, cert, key, passphrase, rejectUnauthorized } = options;
  try {
    return new WebSocket(url, [...(subprotocols ?? [])], {
      handshakeTimeout: options.handshakeTimeoutMs ?? HANDSHAKE_MS,
      headers: mutable(headers ?? {}),
      ...(agent !== undefined && { agent, ...identityOf(url) }),
      ...(ca !== undefined && { ca: typeof ca === "string" ? ca : [...ca] }),
      ...given({ cert, key, passphrase, rejectUnauthorized }),
    });
  } catch (error) {
    throw usage(`Cannot connect to ${url}`, error);
  }
}

/** Behind a proxy Node identifies the server only by its name, and treats one without a name as localhost. */
function identityOf(url: string) {
  const host = new URL(url).hostname.replace(/^\[|\]$/g, "");
  if (isIP(host) === 0) return undefined;
  const check = (_: string, certificate: PeerCertificate) => checkServerIdentity(host, certificate);
  return { checkServerIdentity: check };
}

function mutable(headers: Readonly<Record<string, string | readonly string[]>>) {
  return mapValues(headers, (value) => (typeof value === "string" ? value : [...value]));
}
