import type { ChalkInstance } from "chalk";
import type { Closed, ReceivedFrame } from "../../src/app.ts";
import { formatDuration } from "../terminal/duration.ts";
import { printable } from "../terminal/text.ts";
import type { Attempt, Connect, Connected } from "./connector.ts";
import { explainFrame, explainRefusal } from "./explain.ts";
import { createPeers, type Peer, type Peers } from "./peers.ts";
import type { Selection } from "./select.ts";
import { describeClosed, frameLines, frameText } from "./show-frame.ts";
import { createVariables, type Variables } from "./variables.ts";

export const FIRST_PEER = "main";

const MOST_UNREAD = 1_000;

/** A conversation on one or several connections. */
export type Session = {
  readonly view: View;
  readonly connect: Connect;
  readonly peers: Peers;
  readonly variables: Variables;
  readonly templates: Map<string, string>;
  readonly look: {
    select: Selection | undefined;
    pretty: boolean;
    times: boolean;
    pings: boolean;
  };
  /** The connection that is talked on; undefined when none is left. */
  current: Peer | undefined;
  /** Folder in which the project is looked for. */
  readonly cwd: string;
  /** Messages that came and that no /expect has looked at yet. */
  readonly unread: string[];
  /** Whether a message that is sent makes those forgotten that came before it. */
  readonly forgets: boolean;
  /** Whether we have begun to leave. */
  leaving: boolean;
  /** Calls `listener` with every message and every end; the returned function ends that. */
  onNews(listener: () => void): () => void;
  /** Settles when no connection is left. `byUs` tells whether the last one was closed from here. */
  readonly over: Promise<{ readonly byUs: boolean }>;
  /** Closes everything with 1000. */
  leave(): Promise<void>;
};

export type SessionOptions = {
  readonly reconnect: boolean;
  readonly select: Selection | undefined;
  readonly pretty: boolean;
  readonly times: boolean;
  /** Whether `/expect` looks at messages since the last send only, not at all that it has not seen. */
  readonly forgets: boolean;
  readonly cwd: string;
};

