import { clearScreenDown, cursorTo, moveCursor } from "node:readline";
import type { ChalkInstance } from "chalk";
import { coloursFor } from "../terminal/colours.ts";
import type { Io } from "../terminal/io.ts";
import type { Action } from "./actions.ts";
import { createCompleter } from "./completer.ts";
import type { Connect, Connected } from "./connector.ts";
import { openEditor } from "./editor.ts";
import { openHistory } from "./history.ts";
import { EXIT, type SendOptions } from "./options.ts";
import { type Performing, perform } from "./perform.ts";
import { readLine } from "./read-line.ts";
import { readScript, scriptLines } from "./read-script.ts";
import { selectionOf } from "./script.ts";
import { FIRST_PEER, nameOf, type Session, startSession, type View } from "./session.ts";

const LIMIT_MS = 10_000;
const COLUMNS = 80;

/** `beginning` until the first line is asked for, then `open`; `over` once there is nothing to type at any more. */
type PromptState = "beginning" | "open" | "over";

/** Talks at a terminal until one side ends it. Returns the exit code. */
export async function prompt(
  first: Connected,
  connect: Connect,
  options: SendOptions,
  io: Io,
): Promise<number> {
  const paint = coloursFor(io.stdout, io, options.color);
  const select = options.select === undefined ? undefined : await selectionOf(options.select);
  const history = openHistory(io.env);
  const completer = createCompleter(() => session, history);
  const screen = openEditor(io, { lines: history.lines, completer: completer.complete });
  let pending = "";
  let state: PromptState = "beginning";
  const isEnding = () => session.peers.all().every((peer) => peer.leaving);

  const view = screenView(screen, io, paint, () =>
    state !== "open" ? "away" : isEnding() ? "ending" : "typing",
  );
  greet(first, paint, io);
  // The messages that came with the handshake are shown while it is made.
  const { reconnect, pretty, times } = options;
  const session: Session = startSession(
    first,
    { reconnect, select, pretty: pretty !== false, times, forgets: true, cwd: io.cwd },
    { view, connect },
  );

  function ask(isTyping = false): void {
    const several = session.peers.all().length > 1 || session.current?.name !== FIRST_PEER;
    const name = several ? (session.current?.name ?? "") : "";
    screen.setPrompt(pending === "" ? paint.bold(`${name}> `) : paint.dim("… "));
    screen.prompt(isTyping);
  }

  const performing = performingIn(session, options, io);
  const inTurn = createTurns((action) =>
    perform(action, session, performing).catch(() => {
      // the connection has ended, which is told
    }),
  );

  /** Asks on at once, also while a command waits for somebody: one may go on typing. */
  function act(action: Action): void {
    pending = action.kind === "continue" ? action.pending : "";
    const performed = inTurn(action);
    if (isEnding()) return;
    ask();
    void performed.then(() => {
      completer.refresh();
      if (state !== "open" || isEnding() || pending !== "") return;
      ask(true); // another connection may be the current one
    });
  }

  const leave = (): void => {
    if (!session.leaving) void session.leave();
  };
  screen.on("line", (line) => {
    if (session.leaving || session.peers.all().length === 0) return;
    history.add(line);
    act(readLine(line, pending));
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
    if (!session.leaving && state === "open") {
      state = "over";
      io.stdout.write("\n");
    }
    leave();
  });
  const unsubscribe = io.onSignal(leave);

  state = "open";
  ask();
  completer.refresh();
  const { byUs } = await session.over;
  state = "over";
  unsubscribe();
  screen.close();
  return byUs ? EXIT.done : EXIT.ended;
}

function performingIn(session: Session, options: SendOptions, io: Io): Performing {
  const performing: Performing = {
    limitMs: options.timeoutMs ?? LIMIT_MS,
    async load(file) {
      for await (const { action } of readScript(await scriptLines(file, io))) {
        if (session.leaving || !(await perform(action, session, performing))) return false;
      }
      return true;
    },
  };
  return performing;
}

function greet({ url, client, connectionId }: Connected, paint: ChalkInstance, io: Io): void {
  const hint = paint.dim("/help lists the commands, Ctrl-D leaves");
  const protocol = client.protocol === "" ? "" : ` with ${client.protocol}`;
  io.stdout.write(
    `${paint.dim("Connected to")} ${url}${paint.dim(`${protocol}${nameOf(connectionId)}.`)} ${hint}\n`,
  );
}

/** Prints above the line that is being typed, and puts that back as it was. */
function screenView(
  screen: ReturnType<typeof openEditor>,
  io: Io,
  paint: ChalkInstance,
  where: () => "away" | "typing" | "ending",
): View {
  function print(text: string): void {
    const now = where();
    if (now === "away") {
      io.stdout.write(`${text}\n`);
      return;
    }
    moveCursor(io.stdout, 0, -screen.getCursorPos().rows);
    cursorTo(io.stdout, 0);
    clearScreenDown(io.stdout);
    io.stdout.write(`${text}\n`);
    // readline would move up again by the rows that the line had; they are cleared.
    screen.prevRows = 0;
    if (now === "typing") screen.prompt(true);
  }
  return {
    paint,
    onTerminal: true,
    width: () => (io.stdout.columns || COLUMNS) - 2,
    message: (lines) => print(lines.join("\n")),
    answer: (lines) => print(lines.join("\n")),
    note: (text) => print(paint.dim(text)),
    trouble: (text) => print(paint.yellow(text)),
  };
}

/** While a line is done that later ones build on, those wait; all others are done at once. */
function createTurns(done: (action: Action) => Promise<unknown>) {
  let turn: Promise<unknown> | undefined;
  return (action: Action): Promise<unknown> => {
    const performed = turn === undefined ? done(action) : turn.then(() => done(action));
    if (turn !== undefined || IN_TURN.has(action.kind)) {
      const mine = performed.then(() => {
        if (turn === mine) turn = undefined;
      });
      turn = mine;
    }
    return performed;
  };
}

const IN_TURN: ReadonlySet<Action["kind"]> = new Set<Action["kind"]>([
  "open",
  "select",
  "file",
  "load",
  "expect",
  "wait",
]);
