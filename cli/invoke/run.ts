import { resolve } from "node:path";
import {
  errorPayload,
  type Invocation,
  type InvocationOptions,
  invokeFunction,
  WsgwError,
} from "../../src/app.ts";
import { prettyJson } from "../../src/values/json.ts";
import { coloursFor } from "../terminal/colours.ts";
import { outputLines, printable } from "../terminal/control-characters.ts";
import { formatDuration } from "../terminal/duration.ts";
import type { Io } from "../terminal/io.ts";
import { print, printFitted } from "../terminal/output.ts";
import { readText, stdinText } from "../terminal/read-text.ts";

export type InvokeOptions = {
  readonly invocation: InvocationOptions;
  /** `-` is standard input. */
  readonly eventFile: string | undefined;
  readonly json: boolean;
  readonly color: boolean | undefined;
};

const EXIT = { returned: 0, failed: 3 } as const;

/** The default event of `wsgw invoke`, as text. */
const OF_KINDS = {
  connect: "a new connection",
  message: "a message",
  disconnect: "a connection that has ended",
  authorizer: "an authorizer",
} as const;

/** Runs one function once. Returns the exit code. */
export async function runInvoke(options: InvokeOptions, io: Io): Promise<number> {
  const { eventFile, invocation } = options;
  const event = eventFile === undefined ? undefined : await readEvent(eventFile, io);
  const result = await invokeFunction({
    ...invocation,
    ...(event !== undefined && { event }),
  });
  if (options.json) print(io.stdout, JSON.stringify(result, undefined, 2));
  else tell(result, options, io);
  return result.outcome.kind === "returned" ? EXIT.returned : EXIT.failed;
}

function tell(result: Invocation, options: InvokeOptions, io: Io): void {
  const paint = coloursFor(io.stderr, io, options.color);
  const { outcome, logs, functionName, durationMs, initMs, gatewayUrl, stopped, usualEvent } =
    result;
  const say = (line: string) => printFitted(io.stderr, line);
  say(
    paint.dim(
      gatewayUrl === undefined
        ? "No gateway is running. Tables contain only their seeds, and no client is connected."
        : `Uses the tables and connections of ${gatewayUrl}.`,
    ),
  );
  if (usualEvent !== undefined) {
    say(
      paint.dim(
        `${functionName} gets the event of ${OF_KINDS[usualEvent]}. Pass another with --event FILE.`,
      ),
    );
  }
  for (const { stream, text } of logs) {
    const bar = stream === "stderr" ? paint.yellow("│") : paint.dim("│");
    for (const line of outputLines(text, paint.level > 0)) say(`${bar} ${line}`);
  }
  for (const call of stopped) {
    say(`${paint.red("✗")} ${printable(call)} was stopped: no service on this machine answers it.`);
  }
  const load = initMs === undefined ? "" : ` (cold start ${formatDuration(initMs)})`;
  const took = `${formatDuration(durationMs)}${load}`;
  if (outcome.kind === "returned") {
    say(`${paint.green("✓")} ${functionName} returned after ${took}.`);
    print(io.stdout, prettyJson(outcome.payload));
    return;
  }
  say(`${paint.red("✗")} ${functionName} failed after ${took}.`);
  print(io.stdout, prettyJson(errorPayload(outcome)));
}

async function readEvent(file: string, io: Io): Promise<{ readonly value: unknown }> {
  const text = file === "-" ? await stdinText(io) : await readText(file, resolve(io.cwd, file));
  try {
    return { value: JSON.parse(text) };
  } catch (error) {
    const why = error instanceof Error ? error.message : "";
    throw new WsgwError("USAGE", `${file === "-" ? "Standard input" : file} is not JSON: ${why}.`);
  }
}
