import { setTimeout } from "node:timers/promises";
import { WsgwError } from "../../src/app.ts";
import { printable } from "../terminal/control-characters.ts";
import { readText } from "../terminal/read-text.ts";
import { fitted } from "../terminal/wrap.ts";
import type { Action } from "./action-types.ts";
import { HELP } from "./command-syntax.ts";
import { awaitExpected } from "./expect-command.ts";
import { filled } from "./fill-message.ts";
import { knownRoutes } from "./known-routes.ts";
import { callConnections, listConnections } from "./management-commands.ts";
import type { Peer } from "./peers.ts";
import { roundTrips } from "./printed-lines.ts";
import { rejectionLine } from "./rejected-handshake.ts";
import { readSelection } from "./select.ts";
import { send } from "./send-message.ts";
import { nameOf, type Session } from "./session.ts";
import { showTrace } from "./trace.ts";

/** Whether an action succeeded. */
export type Performed = Promise<boolean>;

/** What some commands need in addition to the session. */
export type Performing = {
  /** Time limit of /expect and /ping. */
  readonly limitMs: number;
  /** Runs the lines of a file. */
  load(file: string): Performed;
};

/** The target of an action: `peer` is its connection, undefined if none is open. */
type Place = {
  readonly session: Session;
  readonly performing: Performing;
  readonly peer: Peer | undefined;
};

type Kind = Action["kind"];
type Of<K extends Kind> = Extract<Action, { readonly kind: K }>;
type Doing<K extends Kind> = (action: Of<K>, place: Place) => boolean | Performed;

/** Runs the action of one line on the connection `on`. Shows errors. */
export async function perform(
  action: Action,
  session: Session,
  performing: Performing,
  on: Peer | undefined = session.current,
): Performed {
  const act = ACTS[action.kind] as (action: Action, place: Place) => boolean | Performed;
  try {
    return await act(action, { session, performing, peer: on });
  } catch (error) {
    if (!(error instanceof WsgwError)) throw error;
    return fail(session, printable(error.message));
  }
}

function fail({ view }: Session, message: string): false {
  view.problem(message);
  return false;
}

function unknownPeer({ peers }: Session, name: string): string {
  const names = peers.all().map((each) => each.name);
  return `The connection ${name} does not exist. Open connections: ${names.join(", ")}. /open ${name} opens it, and /raw sends the line unchanged.`;
}

/** For actions that need a connection. */
function onPeer<K extends Kind>(
  act: (action: Of<K>, session: Session, peer: Peer, place: Place) => boolean | Performed,
): Doing<K> {
  return (action, place) =>
    place.peer === undefined
      ? fail(place.session, "No connection is open.")
      : act(action, place.session, place.peer, place);
}

