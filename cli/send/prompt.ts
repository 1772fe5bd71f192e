import { clearScreenDown, cursorTo, moveCursor } from "node:readline";
import type { ChalkInstance } from "chalk";
import { coloursFor } from "../terminal/colours.ts";
import type { Io } from "../terminal/io.ts";
import { columnsOf, print, printFitted } from "../terminal/output.ts";
import { fitted } from "../terminal/wrap.ts";
import type { Action } from "./action-types.ts";
import { createCompleter } from "./completion-values.ts";
import type { Connect, Connected } from "./connector.ts";
import { openEditor } from "./editor.ts";
import { EXIT } from "./exit-status.ts";
import { openHistory } from "./history.ts";
import type { SendOptions } from "./options.ts";
import { type Performing, perform } from "./perform-command.ts";
import { readLine } from "./read-line.ts";
import { readScript, scriptLines } from "./read-script.ts";
import { selectionOf } from "./script.ts";
import { FIRST_PEER, nameOf, Session, type SessionOptions, type View } from "./session.ts";
import { TIMEOUT_MS } from "./timeout.ts";
import { createTurns } from "./turns.ts";

const COLUMNS = 80;

/** `beginning` until the first prompt, then `open`; `over` when the input has ended. */
type PromptState = "beginning" | "open" | "over";

/** Runs the prompt at a terminal until one side ends it. Returns the exit code. */
export async function prompt(
  first: Connected,
  connect: Connect,
  options: SendOptions,
  io: Io,
): Promise<number> {
  const select = options.select === undefined ? undefined : await selectionOf(options.select);
  return new Prompt(first, connect, { ...options, select }, io).talk();
}

class Prompt {
  readonly #io: Io;
  readonly #paint: ChalkInstance;
  readonly #history: ReturnType<typeof openHistory>;
  readonly #completer: ReturnType<typeof createCompleter>;
  readonly #screen: ReturnType<typeof openEditor>;
  readonly #session: Session;
  readonly #inTurn: (action: Action) => Promise<unknown>;
  #state: PromptState = "beginning";
  /** Lines that the next one continues. */
  #pending = "";

  constructor(
    first: Connected,
    connect: Connect,
    options: Omit<SendOptions, "select"> & Pick<SessionOptions, "select">,
    io: Io,
  ) {
    this.#io = io;
    this.#paint = coloursFor(io.stdout, io, options.color);
    this.#history = openHistory(io.env);
    this.#completer = createCompleter(() => this.#session, this.#history);
    const { complete: completer } = this.#completer;
    this.#screen = openEditor(io, { lines: this.#history.lines, completer });
    const view = screenView(this.#screen, io, this.#paint, () =>
      this.#state !== "open" ? "away" : this.#isEnding() ? "ending" : "typing",
    );
    greet(first, this.#paint, io);
    // Messages that arrived with the handshake are shown during construction.
    const { reconnect, pretty, select, times } = options;
    this.#session = new Session(
      first,
      { reconnect, select, pretty: pretty !== false, times, forgets: true, cwd: io.cwd },
      { view, connect },
    );
    const performing = performingIn(this.#session, options, io);
    this.#inTurn = createTurns((action) =>
      perform(action, this.#session, performing).catch(() => {
        // the connection has ended; the prompt reports it
      }),
    );
  }

  async talk(): Promise<number> {
    this.#listen();
    const unsubscribe = this.#io.onSignal(() => this.#leave());
    this.#state = "open";
    this.#ask();
    this.#completer.refresh();
    const { byUs } = await this.#session.over;
    this.#state = "over";
    unsubscribe();
    this.#screen.close();
    return byUs ? EXIT.done : EXIT.ended;
  }

  #listen(): void {
    const screen = this.#screen;
    screen.on("line", (line) => {
      if (this.#session.leaving || this.#session.peers.all().length === 0) return;
      this.#history.add(line);
      this.#act(readLine(line, this.#pending));
    });
    screen.on("SIGINT", () => {
      if (screen.line === "" && this.#pending === "") return screen.close();
      this.#pending = "";
      screen.write(null, { ctrl: true, name: "e" });
      screen.write(null, { ctrl: true, name: "u" });
      this.#ask();
    });
    // Ctrl-D, Ctrl-C on an empty line, or a closed terminal.
    screen.once("close", () => {
      if (!this.#session.leaving && this.#state === "open") {
        this.#state = "over";
        this.#io.stdout.write("\n");
      }
      this.#leave();
    });
  }

  #ask(isTyping = false): void {
    const { peers, current } = this.#session;
    const several = peers.all().length > 1 || current?.name !== FIRST_PEER;
    const name = several ? (current?.name ?? "") : "";
    const { bold, dim } = this.#paint;
    this.#screen.setPrompt(this.#pending === "" ? bold(`${name}> `) : dim("… "));
    this.#screen.prompt(isTyping);
  }

  /** Shows the prompt again at once, even while a command waits: the user may continue typing. */
  #act(action: Action): void {
    this.#pending = action.kind === "continue" ? action.pending : "";
    const performed = this.#inTurn(action);
    if (this.#isEnding()) return;
    this.#ask();
    void performed.then(() => {
      this.#completer.refresh();
      if (this.#state !== "open" || this.#isEnding() || this.#pending !== "") return;
      this.#ask(true); // another connection may have become the current one
    });
  }

  #isEnding(): boolean {
    return this.#session.peers.all().every((peer) => peer.leaving);
  }

  #leave(): void {
    if (!this.#session.leaving) void this.#session.leave();
  }
}

function performingIn(
  session: Session,
  options: Pick<SendOptions, "timeoutMs">,
  io: Io,
): Performing {
  const performing: Performing = {
    limitMs: options.timeoutMs ?? TIMEOUT_MS,
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
  const protocol = client.protocol === "" ? "" : ` with ${client.protocol}`;
  printFitted(
    io.stdout,
    [
      `${paint.dim("Connected to")} ${url}${paint.dim(`${protocol}${nameOf(connectionId)}.`)}`,
      paint.dim("/help lists the commands. Ctrl-D leaves."),
    ].join("\n"),
  );
}

/** Prints above the line being typed, and restores that line. */
function screenView(
  screen: ReturnType<typeof openEditor>,
  io: Io,
  paint: ChalkInstance,
  where: () => "away" | "typing" | "ending",
): View {
  function show(text: string): void {
    const now = where();
    if (now === "away") {
      print(io.stdout, text);
      return;
    }
    moveCursor(io.stdout, 0, -screen.getCursorPos().rows);
    cursorTo(io.stdout, 0);
    clearScreenDown(io.stdout);
    print(io.stdout, text);
    // readline would move up again by the rows of the line, which are cleared.
    screen.prevRows = 0;
    if (now === "typing") screen.prompt(true);
  }
  return {
    paint,
    onTerminal: true,
    width: () => (io.stdout.columns || COLUMNS) - 2,
    columns: () => columnsOf(io.stdout),
    message: (lines) => show(lines.join("\n")),
    answer: (lines) => show(lines.join("\n")),
    note: (text) => show(fitted(paint.dim(text), columnsOf(io.stdout))),
    problem: (text) => show(fitted(paint.yellow(text), columnsOf(io.stdout))),
  };
}
