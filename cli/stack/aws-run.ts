import type { DeployFact, Question } from "../../src/app.ts";
import { createOutput } from "../terminal/buffered-output.ts";
import { coloursFor } from "../terminal/colours.ts";
import type { Io } from "../terminal/io.ts";
import { createLiveRegion } from "../terminal/live-region.ts";
import { print, printFitted } from "../terminal/output.ts";
import { onWishToEnd } from "../terminal/second-ctrl-c.ts";
import { VERSION } from "../version.ts";
import { confirm } from "./confirm.ts";
import { createDeployLog } from "./log.ts";
import { AWS_EXIT, type AwsRunOptions } from "./options.ts";
import { declinedText, interruptedText } from "./questions.ts";

/** What the work receives, for reports and questions. */
export type AwsControls = {
  readonly report: (fact: DeployFact) => void;
  readonly confirm: (question: Question) => Promise<boolean>;
  readonly signal: AbortSignal;
};

const REDRAW_MS = 250;

/** Runs a long operation on AWS, shows its progress, and handles Ctrl-C. */
export async function runOnAws<T extends { readonly kind: string }>(
  options: AwsRunOptions,
  io: Io,
  work: (controls: AwsControls) => Promise<T>,
): Promise<T> {
  const screen = createScreen(options, io);
  const abort = new AbortController();
  const unsubscribe = onWishToEnd(io, AWS_EXIT.interrupted, () => {
    screen.note("Stopping. Press Ctrl-C again to leave at once.");
    abort.abort();
  });
  try {
    const result = await work({
      report: screen.fact,
      signal: abort.signal,
      confirm: (question) => confirm(question, options, io, screen, abort.signal),
    });
    await screen.end();
    if (options.json) print(io.stdout, JSON.stringify({ type: "result", ...result }));
    return result;
  } finally {
    await screen.end();
    unsubscribe();
  }
}

type Screen = {
  fact(fact: DeployFact): void;
  note(text: string): void;
  /** Stops drawing until the returned function is called. */
  hold(): () => void;
  end(): Promise<void>;
};

function createScreen({ json, color }: AwsRunOptions, io: Io): Screen {
  const paint = coloursFor(io.stdout, io, color);
  const isLive = !json && io.stdout.isTTY === true && io.env.TERM !== "dumb";
  const log = createDeployLog({ paint, version: VERSION, live: isLive, elapsed: stopwatch() });
  if (!isLive) {
    // The reader of the output may leave; the work continues.
    const output = createOutput(io.stdout);
    return {
      fact(fact) {
        const lines = json ? [JSON.stringify(fact)] : log.fact(fact);
        for (const line of lines) output.line(line);
      },
      note(text) {
        if (!json) output.line(paint.dim(text));
      },
      hold: () => () => {},
      end: () => output.end(),
    };
  }
  const region = createLiveRegion(io.stdout);
  let held = false;
  const draw = (lines: readonly string[]) => region.draw(lines, held ? [] : log.now());
  const timer = setInterval(() => {
    if (!held) draw([]);
  }, REDRAW_MS);
  return {
    fact: (fact) => draw(log.fact(fact)),
    note: (text) => draw([paint.dim(text)]),
    hold() {
      held = true;
      region.clear();
      return () => {
        held = false;
      };
    },
    async end() {
      clearInterval(timer);
      region.clear();
    },
  };
}

function stopwatch(): () => number {
  const start = performance.now();
  return () => performance.now() - start;
}

/** Explains a run that ended early, and how to continue. */
export function explainEarlyEnd(
  result:
    | { readonly kind: "declined"; readonly question: Question }
    | {
        readonly kind: "interrupted";
        readonly stackName: string;
        readonly running: "create" | "update" | "delete" | undefined;
        readonly code?: Parameters<typeof interruptedText>[3];
      },
  command: "deploy" | "destroy",
  { json, color }: AwsRunOptions,
  io: Io,
): number {
  const isDeclined = result.kind === "declined";
  const exit = isDeclined ? AWS_EXIT.declined : AWS_EXIT.interrupted;
  if (json) return exit;
  const paint = coloursFor(io.stderr, io, color);
  const asked = io.stdin.isTTY === true && io.stdout.isTTY === true;
  const lines = isDeclined
    ? declinedText(result.question, asked)
    : interruptedText(result.stackName, result.running, command, result.code);
  const [first = "", ...rest] = lines;
  printFitted(
    io.stderr,
    [`${paint.yellow("!")} ${first}`, ...rest.map((line) => paint.dim(`  ${line}`))].join("\n"),
  );
  return exit;
}
