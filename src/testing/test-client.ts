import { account, asText } from "../client/account.ts";
import type { Client } from "../client/client.ts";
import type { Closed, ReceivedFrame } from "../client/frames.ts";
import { Inbox } from "../client/inbox.ts";
import { withLimit } from "../client/waiting.ts";
import type { ErrorCode } from "../errors.ts";
import { parseJson } from "../values/json.ts";
import { keepInternals } from "./client-internals.ts";
import { describeExpected, type Expected, matchesMessage } from "./expected.ts";
import { failure, type WaitLimits } from "./failure.ts";

/** Time limit of a single wait. */
export type WaitOptions = {
  /** In ms of real time. Default: the gateway's `waitMs`. */
  readonly timeoutMs?: number;
};

/**
 * A connected client. `next()` or a matching expectation returns each message once; `received` contains all.
 * Waits for a message reject with WAIT_TIMED_OUT if none arrives, and with CONNECTION_CLOSED if none can
 * arrive any more.
 */
export type TestClient = Pick<Client, "url" | "protocol" | "closed" | "send" | "close"> & {
  /** The id that API Gateway assigned to the connection. */
  readonly connectionId: string;
  /** All messages so far, oldest first; a binary one as hexadecimal. */
  readonly received: readonly string[];
  sendJson(value: unknown): void;
  /** Sends one message in several frames, one per part. */
  sendFragments(parts: readonly (string | Uint8Array)[]): void;
  /** The oldest message not returned yet, else the next one. */
  next(options?: WaitOptions): Promise<string>;
  /** The same, parsed; rejects with EXPECTATION_FAILED if it is not JSON. */
  nextJson(options?: WaitOptions): Promise<unknown>;
  /** Takes the next message, and rejects with EXPECTATION_FAILED if it does not match. */
  expectNext(expected: Expected, options?: WaitOptions): Promise<string>;
  /** Waits for a matching message; others before it stay for later calls. */
  expectMessage(expected: Expected, options?: WaitOptions): Promise<string>;
  /**
   * Waits until the gateway has settled, and rejects with EXPECTATION_FAILED if any message was not returned.
   */
  expectNothing(): Promise<void>;
  /**
   * Waits for the end of the connection. Rejects with WAIT_TIMED_OUT if it stays open, and with
   * EXPECTATION_FAILED if code or reason do not match.
   */
  expectClosed(code?: number, reason?: string | RegExp, options?: WaitOptions): Promise<Closed>;
  /** Round trip of a ping, in ms. API Gateway itself answers pings; handlers do not see them. */
  ping(): Promise<number>;
  /** Drops the connection without a close frame: the gateway sees 1006. */
  vanish(): void;
};

/** What a client needs to know about its gateway. */
type ClientSurroundings = WaitLimits & {
  readonly connectionId: string;
  /** The client's name in traces. */
  readonly name: () => string;
  readonly settled: () => Promise<void>;
};

/** A test client, and whether it has started to leave. */
export function createTestClient(
  client: Client,
  surroundings: ClientSurroundings,
): { readonly client: TestClient; isClosing(): boolean } {
  const { connectionId, name, settled } = surroundings;
  const inbox = new Inbox<string, Closed>();
  let isClosing = false;
  const receive = (frame: ReceivedFrame): void => inbox.put(asText(frame));
  client.received.forEach(receive);
  client.onFrame(receive);
  const closed = client.closed.then((how) => {
    isClosing = true;
    inbox.end(how);
    return how;
  });

  const testClient: TestClient = {
    url: client.url,
    // A getter, because a value would be read before the handshake ends.
    get protocol() {
      return client.protocol;
    },
    connectionId,
    received: inbox.items,
    closed,
    send: (message) => client.send(message),
    sendJson: (value) => client.send(JSON.stringify(value)),
    sendFragments: (parts) => client.sendFragments(parts),
    ...expectationsOf(inbox, surroundings),
    expectClosed: (code, reason, options) =>
      expectClosed(closed, { code, reason, ...options }, surroundings),
    ping: () => client.ping(),
    close(code, reason) {
      isClosing = true;
      return client.close(code, reason);
    },
    vanish() {
      isClosing = true;
      client.terminate();
    },
  };
  keepInternals(testClient, { name, settled, onChange: (listener) => inbox.onChange(listener) });
  return { client: testClient, isClosing: () => isClosing };
}

