import { createInterface } from "node:readline";
import type { Client, Closed, ReceivedFrame } from "../../src/app.ts";
import { createOutput } from "../terminal/buffered-output.ts";
import { coloursFor } from "../terminal/colours.ts";
import { formatDuration } from "../terminal/duration.ts";
import type { Io } from "../terminal/io.ts";
import { printFitted } from "../terminal/output.ts";
import { EXIT } from "./exit-status.ts";
import { type Expectation, ExpectedInOrder, frameText } from "./expect.ts";
import { unmet } from "./expect-command.ts";
import { closeGracefully } from "./peers.ts";
import { closeLine, plainLines } from "./printed-lines.ts";
import type { Selection } from "./select.ts";
import { TIMEOUT_MS } from "./timeout.ts";

export type SendAndWaitOptions = {
  /** Default: the lines of standard input. */
  readonly messages: readonly string[];
  readonly count: number | undefined;
  /** The expected messages, in this order; others may come between. */
  readonly expected: readonly Expectation[];
  readonly select: Selection | undefined;
  readonly pretty: boolean;
  readonly times: boolean;
  readonly waitMs: number | undefined;
  readonly timeoutMs: number | undefined;
  readonly color: boolean | undefined;
};

const WIDTH = 100;

/** The default of `--wait` if neither `--count` nor `--expect` says which answer is the last. */
const FURTHER_ANSWERS_MS = 1000;

/**
 * Sends each message, prints only the answers to standard output, and exits when the expected ones have
 * arrived. Returns the exit code.
 */
export async function sendAndWait(
  client: Client,
  options: SendAndWaitOptions,
  io: Io,
): Promise<number> {
  const wait = createWait(options, (message) => {
    const paint = coloursFor(io.stderr, io, options.color);
    printFitted(io.stderr, `${paint.red("✗")} ${message}`);
  });
  const output = createOutput(io.stdout, {
    onGone: () => wait.end(EXIT.done),
    raw: io.stdout.isTTY !== true,
  });
  const printFrame = createPrinter(options, io, output.line);
  let sentAt: number | undefined;
  const receive = (frame: ReceivedFrame) => {
    printFrame(frame, sentAt);
    wait.received(frameText(frame));
  };
  for (const frame of client.received) receive(frame);
  client.onFrame(receive);
  void client.closed.then(wait.closed);
  const unsubscribe = io.onSignal(() => wait.end(EXIT.interrupted));

  async function sendAll(): Promise<void> {
    let sent = 0;
    for await (const line of options.messages.length > 0 ? options.messages : linesOf(io)) {
      if (line === "" && options.messages.length === 0) continue;
      try {
        client.send(line);
        sentAt = performance.now();
      } catch {
        return; // the connection has ended, which is printed above
      }
      sent += 1;
    }
    wait.allSent(sent);
  }

  void sendAll();
  const exitCode = await wait.ended;
  unsubscribe();
  await closeGracefully(client);
  await output.end();
  return exitCode;
}

/**
 * `sending` until all is sent, then `waiting`; `content` when everything expected has arrived; `over` at the
 * end.
 */
type WaitState = "sending" | "waiting" | "content" | "over";

/** Waits for the answers. The first event that ends the wait determines the exit code. */
function createWait(
  { count, expected: wanted, timeoutMs = TIMEOUT_MS, ...options }: SendAndWaitOptions,
  complain: (message: string) => void,
) {
  const knowsItsEnd = count !== undefined || wanted.length > 0;
  const waitMs = options.waitMs ?? (knowsItsEnd ? 0 : FURTHER_ANSWERS_MS);
  const expected = new ExpectedInOrder(wanted);
  let state: WaitState = "sending";
  let received = 0;
  /** Number of answers for success; unknown until all is sent. */
  let awaited = 0;
  let quiet: NodeJS.Timeout | undefined;
  let limit: NodeJS.Timeout | undefined;
  let resolve: (exitCode: number) => void = () => {};
  const ended = new Promise<number>((settle) => {
    resolve = settle;
  });

  function end(exitCode: number): void {
    state = "over";
    clearTimeout(quiet);
    clearTimeout(limit);
    resolve(exitCode);
  }

  function reconsider(): void {
    if (state === "waiting" && received >= awaited && expected.next === undefined)
      state = "content";
    if (state !== "content") return;
    clearTimeout(quiet);
    if (waitMs === 0) end(EXIT.done);
    else quiet = setTimeout(() => end(EXIT.done), waitMs);
  }

  function timedOut(): void {
    const missing = expected.next;
    const within = `within ${formatDuration(timeoutMs)}`;
    if (state === "content") {
      end(EXIT.done);
    } else if (missing !== undefined) {
      complain(unmet(missing.shown, expected.others, within));
      end(EXIT.unexpected);
    } else {
      const answers = received === 0 ? "No answer" : `Only ${received} of ${awaited} answers`;
      complain(`${answers} came ${within}.`);
      end(EXIT.tooFew);
    }
  }

  return {
    ended,
    end,
    received(text: string): void {
      received += 1;
      expected.take(text);
      reconsider();
    },
    allSent(sent: number): void {
      if (state === "over") return;
      state = "waiting";
      awaited = count ?? (sent === 0 || wanted.length > 0 ? 0 : 1);
      limit = setTimeout(timedOut, timeoutMs);
      reconsider();
    },
    closed(how: Closed): void {
      if (state === "over") return; // closed from this side
      if (state !== "content") complain(closeLine(how, "peer"));
      end(state === "content" ? EXIT.done : EXIT.ended);
    },
  };
}

function createPrinter(options: SendAndWaitOptions, io: Io, line: (text: string) => void) {
  const onTerminal = io.stdout.isTTY === true;
  const width = (onTerminal && io.stdout.columns) || WIDTH;
  const { select, pretty, times } = options;
  const look = { select, pretty, times, width, onTerminal };
  return (frame: ReceivedFrame, sentAt: number | undefined): void => {
    for (const text of plainLines(frame, look, sentAt)) line(text);
  };
}

async function* linesOf(io: Io): AsyncGenerator<string> {
  yield* createInterface({ input: io.stdin, crlfDelay: Number.POSITIVE_INFINITY });
}
