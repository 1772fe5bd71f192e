import {
  clearScreenDown,
  createInterface,
  cursorTo,
  type Interface,
  moveCursor,
} from "node:readline";
import { coloursFor } from "./colours.ts";
import { explainFrame } from "./explain.ts";
import { HISTORY_LINES, openHistory } from "./history.ts";
import type { Io } from "./io.ts";
import type { Library } from "./library.ts";
import { goodbye } from "./one-shot.ts";
import { type Action, HELP, readLine } from "./repl.ts";
import { describeClosed, type ReceivedFrame, showFrame } from "./show-frame.ts";

type Client = Extract<Awaited<ReturnType<Library["openClient"]>>, { kind: "open" }>["client"];

const EXIT = { left: 0, ended: 4 } as const;

/** Talks at a terminal until one side ends it. Returns the exit code. */
export async function prompt(client: Client, color: boolean | undefined, io: Io): Promise<number> {
  const paint = coloursFor(io.stdout, io, color);
  const history = openHistory(io.env);
  const screen: Edited = createInterface({
    input: io.stdin,
    output: io.stdout,
    terminal: true,
    prompt: paint.bold("> "),
    history: [...history.lines],
    historySize: HISTORY_LINES,
    removeHistoryDuplicates: true,
  });
  mendPastes(screen, io.stdin);
  let pending = "";
  let state: "open" | "leaving" | "over" = "open";

  /** Prints above the line that is being typed, and puts that back as it was. */
  function print(text: string): void {
    if (state === "over") {
      io.stdout.write(`${text}\n`);
      return;
    }
    moveCursor(io.stdout, 0, -screen.getCursorPos().rows);
    cursorTo(io.stdout, 0);
    clearScreenDown(io.stdout);
    io.stdout.write(`${text}\n`);
    // readline would move up again by the rows that the line had; they are cleared.
    screen.prevRows = 0;
    if (state === "open") screen.prompt(true);
  }

  function show(frame: ReceivedFrame): void {
    const [first = "", ...rest] = showFrame(frame, true).split("\n");
    const meaning = frame.kind === "text" ? explainFrame(frame.text) : undefined;
    const note = frame.kind === "binary" ? paint.dim(`  binary, ${frame.bytes.length} bytes`) : "";
    const body = meaning === undefined ? first : paint.red(first);
    const lines = [`${paint.cyan("<")} ${body}${note}`, ...rest.map((line) => `  ${line}`)];
    if (meaning !== undefined) lines.push(paint.dim(`  ${meaning}`));
    print(lines.join("\n"));
  }

  function ask(): void {
    screen.setPrompt(pending === "" ? paint.bold("> ") : paint.dim("… "));
    screen.prompt();
  }

  async function act(action: Action): Promise<void> {
    pending = action.kind === "continue" ? action.pending : "";
    switch (action.kind) {
      case "send":
        client.send(action.text);
        break;
      case "ping":
        // Not awaited: one may go on typing, and a peer may never answer.
        client.ping().then(
          (ms) => print(paint.dim(`pong after ${ms.toFixed(1)} ms`)),
          () => {},
        );
        break;
      case "help": {
        const width = Math.max(...HELP.map(([name]) => name.length));
        for (const [name, does] of HELP) {
          io.stdout.write(`  ${paint.bold(name.padEnd(width))}  ${paint.dim(does)}\n`);
        }
        break;
      }
      case "mistake":
        io.stdout.write(`${paint.yellow(action.message)}\n`);
        break;
      case "close":
        return leave(() => client.close(action.code, action.reason));
      case "quit":
        return leave(() => goodbye(client));
      case "continue":
      case "nothing":
        break;
      default:
        action satisfies never;
    }
    ask();
  }

  function leave(close: () => Promise<unknown>): void {
    if (state !== "open") return;
    state = "leaving";
    void close();
  }

  screen.on("line", (line) => {
    if (state !== "open") return;
    history.add(line);
    void act(readLine(line, pending));
  });
  screen.on("SIGINT", () => {
    if (screen.line === "" && pending === "") return screen.close();
    pending = "";
    screen.write(null, { ctrl: true, name: "e" });
    screen.write(null, { ctrl: true, name: "u" });
    ask();
  });
  // Ctrl-D, Ctrl-C on an empty line, or a terminal that is gone.
  screen.once("close", () => {
    if (state === "open") io.stdout.write("\n");
    leave(() => goodbye(client));
  });
  const unsubscribe = io.onSignal(() => leave(() => goodbye(client)));

  const hint = paint.dim("/help lists the commands, Ctrl-D leaves");
  const protocol = client.protocol === "" ? "" : ` with ${client.protocol}`;
  io.stdout.write(
    `${paint.dim("Connected to")} ${client.url}${paint.dim(`${protocol}.`)} ${hint}\n`,
  );
  ask();
  for (const frame of client.received) show(frame);
  client.onFrame(show);

  const closed = await client.closed;
  const byUs = state !== "open";
  state = "leaving";
  if (!byUs) print(paint.yellow(`${describeClosed(closed, "peer")}.`));
  state = "over";
  unsubscribe();
  screen.close();
  if (byUs) io.stdout.write(paint.dim(`${describeClosed(closed, "us")}.\n`));
  return byUs ? EXIT.left : EXIT.ended;
}

/**
 * Node takes several characters that come at once for a paste: it switches completion off meanwhile, then
 * appends them to the line wherever the cursor stands, and forgets how many rows they take. Appending is
 * fast, so it may stay where the cursor is at the end of the line.
 */
function mendPastes(screen: Edited, input: Io["stdin"]): void {
  let enabled = true;
  Object.defineProperty(screen, "isCompletionEnabled", {
    get: () => enabled || screen.cursor < screen.line.length,
    set: (value: boolean) => {
      enabled = value;
    },
  });
  // Added after readline's own listener, so it runs when the keys have had their effect.
  input.on("data", () => {
    screen.prevRows = screen.getCursorPos().rows;
  });
}

/** `prevRows`: rows from the first of the line that is shown to the one with the cursor. */
type Edited = Interface & { prevRows?: number };
