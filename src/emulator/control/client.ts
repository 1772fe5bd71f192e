import type { IncomingMessage } from "node:http";
import { createInterface } from "node:readline";
import { text as wholeText } from "node:stream/consumers";
import type { LocalProject } from "../../definition/local-project.ts";
import { whyNotReached } from "../../errors/in-words.ts";
import { WsgwError } from "../../errors.ts";
import type { ControlAddress } from "../../project-directory/running.ts";
import type { Keys } from "../iam/keys.ts";
import type { Entry } from "../journal/journal.ts";
import { sendRequest } from "../network/send-request.ts";
import { ANSWER_MS, withinLimit } from "./limit.ts";
import { CONTROL_VERSION, type ControlConnection, type TokenWish } from "./protocol.ts";

/** The questions that another process can ask a running gateway. */
export type Control<Fact> = {
  /** The project as currently served. */
  project(): Promise<LocalProject>;
  /** Keys that sign as an identity of the definition; undefined if it does not exist. */
  credentialsOf(identity: string): Promise<Keys | undefined>;
  connections(): Promise<readonly ControlConnection[]>;
  /** The connection of a handshake, by the `Sec-WebSocket-Accept` of its response. */
  connectionOf(handshakeId: string): Promise<string | undefined>;
  /** A token signed by the gateway; undefined if it signs none. */
  token(wish: TokenWish): Promise<string | undefined>;
  /** The facts that the gateway has kept, oldest first; only those after `after`, if given. */
  facts(after?: number): Promise<readonly Entry<Fact>[]>;
  /** Kept and future facts, until the loop over them ends or `signal` aborts. */
  follow(options?: {
    readonly after?: number;
    readonly signal?: AbortSignal;
  }): AsyncIterable<Entry<Fact>>;
};

/**
 * Opens the control interface of a running gateway. Every call fails with GATEWAY_UNREACHABLE if the gateway
 * is gone or does not answer within `answerMs`, and with GATEWAY_OTHER_VERSION if another version of wsgw
 * runs it.
 */
export function openControl<Fact>(
  address: ControlAddress,
  { answerMs = ANSWER_MS }: { readonly answerMs?: number } = {},
): Control<Fact> {
  async function get(path: string): Promise<{ statusCode: number; text: string }> {
    try {
      return await withinLimit(answerMs, async (signal) => {
        const response = await call(address, path, signal);
        return { statusCode: response.statusCode ?? 0, text: await wholeText(response) };
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
          ? "The claims are too large: the token exceeds the size of a handshake."
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

/** Only the start of the response has a time limit: there may be no facts for long. */
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
    response.on("error", () => {}); // from an aborted request; the loop below ends
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
    const message = `The gateway at ${new URL(url).origin} runs another version of wsgw, which does not understand this one.`;
    throw new WsgwError("GATEWAY_OTHER_VERSION", message);
  }
  const headers = { authorization: `Bearer ${token}` };
  return sendRequest(new URL(`${url}${path}`), { headers, signal });
}

function parse({ url }: ControlAddress, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw unreachable(url, "it does not answer with JSON", error);
  }
}

function unreachable(url: string, why: string, cause: unknown): WsgwError {
  const message = `The gateway at ${new URL(url).origin} does not answer: ${why}.`;
  return new WsgwError("GATEWAY_UNREACHABLE", message, { cause });
}
