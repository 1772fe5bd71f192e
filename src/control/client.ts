import { request as httpRequest, type IncomingMessage } from "node:http";
import { createInterface } from "node:readline";
import type { Api } from "../api.ts";
import { whyNotReached } from "../errors/in-words.ts";
import { WsgwError } from "../errors.ts";
import type { Entry } from "../journal.ts";
import type { ControlAddress, ControlConnection } from "./protocol.ts";

/** What can be asked of a gateway that runs in another process. */
export type Control = {
  /** The API as it is served now. */
  api(): Promise<Api>;
  connections(): Promise<readonly ControlConnection[]>;
  /** The connection that a handshake made, by the `x-amzn-RequestId` of its answer. */
  connectionOf(handshakeId: string): Promise<string | undefined>;
  /** The facts that the gateway still has, oldest first, from the one after `after` on. */
  facts(after?: number): Promise<readonly Entry[]>;
  /**
   * The facts that the gateway still has and those to come, until the loop over them ends or `signal`
   * does that.
   */
  follow(options?: {
    readonly after?: number;
    readonly signal?: AbortSignal;
  }): AsyncIterable<Entry>;
};

const ANSWER_MS = 10_000;

/** Opens the control interface of a running gateway. Every call fails with GATEWAY_UNREACHABLE when it is gone. */
export function openControl(address: ControlAddress): Control {
  async function get(path: string): Promise<{ statusCode: number; value: unknown }> {
    const response = await call(address, path);
    let text = "";
    response.setEncoding("utf8");
    for await (const chunk of response) text += chunk;
    return { statusCode: response.statusCode ?? 0, value: parse(address, text) };
  }

  return {
    api: async () => (await get("/api")).value as Api,
    connections: async () => (await get("/connections")).value as readonly ControlConnection[],
    async connectionOf(handshakeId) {
      const path = `/handshakes/${encodeURIComponent(handshakeId)}`;
      const { statusCode, value } = await get(path);
      return statusCode === 200 ? (value as { connectionId: string }).connectionId : undefined;
    },
    async facts(after = 0) {
      const entries: Entry[] = [];
      for await (const entry of lines(address, `/facts?after=${after}`)) entries.push(entry);
      return entries;
    },
    follow: ({ after = 0, signal } = {}) =>
      lines(address, `/facts?follow=true&after=${after}`, signal),
  };
}

async function* lines(
  address: ControlAddress,
  path: string,
  signal?: AbortSignal,
): AsyncGenerator<Entry> {
  const response = await call(address, path, signal);
  response.on("error", () => {}); // of a request that was broken off; the loop below ends
  try {
    for await (const line of createInterface({ input: response })) {
      if (line !== "") yield parse(address, line) as Entry;
    }
  } finally {
    response.destroy();
  }
}

function call(
  { url, token }: ControlAddress,
  path: string,
  signal?: AbortSignal,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      `${url}${path}`,
      {
        headers: { authorization: `Bearer ${token}` },
        agent: false,
        ...(signal !== undefined && { signal }),
      },
      (response) => {
        request.setTimeout(0);
        resolve(response);
      },
    );
    request.setTimeout(ANSWER_MS, () => request.destroy(new Error("it does not answer")));
    request.on("error", (error) => reject(unreachable(url, whyNotReached(error), error)));
    request.end();
  });
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