/** Begins a conversation on a connection that has been made. */
export function startSession(
  first: Connected,
  options: SessionOptions,
  parts: { readonly view: View; readonly connect: Connect },
): Session {
  const { view, connect } = parts;
  const listeners = new Set<() => void>();
  let settle: (how: { byUs: boolean }) => void = () => {};
  const over = new Promise<{ byUs: boolean }>((resolve) => {
    settle = resolve;
  });
  const news = () => {
    for (const listener of [...listeners]) listener();
  };

  const peers = createPeers(connect, {
    reconnect: options.reconnect,
    hooks: {
      onFrame(peer, frame) {
        view.message(shown(peer, frame));
        session.unread.push(frameText(frame));
        if (options.forgets && session.unread.length > MOST_UNREAD) session.unread.shift();
        news();
      },
      onPing(peer) {
        if (session.look.pings) view.note(`${prefix(peer)}ping from the server, answered`);
      },
      onGone(peer, closed) {
        const byUs = peer.leaving;
        if (byUs && peer.lost) view.note(`${prefix(peer)}Left while not connected.`);
        else told(peer, closed, byUs);
        if (session.current === peer) session.current = peers.all()[0];
        if (peers.all().length === 0) settle({ byUs });
        else if (session.current !== undefined && !session.leaving)
          view.note(`Talking on ${session.current.name}.`);
        news();
      },
      onLost: (peer, closed, delayMs) =>
        view.trouble(
          `${prefix(peer)}${describeClosed(closed, "peer")}; connecting anew in ${formatDuration(delayMs)}.`,
        ),
      onStillLost(peer, why, delayMs) {
        const next = delayMs === undefined ? "giving up" : `again in ${formatDuration(delayMs)}`;
        view.trouble(`${prefix(peer)}${failure(why)}; ${next}.`);
      },
      onBack: (peer, connected) =>
        view.note(`${prefix(peer)}Connected again${nameOf(connected.connectionId)}.`),
    },
  });

  const session: Session = {
    view,
    connect,
    peers,
    variables: createVariables(() => session.current),
    templates: new Map(),
    look: {
      select: options.select,
      pretty: options.pretty,
      times: options.times,
      pings: false,
    },
    current: undefined,
    cwd: options.cwd,
    unread: [],
    forgets: options.forgets,
    leaving: false,
    onNews(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    over,
    async leave() {
      session.leaving = true;
      await peers.closeAll();
    },
  };

  function told(peer: Peer, closed: Closed, byUs: boolean): void {
    const text = `${prefix(peer)}${describeClosed(closed, byUs ? "us" : "peer")}.`;
    if (byUs) view.note(text);
    else view.trouble(text);
  }

  function prefix(peer: Peer): string {
    return peers.all().length > 1 || peer.name !== FIRST_PEER ? `${peer.name} ` : "";
  }

  function shown(peer: Peer, frame: ReceivedFrame): readonly string[] {
    const { paint, onTerminal } = view;
    const lines = frameLines(frame, { ...session.look, width: view.width(), onTerminal });
    const bytes = frame.kind === "binary" ? frame.bytes.length : Buffer.byteLength(frame.text);
    if (!onTerminal) return session.look.times ? lines.map(timed(peer)) : lines;
    if (lines.length === 0) {
      const what = paint.dim(`nothing selected, ${bytes} bytes`);
      return [`${prefix(peer)}${paint.cyan("<")} ${what}`];
    }
    const meaning = frame.kind === "text" ? explainFrame(frame.text) : undefined;
    const [first = "", ...rest] = lines;
    const note = frame.kind === "binary" ? paint.dim(`  binary, ${bytes} bytes`) : "";
    const body = meaning === undefined ? first : paint.red(first);
    const head = `${paint.cyan("<")} ${body}${note}`;
    return [
      prefix(peer) + (session.look.times ? timed(peer)(head, 0) : head),
      ...rest.map((line) => `  ${line}`),
      ...(meaning === undefined ? [] : [paint.dim(`  ${meaning}`)]),
    ];
  }

  /** Writes the time, and the time since the last message was sent, before a first line. */
  function timed(peer: Peer): (line: string, index: number) => string {
    const since = peer.sentAt === undefined ? "" : ` +${sinceSend(peer.sentAt)}`;
    return (line, index) =>
      index === 0 ? `${view.paint.dim(`${timeOfDay(new Date())}${since}`)} ${line}` : line;
  }

  session.current = peers.add(FIRST_PEER, first);
  return session;
}

function sinceSend(sentAt: number): string {
  return formatDuration(performance.now() - sentAt);
}

/** ` as ID` where the id is known. */
export function nameOf(connectionId: string | undefined): string {
  return connectionId === undefined ? "" : ` as ${connectionId}`;
}

function failure(why: Attempt | Error): string {
  if (!("kind" in why)) return printable(why.message.replace(/\.$/, ""));
  if (why.kind === "open") return "";
  const { statusCode } = why.refusal;
  return `The handshake was refused with ${statusCode}. ${explainRefusal(statusCode).replace(/\.$/, "")}`;
}

/** Local time, to the millisecond. */
function timeOfDay(date: Date): string {
  const two = (value: number) => String(value).padStart(2, "0");
  const clock = [date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(":");
  return `${clock}.${String(date.getMilliseconds()).padStart(3, "0")}`;
}

/** Where a conversation is shown: above the line that is typed, or on standard output and error. */
export type View = {
  readonly paint: ChalkInstance;
  readonly onTerminal: boolean;
  /** Columns that one line of a message may take. */
  width(): number;
  /** A message that has come. */
  message(lines: readonly string[]): void;
  /** What a command was asked for. */
  answer(lines: readonly string[]): void;
  /** What happens meanwhile. */
  note(text: string): void;
  /** What one should know before going on. */
  trouble(text: string): void;
};
