import type { ChalkInstance } from "chalk";
import type { Closed } from "../../src/app.ts";
import type { Connect, Connected } from "./connector.ts";
import { frameText } from "./expect.ts";
import { type Peer, type PeerHooks, Peers } from "./peers.ts";
import { closeLine, lostLine, sessionLines, stillLostLine } from "./printed-lines.ts";
import type { Selection } from "./select.ts";
import { createVariables, type Variables } from "./variables.ts";

export const FIRST_PEER = "main";

const MOST_UNREAD = 1_000;

export type SessionOptions = {
  readonly reconnect: boolean;
  readonly select: Selection | undefined;
  readonly pretty: boolean;
  readonly times: boolean;
  /** Whether `/expect` checks only messages since the last send, instead of all unread ones. */
  readonly forgets: boolean;
  readonly cwd: string;
};

/** A session with one or several connections. */
export class Session {
  readonly view: View;
  readonly connect: Connect;
  readonly peers: Peers;
  readonly variables: Variables;
  readonly templates = new Map<string, string>();
  readonly look: {
    select: Selection | undefined;
    pretty: boolean;
    times: boolean;
    pings: boolean;
  };
  /** The current connection; undefined if none is left. */
  current: Peer | undefined;
  /** Directory in which the project is searched for. */
  readonly cwd: string;
  /** Messages that arrived and that no /expect has checked yet. */
  readonly unread: string[] = [];
  /** Whether sending a message drops the unread ones. */
  readonly forgets: boolean;
  /** Whether this side has started to leave. */
  leaving = false;
  readonly #listeners = new Set<() => void>();
  #end: (how: { readonly byUs: boolean }) => void = () => {};
  /** Resolves when no connection is left. `byUs`: the last one was closed from this side. */
  readonly over = new Promise<{ readonly byUs: boolean }>((resolve) => {
    this.#end = resolve;
  });

  /** Starts a session with an open connection. */
  constructor(
    first: Connected,
    { reconnect, select, pretty, times, forgets, cwd }: SessionOptions,
    { view, connect }: { readonly view: View; readonly connect: Connect },
  ) {
    this.view = view;
    this.connect = connect;
    this.forgets = forgets;
    this.cwd = cwd;
    this.look = { select, pretty, times, pings: false };
    this.variables = createVariables(() => this.current);
    this.peers = new Peers(connect, { reconnect, hooks: this.#hooks() });
    this.current = this.peers.add(FIRST_PEER, first);
  }

  /** Calls `listener` for every message and every end; the returned function unsubscribes. */
  onNews(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Closes everything with 1000. */
  async leave(): Promise<void> {
    this.leaving = true;
    await this.peers.closeAll();
  }

  #hooks(): PeerHooks {
    const { view, look } = this;
    const prefix = (peer: Peer) => this.#prefix(peer);
    return {
      onFrame: (peer, frame) => {
        const { paint, onTerminal } = view;
        const shown = { ...look, width: view.width(), onTerminal, paint, prefix: prefix(peer) };
        view.message(sessionLines(frame, peer, shown));
        this.unread.push(frameText(frame));
        if (this.forgets && this.unread.length > MOST_UNREAD) this.unread.shift();
        this.#news();
      },
      onPing(peer) {
        if (look.pings) view.note(`${prefix(peer)}ping from the server, answered`);
      },
      onGone: (peer, closed) => this.#gone(peer, closed),
      onLost: (peer, closed, delayMs) =>
        view.problem(`${prefix(peer)}${lostLine(closed, delayMs)}`),
      onStillLost: (peer, why, delayMs) =>
        view.problem(`${prefix(peer)}${stillLostLine(why, delayMs)}`),
      onBack: (peer, connected) =>
        view.note(`${prefix(peer)}Connected again${nameOf(connected.connectionId)}.`),
    };
  }

  #gone(peer: Peer, closed: Closed): void {
    const { view, peers } = this;
    const byUs = peer.leaving;
    const prefix = this.#prefix(peer);
    if (byUs && peer.lost) view.note(`${prefix}Left while not connected.`);
    else view[byUs ? "note" : "problem"](`${prefix}${closeLine(closed, byUs ? "us" : "peer")}`);
    if (this.current === peer) this.current = peers.all()[0];
    if (peers.all().length === 0) this.#end({ byUs });
    else if (this.current !== undefined && !this.leaving)
      view.note(`Talking on ${this.current.name}.`);
    this.#news();
  }

  #news(): void {
    for (const listener of [...this.#listeners]) listener();
  }

  #prefix(peer: Peer): string {
    return this.peers.all().length > 1 || peer.name !== FIRST_PEER ? `${peer.name} ` : "";
  }
}

/** ` as ID` if the id is known. */
export function nameOf(connectionId: string | undefined): string {
  return connectionId === undefined ? "" : ` as ${connectionId}`;
}

/** Where a session is shown: above the line being typed, or on standard output and error. */
export type View = {
  readonly paint: ChalkInstance;
  readonly onTerminal: boolean;
  /** Columns available for a line of a message. */
  width(): number;
  /** Columns of the terminal; undefined to keep lines whole. */
  readonly columns: () => number | undefined;
  /** A received message. */
  message(lines: readonly string[]): void;
  /** The result of a command. */
  answer(lines: readonly string[]): void;
  /** An event in the meantime. */
  note(text: string): void;
  /** A problem that the user should know about. */
  problem(text: string): void;
};
