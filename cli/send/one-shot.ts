import { createInterface } from "node:readline";
import type { Client, ReceivedFrame } from "../../src/app.ts";
import { coloursFor } from "../terminal/colours.ts";
import { formatDuration } from "../terminal/duration.ts";
import type { Io } from "../terminal/io.ts";
import { createOutput } from "../terminal/output.ts";
import { unmet } from "./await-expected.ts";
import type { Expectation } from "./expect.ts";
import { EXIT } from "./options.ts";
import { closeGracefully } from "./peers.ts";
import type { Selection } from "./select.ts";
import { describeClosed, frameLines, frameText } from "./show-frame.ts";

export type OneShotOptions = {
  /** Without any, the lines of standard input. */
  readonly messages: readonly string[];
  readonly count: number | undefined;
  /** What must come, in this order; other messages may come between. */
  readonly expected: readonly Expectation[];
  readonly select: Selection | undefined;
  readonly pretty: boolean;
  readonly times: boolean;
  readonly waitMs: number | undefined;
  readonly timeoutMs: number | undefined;
  readonly color: boolean | undefined;
};

const FURTHER_ANSWERS_MS = 1000;
const TIMEOUT_MS = 10_000;
const WIDTH = 100;

/**
 * Sends each message, prints the answers and nothing else to standard output, and leaves when the
 * awaited ones are there. Returns the exit code.
 */
export async function sendAndWait(
  client: Client,
  options: OneShotOptions,
  io: Io,
): Promise<number> {
  const { count, messages, timeoutMs = TIMEOUT_MS } = options;
  const knowsItsEnd = count !== undefined || options.expected.length > 0;
  const waitMs = options.waitMs ?? (knowsItsEnd ? 0 : FURTHER_ANSWERS_MS);
  const onTerminal = io.stdout.isTTY === true;
  const width = (onTerminal && io.stdout.columns) || WIDTH;
  const look = { select: options.select, pretty: options.pretty, width, onTerminal };
  const expected = [...options.expected];
  const unexpected: string[] = [];
  let sentAt: number | undefined;
  let over = false;
  let finish: (exitCode: number) => void = () => {};
  const finished = new Promise<number>((resolve) => {
    finish = (exitCode) => {
      over = true;
      resolve(exitCode);
    };
  });
  const output = createOutput(io.stdout, { onGone: () => finish(EXIT.done) });
  const timers = new Set<NodeJS.Timeout>();
  let received = 0;
  /** How many answers make it a success; unknown until all is sent. */
  let awaited: number | undefined;
  let quiet: NodeJS.Timeout | undefined;

  const after = (ms: number, run: () => void): NodeJS.Timeout => {
    const timer = setTimeout(run, ms);
    timers.add(timer);
    return timer;
  };
  const isContent = () => awaited !== undefined && received >= awaited && expected.length === 0;
  const reconsider = () => {
    if (!isContent()) return;
    clearTimeout(quiet);
    if (waitMs === 0) finish(EXIT.done);
    else quiet = after(waitMs, () => finish(EXIT.done));
  };
  const show = (frame: ReceivedFrame) => {
    const lines = frameLines(frame, look);
    const since = sentAt === undefined ? "" : ` +${formatDuration(performance.now() - sentAt)}`;
    const head = options.times ? `${new Date().toISOString()}${since} ` : "";
    for (const [index, line] of lines.entries()) output.line(index === 0 ? head + line : line);
    received += 1;
    meet(frameText(frame));
    reconsider();
  };
  const meet = (text: string) => {
    if (expected[0]?.matches(text) === true) expected.shift();
    else unexpected.push(text);
  };
  for (const frame of client.received) show(frame);
  client.onFrame(show);
  void client.closed.then((closed) => {
    if (over) return; // it is we who closed it
    if (isContent()) return finish(EXIT.done);
    complain(`${describeClosed(closed, "peer")}.`);
    finish(EXIT.ended);
  });
  const unsubscribe = io.onSignal(() => finish(EXIT.interrupted));

  function complain(message: string): void {
    const paint = coloursFor(io.stderr, io, options.color);
    io.stderr.write(`${paint.red("✗")} ${message}\n`);
  }

  async function sendAll(): Promise<void> {
    let sent = 0;
    const lines = messages.length > 0 ? messages : linesOf(io);
    for await (const line of lines) {
      if (line === "" && messages.length === 0) continue;
      try {
        client.send(line);
        sentAt = performance.now();
      } catch {
        return; // the connection has ended, which is told above
      }
      sent += 1;
    }
    awaited = count ?? (sent === 0 || options.expected.length > 0 ? 0 : 1);
    after(timeoutMs, () => {
      if (isContent()) return finish(EXIT.done);
      const [missing] = expected;
      if (missing !== undefined) {
        complain(unmet(missing.shown, unexpected, `within ${formatDuration(timeoutMs)}`));
        return finish(EXIT.unexpected);
      }
      const answers = received === 0 ? "No answer" : `Only ${received} of ${awaited} answers`;
      complain(`${answers} came within ${formatDuration(timeoutMs)}.`);
      finish(EXIT.tooFew);
    });
    reconsider();
  }

  void sendAll();
  const exitCode = await finished;
  unsubscribe();
  for (const timer of timers) clearTimeout(timer);
  await closeGracefully(client);
  await output.end();
  return exitCode;
}

async function* linesOf(io: Io): AsyncGenerator<string> {
  yield* createInterface({ input: io.stdin, crlfDelay: Number.POSITIVE_INFINITY });
}
