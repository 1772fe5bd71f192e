import { type DevSession, type RunningCommand, WsgwError } from "../../src/app.ts";
import { isLoopback } from "../../src/values/loopback.ts";
import { legend } from "../log/legend.ts";
import type { Detail } from "../log/options.ts";
import { createTerminalLog } from "../log/terminal-log.ts";
import { createOutput, type Output } from "../terminal/buffered-output.ts";
import { coloursFor } from "../terminal/colours.ts";
import type { App, Io } from "../terminal/io.ts";
import { isProblem } from "../terminal/is-problem.ts";
import { columnsOf, printFitted } from "../terminal/output.ts";
import { watchReader } from "../terminal/watch-reader.ts";
import { VERSION } from "../version.ts";
import { banner, fittedBanner } from "./banner.ts";
import { exposed } from "./exposed.ts";
import { readyLine } from "./ready-line.ts";
import { exitStatus, jsonPrinter, logPrinter, startGivenCommand } from "./started-command.ts";
import { awaitEnd } from "./stop-limit.ts";

export type DevOptions = {
  readonly start: Parameters<App["startDev"]>[0];
  /** `json-quiet` prints the ready line and only facts about problems. */
  readonly output: Detail | "json" | "json-quiet";
  readonly color: boolean | undefined;
  /** Whether the terminal shows the lines of access logs. */
  readonly showsAccessLog: boolean;
  readonly showsExecutionLog: boolean;
  /** Runs with the gateway: a program and its arguments. */
  readonly command?: readonly string[];
  /** The command's variables for the ws URL, in addition to WSGW_URL. */
  readonly urlEnv: readonly string[];
};

const EXIT = { stopped: 0, killed: 1 } as const;

/**
 * Runs the gateway until a signal arrives or its command ends, and prints facts. Returns the exit code, which
 * is the command's if that ended by itself.
 */
export async function runDev(options: DevOptions, io: Io): Promise<number> {
  const ending = awaitEnd(io, EXIT.killed);
  const output = createOutput(io.stdout, {
    onGone: () => ending.request(),
    dropped: (lines) => droppedLine(lines, options.output),
  });
  const unwatch = watchReader(io.stdout);
  try {
    const { isFirstTime, optimiseEarly, startDev } = await io.app();
    const reading = new AbortController();
    void ending.requested.then(() => reading.abort());
    const report = (text: string) => printFitted(io.stderr, text);
    const start = { ...options.start, signal: reading.signal, report };
    const session = await startDev(start).catch((error: unknown) => {
      if (!reading.signal.aborted) throw error;
    });
    if (session === undefined) return EXIT.stopped;
    optimiseEarly();
    const explains = () => isFirstTime(session.stateDir, "log-explained");
    const printed = printer(session, options, output, io, explains);
    // Facts from the start are printed after the banner.
    for (const entry of session.journal.entries()) printed.entry(entry);
    session.journal.subscribe(printed.entry);

    const beside = await runBeside({ session, options, output, io }).catch(
      async (error: unknown) => {
        await session.stop();
        throw error;
      },
    );
    const end = await Promise.race([
      ending.requested,
      ...(beside === undefined ? [] : [beside.ended]),
    ]);
    ending.limit();
    // As long as handlers end, waiting for the others makes sense.
    session.journal.subscribe(({ type }) => {
      if (type === "function.ended") ending.limit();
    });
    if (end === undefined) printed.stopping();
    await Promise.all([session.stop(), beside?.stop(end === undefined)]);
    printed.stopped();
    if (end?.kind === "never-started") throw unusable(options, end.reason);
    return end === undefined ? EXIT.stopped : exitStatus(end);
  } finally {
    unwatch();
    await output.end();
    ending.dispose();
  }
}

type Beside = Pick<RunningCommand, "ended"> & {
  /** `asked` is true if the end was requested. */
  stop(asked: boolean): Promise<void>;
};

/** Starts the command, if any. */
async function runBeside(parts: {
  readonly session: DevSession;
  readonly options: DevOptions;
  readonly output: Output;
  readonly io: Io;
}): Promise<Beside | undefined> {
  const { session, options, output, io } = parts;
  const { command, urlEnv } = options;
  if (command === undefined) return undefined;
  const isJson = options.output === "json" || options.output === "json-quiet";
  const paint = coloursFor(io.stdout, io, options.color);
  const problemsOnly = options.output === "quiet" || options.output === "json-quiet";
  const print = isJson
    ? jsonPrinter(command, problemsOnly, output.line)
    : logPrinter(command, {
        paint,
        problemsOnly,
        columns: () => columnsOf(io.stdout),
        line: output.line,
      });
  const colours = !isJson && paint.level > 0;
  const running = await startGivenCommand(session, { command, urlEnv, colours, print }, io);
  let isAsked = false;
  // Its child processes end with it, and its last output comes before the message about its end.
  const reported = running.ended.then(async (end) => {
    await running.stop();
    if (end.kind !== "never-started") print.ended(end, isAsked);
  });
  return {
    ended: running.ended,
    async stop(asked) {
      isAsked = asked;
      await running.stop();
      await reported;
    },
  };
}

function unusable({ command = [] }: DevOptions, reason: string): Error {
  return new WsgwError("COMMAND_UNUSABLE", `${command.join(" ")} could not start: ${reason}.`);
}

type Printer = {
  entry(entry: ReturnType<DevSession["journal"]["entries"]>[number]): void;
  stopping(): void;
  stopped(): void;
};

/** `explains` is called once, at a terminal: whether to explain the log's marks. */
function printer(
  session: DevSession,
  options: DevOptions,
  output: Output,
  io: Io,
  explains: () => boolean,
): Printer {
  if (options.output === "json" || options.output === "json-quiet") {
    const isWanted = options.output === "json" ? () => true : isProblem;
    output.line(readyLine(session));
    return {
      entry: (entry) => {
        if (isWanted(entry)) output.line(JSON.stringify(entry));
      },
      stopping: () => {},
      stopped: () => {},
    };
  }

  const detail = options.output;
  const paint = coloursFor(io.stdout, io, options.color);
  const columns = () => columnsOf(io.stdout);
  const lines = createTerminalLog({
    project: () => session.project,
    detail,
    paint,
    showsAccessLog: options.showsAccessLog,
    stages: () => session.apis.flatMap(({ stages }) => stages),
    showsExecutionLog: options.showsExecutionLog,
    columns,
  });
  const say = (text: string) => {
    if (detail !== "quiet") output.line(text);
  };
  if (detail !== "quiet") {
    const isNews = io.stdout.isTTY === true && explains();
    const news = isNews ? [...legend().map((line) => paint.dim(`  ${line}`)), ""] : [];
    for (const line of [...banner(session, VERSION, paint, columns()), ...news]) output.line(line);
  } else if (!isLoopback(session.host)) {
    for (const line of fittedBanner(exposed(session, paint), columns())) output.line(line);
  }
  return {
    entry(entry) {
      for (const line of lines(entry)) output.line(line);
    },
    stopping: () => say(`\n${paint.dim("Stopping. Press Ctrl-C again to stop at once.")}`),
    stopped: () => say(paint.dim("Stopped.")),
  };
}

function droppedLine(lines: number, output: DevOptions["output"]): string {
  const message = `${lines} lines were dropped because the reader of this output is too slow.`;
  return output.startsWith("json") ? JSON.stringify({ type: "warning", message }) : `! ${message}`;
}
