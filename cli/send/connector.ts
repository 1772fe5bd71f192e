import { setTimeout } from "node:timers/promises";
import {
  type Client,
  type Control,
  type Opening,
  openClient,
  openControl,
  type RunningGateway,
  signHandshake,
} from "../../src/app.ts";
import type { Io } from "../terminal/io.ts";
import type { SendOptions } from "./options.ts";
import { explainRejection, type Rejected, stageMistake } from "./rejected-handshake.ts";
import { findTarget, type Target } from "./target.ts";
import { handshakeLimit } from "./timeout.ts";

/** A gateway of this machine with its control interface. */
export type LocalGateway = { readonly running: RunningGateway; readonly control: Control };

/** An open connection. */
export type Connected = {
  readonly kind: "open";
  readonly url: string;
  readonly client: Client;
  /** Only a local gateway reports it. */
  readonly connectionId: string | undefined;
  readonly gateway: LocalGateway | undefined;
};

export type Attempt = Connected | Rejected;

/** Connects to the target of the command line, or to another URL in the same way. */
export type Connect = (url?: string) => Promise<Attempt>;

/** Reads the files in the options and creates the function that connects. */
export async function createConnect(options: SendOptions, io: Io): Promise<Connect> {
  const identity = await certificates(options);
  const headers = { ...options.headers, ...wishes(options) };

  /** URLs at which a gateway adds an id to headers. */
  const local = new Set<string>();

  return async (url = options.url) => {
    const target = await findTarget({ ...options, url }, io);
    const { ca } = target;
    const asked = await identified(options, target, io);
    const opening = await openClient(asked.url, {
      headers: { ...headers, ...(await keyed(options.apiKey, target)), ...asked.headers },
      subprotocols: options.subprotocols,
      rejectUnauthorized: !options.insecure,
      ...(options.proxy !== false && { proxy: options.proxy ?? "environment" }),
      ...(ca !== undefined && { ca }),
      ...identity,
      ...(options.passphrase !== undefined && { passphrase: options.passphrase }),
      ...handshakeLimit(options),
    });
    if (opening.kind === "refused") {
      const errorType = opening.headers["x-amzn-errortype"];
      const meaning = stageMistake(target) ?? explainRejection(opening.statusCode, errorType);
      return { kind: "rejected", url: target.url, rejection: opening, meaning };
    }
    const ask = async (place: Target) => {
      const gateway = localGateway(place);
      return { gateway, connectionId: await idOf(opening, gateway) };
    };
    let found = await ask(target);
    // A restarted gateway listens a moment before the project's commands can find it.
    for (
      let left = FINDINGS;
      found.connectionId === undefined && local.has(target.url) && left > 0;
      left -= 1
    ) {
      await setTimeout(FINDING_MS);
      found = await ask(await findTarget({ ...options, url }, io));
    }
    const { gateway, connectionId } = found;
    if (connectionId !== undefined) local.add(target.url);
    return { kind: "open", url: target.url, client: opening.client, connectionId, gateway };
  };
}

type Headers = Readonly<Record<string, string | readonly string[]>>;

const FINDING_MS = 100;
const FINDINGS = 100;

/** Loads the parser only if a file is given. */
async function certificates(options: SendOptions) {
  const { caFile, certFile, keyFile } = options;
  if ([caFile, certFile, keyFile].every((file) => file === undefined)) return undefined;
  const { readCertificates } = await import("./client-certificate.ts");
  return readCertificates(options);
}

/** The header with an API key, by its name if a local gateway has one with that name. */
async function keyed(apiKey: string | undefined, { running }: Target): Promise<Headers> {
  if (apiKey === undefined) return {};
  const address = running?.control;
  const { apiKeys = {} } = address === undefined ? {} : await openControl(address).project();
  const named = Object.hasOwn(apiKeys, apiKey) ? apiKeys[apiKey]?.value : undefined;
  return { "x-api-key": [named ?? apiKey] };
}

/** The headers or signature that identify the client to a target. */
async function identified(
  options: SendOptions,
  target: Target,
  io: Io,
): Promise<{ readonly url: string; readonly headers: Headers }> {
  const { as, sign } = options;
  const { url } = target;
  if (!sign && as === undefined) return { url, headers: {} };
  const { identityHeaders, signerFor } = await import("./identity.ts");
  if (sign) return signHandshake(url, await signerFor(options, target, io));
  return { url, headers: as === undefined ? {} : await identityHeaders(as, target) };
}

/** The headers with their own options. */
function wishes({ origin, auth, cookies }: SendOptions): Record<string, readonly string[]> {
  return {
    ...(origin !== undefined && { Origin: [origin] }),
    ...(auth !== undefined && {
      Authorization: [`Basic ${Buffer.from(auth).toString("base64")}`],
    }),
    ...(cookies.length > 0 && { Cookie: [cookies.join("; ")] }),
  };
}

function localGateway({ running }: Target): LocalGateway | undefined {
  const address = running?.control;
  return running === undefined || address === undefined
    ? undefined
    : { running, control: openControl(address) };
}

/** The connection works without its id, so a gateway that does not report it is not an error. */
async function idOf(
  opening: Extract<Opening, { kind: "open" }>,
  gateway: LocalGateway | undefined,
): Promise<string | undefined> {
  const handshakeId = opening.headers["sec-websocket-accept"];
  if (gateway === undefined || typeof handshakeId !== "string") return undefined;
  return gateway.control.connectionOf(handshakeId).catch(() => undefined);
}
