import { createInterface } from "node:readline";
import { coloursFor } from "./colours.ts";
import { formatDuration } from "./duration.ts";
import type { Io } from "./io.ts";
import type { Library } from "./library.ts";
import { createOutput } from "./output.ts";
import { describeClosed, type ReceivedFrame, showFrame } from "./show-frame.ts";

type Client = Extract<Awaited<ReturnType<Library["openClient"]>>, { kind: "open" }>["client"];

export type OneShotOptions = {
  /** Without any, the lines of standard input. */
  readonly messages: readonly string[];
  readonly count: number | undefined;
  readonly waitMs: number | undefined;
  readonly timeoutMs: number | undefined;
  readonly color: boolean | undefined;
};

const EXIT = { answered: 0, tooFew: 3, ended: 4, interrupted: 130 } as const;

const FURTHER_ANSWERS_MS = 1000;
const TIMEOUT_MS = 10_000;
const GOODBYE_MS = 2000;

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
  const waitMs = options.waitMs ?? (count === undefined ? FURTHER_ANSWERS_MS : 0);
  const tty = io.stdout.isTTY === true;
  let over = false;
  let finish: (exitCode: number) => void = () => {};
  const finished = new Promise<number>((resolve) => {
    finish = (exitCode) => {
      over = true;
      resolve(exitCode);
    };
  });
  const output = createOutput(io.stdout, { onGone: () => finish(EXIT.answered) });
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
  const reconsider = () => {
    if (awaited === undefined || received < awaited) return;
    clearTimeout(quiet);
    if (waitMs === 0) finish(EXIT.answered);
    else quiet = after(waitMs, () => finish(EXIT.answered));
  };
  const show = (frame: ReceivedFrame) => {
    output.line(showFrame(frame, tty));
    received += 1;
    reconsider();
  };
  for (const frame of client.received) show(frame);
  client.onFrame(show);
  void client.closed.then((closed) => {
    if (over) return; // it is we who closed it
    if (awaited !== undefined && received >= awaited) return finish(EXIT.answered);
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
      } catch {
        return; // the connection has ended, which is told above
      }
      sent += 1;
    }
    awaited = count ?? (sent === 0 ? 0 : 1);
    after(timeoutMs, () => {
      if (received >= (awaited ?? 0)) return finish(EXIT.answered);
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
  await goodbye(client);
  await output.end();
  return exitCode;
}

async function* linesOf(io: Io): AsyncGenerator<string> {
  yield* createInterface({ input: io.stdin, crlfDelay: Number.POSITIVE_INFINITY });
}

/** Closes with 1000; a peer that does not answer is left after a while. */
export async function goodbye(client: Client): Promise<void> {
  const timer = setTimeout(() => client.terminate(), GOODBYE_MS);
  await client.close(1000);
  clearTimeout(timer);
}
