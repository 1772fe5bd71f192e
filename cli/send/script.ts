import { WsgwError } from "../../src/app.ts";
import { createOutput } from "../terminal/buffered-output.ts";
import { coloursFor } from "../terminal/colours.ts";
import type { Io } from "../terminal/io.ts";
import { printFitted } from "../terminal/output.ts";
import type { Connect, Connected } from "./connector.ts";
import { EXIT } from "./exit-status.ts";
import type { SendOptions } from "./options.ts";
import { type Performing, perform } from "./perform-command.ts";
import { readScript, scriptLines } from "./read-script.ts";
import { readSelection } from "./select.ts";
import { Session, type View } from "./session.ts";
import { TIMEOUT_MS } from "./timeout.ts";

const WIDTH = 100;
/** A script that loads itself would never end. */
const MOST_NESTED = 20;

/**
 * Runs the lines of a file one after the other, then exits. Prints received messages to standard output.
 * Stops at the first line that fails or whose expectation is not met. Returns the exit code.
 */
export async function runScript(
  first: Connected,
  connect: Connect,
  options: SendOptions & { readonly scriptFile: string },
  io: Io,
): Promise<number> {
  const output = createOutput(io.stdout, {
    onGone: () => void session.leave(),
    raw: io.stdout.isTTY !== true,
  });
  const select = options.select === undefined ? undefined : await selectionOf(options.select);
  const session = new Session(
    first,
    {
      reconnect: options.reconnect,
      select,
      pretty: options.pretty === true,
      times: options.times,
      forgets: false,
      cwd: io.cwd,
    },
    { view: plainView(io, (line) => output.line(line), options.color), connect },
  );
  let interrupted = false;
  const unsubscribe = io.onSignal(() => {
    interrupted = true;
    void session.leave();
  });

  const exitCode = await runFile(options.scriptFile, session, options, io);
  unsubscribe();
  await session.leave();
  await output.end();
  return interrupted ? EXIT.interrupted : exitCode;
}

/** Parses `--select`. Throws USAGE for an invalid expression. */
export async function selectionOf(
  expression: string,
): Promise<NonNullable<Session["look"]["select"]>> {
  const selection = await readSelection(expression);
  if (!("problem" in selection)) return selection;
  const message = `--select "${expression}" is not a JMESPath expression: ${selection.problem}.`;
  throw new WsgwError("USAGE", message);
}

async function runFile(
  file: string,
  session: Session,
  options: SendOptions,
  io: Io,
  nested = 0,
): Promise<number> {
  const { view } = session;
  const performing: Performing = {
    limitMs: options.timeoutMs ?? TIMEOUT_MS,
    load: async (other) =>
      nested < MOST_NESTED
        ? (await runFile(other, session, options, io, nested + 1)) === EXIT.done
        : false,
  };
  const lines = await scriptLines(file, io);
  for await (const { line, action } of readScript(lines)) {
    if (session.leaving) return EXIT.done;
    const done = await perform(action, session, performing);
    const isGone = session.peers.all().length === 0 && !session.leaving && action.kind !== "close";
    if (done) continue;
    view.problem(`${file}, line ${line}: the script ends here.`);
    if (isGone) return EXIT.ended;
    return action.kind === "expect" ? EXIT.unexpected : EXIT.notConnected;
  }
  return EXIT.done;
}

/** Messages and answers go to standard output, everything else to standard error. */
function plainView(io: Io, line: (text: string) => void, color: boolean | undefined): View {
  const onTerminal = io.stdout.isTTY === true;
  const complaint = coloursFor(io.stderr, io, color);
  return {
    paint: coloursFor(io.stdout, io, color),
    onTerminal: false,
    width: () => (onTerminal ? io.stdout.columns || WIDTH : WIDTH),
    columns: () => undefined,
    message: (lines) => lines.forEach(line),
    answer: (lines) => lines.forEach(line),
    note: () => {},
    problem: (text) => printFitted(io.stderr, `${complaint.red("✗")} ${text}`),
  };
}
