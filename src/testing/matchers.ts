import type { Opening } from "../client/client.ts";
import type { Closed } from "../client/frames.ts";
import { inQuotes } from "../emulator/fact-text.ts";
import { parseJson } from "../values/json.ts";
import { matchesValue } from "../values/match.ts";
import { internalsOf, nameOf } from "./client-internals.ts";
import { describeExpected, type Expected, matchesMessage } from "./expected.ts";
import type { TestGateway } from "./start-gateway.ts";
import { closeText, isClosedWith, type TestClient } from "./test-client.ts";

type Verdict = { readonly pass: boolean; message(): string };
type Rejected = Extract<Opening, { readonly kind: "refused" }>;

/**
 * Matchers for `expect.extend()` of Vitest and Jest; `wsgw/testing/vitest` registers them. Those of clients
 * wait until they are met or the gateway has settled, so that they fail at once when nothing can arrive any
 * more; those of gateways wait until it has settled.
 */
export const matchers = {
  /** A matching message has arrived. */
  toHaveReceived(client: TestClient, expected: Expected): Promise<Verdict> {
    const what = `a message like ${describeExpected(expected)}`;
    return hasReceived(client, what, (text) => matchesMessage(expected, text));
  },

  /** A message has arrived whose JSON contains `expected`. */
  toHaveReceivedJson(client: TestClient, expected: unknown): Promise<Verdict> {
    const what = `JSON like ${describeExpected(expected)}`;
    return hasReceived(client, what, (text) => {
      const json = parseJson(text);
      return json !== undefined && matchesValue(expected, json.value);
    });
  },

  /** The connection is closed, with this code and reason. */
  async toBeClosedWith(
    client: TestClient,
    code: number,
    reason?: string | RegExp,
  ): Promise<Verdict> {
    const how = await closedOrSettled(client);
    const wanted = `${code}${reason === undefined ? "" : ` ${describeExpected(reason)}`}`;
    return {
      pass: how !== undefined && isClosedWith(how, code, reason),
      message: () =>
        `expected ${nameOf(client)} to be closed with ${wanted}, but it ${how === undefined ? "is open" : `was closed with ${closeText(how)}`}`,
    };
  },

  /** The function was invoked with an event that contains `event`. */
  async toHaveInvoked(
    gateway: TestGateway,
    functionName: string,
    event?: unknown,
  ): Promise<Verdict> {
    await gateway.settled(); // the test usually checks next what the function has done
    const events = gateway.invocations(functionName).map((invocation) => invocation.event);
    const which = event === undefined ? "" : ` with ${describeExpected(event)}`;
    const found =
      events.length === 0
        ? "it was not invoked"
        : `its events were:\n${events.map((each) => JSON.stringify(each)).join("\n")}`;
    return {
      pass: events.some((each) => event === undefined || matchesValue(event, each)),
      message: () => `expected ${functionName} to be invoked${which}, but ${found}`,
    };
  },

  /** The function was invoked this many times when the gateway has settled. */
  async toHaveInvokedTimes(
    gateway: TestGateway,
    functionName: string,
    times: number,
  ): Promise<Verdict> {
    await gateway.settled();
    const { length } = gateway.invocations(functionName);
    return {
      pass: length === times,
      message: () =>
        `expected ${functionName} to be invoked ${times} times, but it was ${length} times`,
    };
  },

  /** The handshake was rejected with this status and a matching body. */
  async toBeRefusedWith(
    handshake: { readonly kind: string },
    statusCode: number,
    body?: Expected,
  ): Promise<Verdict> {
    const rejected = handshake.kind === "refused" ? (handshake as Rejected) : undefined;
    const wanted = `${statusCode}${body === undefined ? "" : ` and ${describeExpected(body)}`}`;
    const found =
      rejected === undefined
        ? "accepted"
        : `rejected with ${rejected.statusCode} and ${rejected.body}`;
    return {
      pass:
        rejected?.statusCode === statusCode &&
        (body === undefined || matchesMessage(body, rejected.body)),
      message: () =>
        `expected the handshake to be rejected with HTTP ${wanted}, but it was ${found}`,
    };
  },
};

/** Whether a matching message has arrived, or arrives before the gateway has settled. */
async function hasReceived(
  client: TestClient,
  what: string,
  passes: (text: string) => boolean,
): Promise<Verdict> {
  await metOrSettled(client, () => client.received.some(passes));
  const texts = client.received.map(inQuotes);
  return {
    pass: client.received.some(passes),
    message: () =>
      `expected ${nameOf(client)} to receive ${what}, but it received${texts.length === 0 ? " nothing" : `\n${texts.join("\n")}`}`,
  };
}

async function closedOrSettled(client: TestClient): Promise<Closed | undefined> {
  let how: Closed | undefined;
  const isClosed = client.closed.then((closed) => {
    how = closed;
  });
  await Promise.race([isClosed, metOrSettled(client, () => how !== undefined)]);
  return how;
}

/**
 * Waits until `isMet`, or until the gateway has settled: then nothing pending can change it, and the matcher
 * fails at once.
 */
async function metOrSettled(client: object, isMet: () => boolean): Promise<void> {
  const { settled, onChange } = internalsOf(client);
  if (isMet()) return;
  let stop = (): void => {};
  const met = new Promise<void>((resolve) => {
    stop = onChange(() => {
      if (isMet()) resolve();
    });
  });
  const all = settled();
  all.catch(() => {}); // reported by the race, unless the condition is met first
  try {
    await Promise.race([met, all]);
  } finally {
    stop();
  }
}