/** A client's expectations about messages. */
function expectationsOf(
  inbox: Inbox<string, Closed>,
  { waitMs, settled, lastFacts }: ClientSurroundings,
): Pick<TestClient, "next" | "nextJson" | "expectNext" | "expectMessage" | "expectNothing"> {
  const fail = (code: ErrorCode, sentence: string): Error => failure(code, sentence, lastFacts);
  const soFar = (): string => account(inbox.items, "messages");

  const take = (
    what: string,
    accepts: (text: string) => boolean,
    { timeoutMs = waitMs }: WaitOptions = {},
  ): Promise<string> =>
    inbox.take({
      accepts,
      timeoutMs,
      ended(how) {
        const said = `The connection closed with ${closeText(how)} before ${what} came`;
        return fail("CONNECTION_CLOSED", `${said}; ${soFar()}.`);
      },
      timedOut: () => fail("WAIT_TIMED_OUT", `No ${what} came within ${timeoutMs} ms; ${soFar()}.`),
    });

  const next = (options?: WaitOptions): Promise<string> => take("message", () => true, options);

  return {
    next,
    async nextJson(options) {
      const text = await next(options);
      const json = parseJson(text);
      if (json !== undefined) return json.value;
      throw fail("EXPECTATION_FAILED", `The next message is not JSON: ${JSON.stringify(text)}.`);
    },
    async expectNext(expected, options) {
      const text = await next(options);
      if (matchesMessage(expected, text)) return text;
      const wanted = describeExpected(expected);
      const said = `The next message should be ${wanted}, but is ${JSON.stringify(text)}.`;
      throw fail("EXPECTATION_FAILED", said);
    },
    expectMessage: (expected, options) =>
      take(
        `message like ${describeExpected(expected)}`,
        (text) => matchesMessage(expected, text),
        options,
      ),
    async expectNothing() {
      await settled();
      const texts = inbox.left.map((text) => JSON.stringify(text));
      if (texts.length === 0) return;
      throw fail("EXPECTATION_FAILED", `No message should come, but ${texts.join(", ")} did.`);
    },
  };
}

type WantedEnd = WaitOptions & {
  readonly code: number | undefined;
  readonly reason: string | RegExp | undefined;
};

async function expectClosed(
  closed: Promise<Closed>,
  wanted: WantedEnd,
  { waitMs, lastFacts }: ClientSurroundings,
): Promise<Closed> {
  const { code, reason, timeoutMs = waitMs } = wanted;
  const how = await withLimit(closed, timeoutMs, () => {
    const said = `The connection was not closed within ${timeoutMs} ms.`;
    return failure("WAIT_TIMED_OUT", said, lastFacts);
  });
  if (isClosedWith(how, code, reason)) return how;
  const end = `${code ?? ""} ${reason === undefined ? "" : describeExpected(reason)}`.trim();
  const said = `The connection should be closed with ${end}, but was with ${closeText(how)}.`;
  throw failure("EXPECTATION_FAILED", said, lastFacts);
}

export function isClosedWith(
  how: Closed,
  code: number | undefined,
  reason: string | RegExp | undefined,
): boolean {
  return (
    (code === undefined || how.code === code) &&
    (reason === undefined || matchesMessage(reason, how.reason))
  );
}

export function closeText({ code, reason }: Closed): string {
  return reason === "" ? String(code) : `${code} ${JSON.stringify(reason)}`;
}