const ACTS: { readonly [K in Kind]: Doing<K> } = {
  send({ raw, text }, { session, peer }) {
    const message = raw ? text : filled(session, text);
    return message !== undefined && send(session, peer, message);
  },
  binary: ({ hex }, { session, peer }) => send(session, peer, Buffer.from(hex, "hex")),
  file: async ({ file }, { session, peer }) => send(session, peer, await readText(file)),
  at({ name, action }, { session, performing }) {
    const named = session.peers.get(name);
    return named === undefined
      ? fail(session, unknownPeer(session, name))
      : perform(action, session, performing, named);
  },
  all({ text }, { session }) {
    const message = filled(session, text);
    if (message === undefined) return false;
    return session.peers.all().every((each) => send(session, each, message));
  },
  ping: onPeer(async ({ count }, session, { connected }, { performing }) => {
    if (connected === undefined) return fail(session, "No connection is open.");
    const times: number[] = [];
    for (let at = 0; at < count; at += 1) {
      const ms = await connected.client.ping({ timeoutMs: performing.limitMs });
      times.push(ms);
      session.view.note(`pong after ${ms.toFixed(1)} ms`);
    }
    if (times.length > 1) session.view.note(roundTrips(times));
    return true;
  }),
  close: onPeer(async ({ code, reason }, { peers }, peer) => {
    await peers.close(peer, code, reason);
    return true;
  }),
  async open({ name, url }, { session, peer }) {
    const { peers, view } = session;
    if (peers.get(name) !== undefined)
      return fail(session, `The connection ${name} already exists.`);
    const attempt = await session.connect(url ?? peer?.url);
    if (attempt.kind === "rejected") {
      return fail(session, rejectionLine(attempt));
    }
    session.current = peers.add(name, attempt);
    view.note(`${name} is connected to ${attempt.url}${nameOf(attempt.connectionId)}.`);
    return true;
  },
  use({ name }, { session }) {
    const named = session.peers.get(name);
    if (named === undefined) return fail(session, unknownPeer(session, name));
    session.current = named;
    return true;
  },
  who(_, { session }) {
    const lines = session.peers.all().map((each) => {
      const mark = each === session.current ? "*" : " ";
      const how = each.connected === undefined ? " (reconnecting)" : "";
      return `${mark} ${each.name}  ${each.url}${nameOf(each.connected?.connectionId)}${how}`;
    });
    session.view.answer(lines);
    return true;
  },
  set({ name, value }, { session }) {
    const { variables } = session;
    if (name === undefined) list(session, variables.list(), "No value is set.");
    else variables.set(name, value);
    return true;
  },
  template({ name, text }, { session }) {
    const { templates } = session;
    if (name === undefined) list(session, [...templates], "No template is saved.");
    else templates.set(name, text);
    return true;
  },
  "send-template"({ name, values }, { session, peer }) {
    const template = session.templates.get(name);
    if (template === undefined) {
      return fail(session, `The template ${name} does not exist. Save it with /template.`);
    }
    const text = filled(session, template, values);
    return text !== undefined && send(session, peer, text);
  },
  async select({ expression }, { session }) {
    const selection = expression === undefined ? undefined : await readSelection(expression);
    if (selection !== undefined && "problem" in selection) {
      return fail(session, `That is not a JMESPath expression: ${selection.problem}`);
    }
    session.look.select = selection;
    return true;
  },
  switch({ what, on }, { session }) {
    session.look[what] = on;
    return true;
  },
  load: ({ file }, { performing }) => performing.load(file),
  expect: ({ expected }, { session, performing }) =>
    awaitExpected(session, expected, performing.limitMs),
  wait: ({ ms }) => setTimeout(ms, true),
  async routes(_, { session }) {
    const routes = await knownRoutes(session);
    if (routes === undefined) return fail(session, "The routes of this API are unknown here.");
    session.view.answer(routes.routeKeys.map((routeKey) => `  ${routeKey}`));
    return true;
  },
  connections: onPeer(async (_, session, peer) => {
    await listConnections(session, peer);
    return true;
  }),
  trace: onPeer((_, session, peer) => showTrace(session, peer)),
  post: onPeer(({ to, text }, session, peer) => {
    const message = filled(session, text);
    return message !== undefined && callConnections(session, peer, "POST", to, message);
  }),
  get: onPeer(({ id }, session, peer) => callConnections(session, peer, "GET", id)),
  kick: onPeer(({ id }, session, peer) => callConnections(session, peer, "DELETE", id)),
  help(_, { session: { view } }) {
    const width = Math.max(...HELP.map(([usage]) => usage.length));
    const { bold, dim } = view.paint;
    const lines = HELP.map(([usage, does]) => `  ${bold(usage.padEnd(width))}  ${dim(does)}`);
    view.answer(lines.map((line) => fitted(line, view.columns())));
    return true;
  },
  async quit(_, { session }) {
    await session.leave();
    return true;
  },
  mistake: ({ message }, { session }) => fail(session, message),
  continue: () => true,
  nothing: () => true,
};

function list(
  { view }: Session,
  entries: readonly (readonly [string, string])[],
  none: string,
): void {
  const lines = entries.map(([name, value]) => `  ${name}  ${value}`);
  view.answer(lines.length === 0 ? [`  ${none}`] : lines);
}
