import { type RunningGateway, WsgwError } from "../../src/app.ts";
import { isLoopback } from "../../src/values/loopback.ts";
import type { Io } from "../terminal/io.ts";
import type { SendOptions } from "./options.ts";
import { withQuery } from "./query-parameters.ts";
import { trustedAuthorities } from "./trusted-authorities.ts";
import { completeUrl } from "./url-scheme.ts";

/** Where to connect, and the trusted authorities if Node's are not enough. */
export type Target = {
  readonly url: string;
  readonly ca: string | undefined;
  /** The running gateway of this project, if that is the target. */
  readonly running: RunningGateway | undefined;
};

/**
 * Finds where to connect: the given URL, else the running gateway of this project. Trusts this project's
 * gateway automatically, on `wss://localhost` and its public host.
 */
export async function findTarget(
  options: Pick<SendOptions, "url" | "caFile"> &
    Partial<Pick<SendOptions, "api" | "stage" | "stateDir" | "query">>,
  io: Io,
): Promise<Target> {
  const { findRunning } = await io.app();
  const { query = [] } = options;
  if (options.url === undefined) {
    const [newest] = await findRunning(io.cwd, options.stateDir);
    if (newest === undefined) {
      const message = `No gateway runs in ${io.cwd} or a parent directory.`;
      throw new WsgwError("GATEWAY_NOT_FOUND", message);
    }
    const url = withQuery(urlOf(newest, options.api, options.stage), query);
    return { url, ca: undefined, running: newest };
  }

  const url = completeUrl(options.url);
  if (url === undefined) throw new WsgwError("USAGE", `"${options.url}" is not a WebSocket URL.`);
  const host = url.hostname.replace(/^\[|\]$/g, "");
  const gateways = (await findRunning(io.cwd, options.stateDir)).filter(
    ({ publicHost }) => isLoopback(host) || publicHost === host,
  );
  const running = gateways.find((gateway) => new URL(gateway.url).port === url.port);
  const ca = await trustedAuthorities(url, options.caFile, gateways);
  return { url: withQuery(url.href, query), ca, running };
}

/** The URL of an API and stage of a running gateway. With several APIs one must be named. */
function urlOf(
  running: RunningGateway,
  api: string | undefined,
  stage: string | undefined,
): string {
  const { url, apis = [] } = running;
  const [first, ...others] = apis;
  if (first === undefined) return url; // an older wsgw, which had only one
  if (api === undefined && others.length > 0) {
    const choices = apis.map(({ name }) => `  wsgw send --api ${name}`);
    throw new WsgwError(
      "USAGE",
      `The gateway at ${url} has several APIs. Choose one:\n${choices.join("\n")}`,
    );
  }
  const found = api === undefined ? first : apis.find(({ name }) => name === api);
  if (found === undefined) throw unknown(`The gateway at ${url} has no API "${api}"`, apis);
  const chosen =
    stage === undefined ? found.stages[0] : found.stages.find(({ name }) => name === stage);
  if (chosen === undefined)
    throw unknown(`The API ${found.name} has no stage "${stage}"`, found.stages);
  return chosen.url;
}

function unknown(what: string, known: readonly { readonly name: string }[]): WsgwError {
  return new WsgwError("USAGE", `${what}. It has ${known.map(({ name }) => name).join(", ")}.`);
}
