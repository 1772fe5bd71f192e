import { request as httpRequest, type IncomingMessage } from "node:http";
import { createInterface } from "node:readline";
import type { LocalProject } from "../../definition/local-project.ts";
import { whyNotReached } from "../../errors/in-words.ts";
import { WsgwError } from "../../errors.ts";
import type { ControlAddress } from "../../project-folder/running.ts";
import type { Keys } from "../iam/keys.ts";
import type { Entry } from "../journal/journal.ts";
import { ANSWER_MS, withinLimit } from "./limit.ts";
import { CONTROL_VERSION, type ControlConnection, type TokenWish } from "./protocol.ts";

/** What can be asked of a gateway that runs in another process. */
export type Control<Fact> = {
  /** The project as it is served now. */
  project(): Promise<LocalProject>;
  /** Keys that sign as an identity of the definition; undefined for one that is not there. */
  credentialsOf(identity: string): Promise<Keys | undefined>;
  connections(): Promise<readonly ControlConnection[]>;
  /** The connection that a handshake made, by the `Sec-WebSocket-Accept` of its answer. */
  connectionOf(handshakeId: string): Promise<string | undefined>;
  /** A token that the gateway signs; undefined where it signs none. */
  token(wish: TokenWish): Promise<string | undefined>;
  /** The facts that the gateway still has, oldest first, from the one after `after` on. */
  facts(after?: number): Promise<readonly Entry<Fact>[]>;
  /**
   * The facts that the gateway still has and those to come, until the loop over them ends or `signal`
   * does that.
   */
  follow(options?: {
    readonly after?: number;
    readonly signal?: AbortSignal;
  }): AsyncIterable<Entry<Fact>>;
};

/**
 * Opens the control interface of a running gateway. Every call fails with GATEWAY_UNREACHABLE when it is gone or has
 * not answered within `answerMs`, and with GATEWAY_OTHER_VERSION when another wsgw runs it.
 */
export function openControl<Fact>(
  address: ControlAddress,
  { answerMs = ANSWER_MS }: { readonly answerMs?: number } = {},
): Control<Fact> {
  async function get(path: string): Promise<{ statusCode: number; text: string }> {
    try {
      return await withinLimit(answerMs, async (signal) => {
        const response = await call(address, path, signal);
        return { statusCode: response.statusCode ?? 0, text: await textOf(response) };
      });
    } catch (error) {
      if (error instanceof WsgwError) throw error;
      throw unreachable(address.url, whyNotReached(error), error);
    }
  }
  const value = async (path: string) => parse(address, (await get(path)).text);

  return {
    project: async () => (await value("/project")) as LocalProject,
    async credentialsOf(identity) {
      const { statusCode, text } = await get(`/credentials/${encodeURIComponent(identity)}`);
      return statusCode === 200 ? (parse(address, text) as Keys) : undefined;
    },
    connections: async () => (await value("/connections")) as readonly ControlConnection[],
    async connectionOf(handshakeId) {
      const path = `/handshakes/${encodeURIComponent(handshakeId)}`;
      const { statusCode, text } = await get(path);
      if (statusCode !== 200) return undefined;
      return (parse(address, text) as { connectionId: string }).connectionId;
    },
    async token(wish) {
      const path = `/token?wish=${encodeURIComponent(JSON.stringify(wish))}`;
      const { statusCode, text } = await get(path);
      if (statusCode === 200) return (parse(address, text) as { token: string }).token;
      if (statusCode === 404) return undefined;
      const message =
        statusCode === 431
          ? "The claims are too large: a handshake has no room for such a token."
          : `The gateway cannot sign these claims: ${text}`;
      throw new WsgwError("USAGE", message);
    },
    async facts(after = 0) {
      const { text } = await get(`/facts?after=${after}`);
      const lines = text.split("\n").filter((line) => line !== "");
      return lines.map((line) => parse(address, line) as Entry<Fact>);
    },
    follow: ({ after = 0, signal } = {}) =>
      follow(address, `/facts?follow=true&after=${after}`, answerMs, signal),
  };
}

/** Only the beginning of the answer has a limit: there may be nothing to tell for long. */
async function* follow<Fact>(
  address: ControlAddress,
  path: string,
  answerMs: number,
  signal?: AbortSignal,
): AsyncGenerator<Entry<Fact>> {
  const ending = new AbortController();
  const end = () => ending.abort();
  signal?.addEventListener("abort", end);
  let response: IncomingMessage | undefined;
  try {
    response = await withinLimit(answerMs, async (limit) => {
      limit.addEventListener("abort", () => response ?? end());
      return call(address, path, ending.signal);
    });
    response.on("error", () => {}); // of a request that was broken off; the loop below ends
    for await (const line of createInterface({ input: response })) {
      if (line !== "") yield parse(address, line) as Entry<Fact>;
    }
  } catch (error) {
    if (signal?.aborted === true) return;
    if (error instanceof WsgwError) throw error;
    throw unreachable(address.url, whyNotReached(error), error);
  } finally {
    signal?.removeEventListener("abort", end);
    response?.destroy();
  }
}

function call(
  { url, token, version }: ControlAddress,
  path: string,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  if (version !== CONTROL_VERSION) {
    const message = `The gateway at ${new URL(url).origin} is of another version of wsgw, which this one cannot ask.`;
    throw new WsgwError("GATEWAY_OTHER_VERSION", message);
  }
  const headers = { authorization: `Bearer ${token}` };
  return new Promise((resolve, reject) => {
    httpRequest(`${url}${path}`, { headers, agent: false, signal }, resolve)
      .on("error", reject)
      .end();
  });
}

async function textOf(response: IncomingMessage): Promise<string> {
  let text = "";
  response.setEncoding("utf8");
  for await (const chunk of response) text += chunk;
  return text;
}

function parse({ url }: ControlAddress, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw unreachable(url, "it does not answer with JSON", error);
  }
}

function unreachable(url: string, why: string, cause: unknown): WsgwError {
  const message = `The gateway at ${new URL(url).origin} cannot be asked: ${why}.`;
  return new WsgwError("GATEWAY_UNREACHABLE", message, { cause });
}
