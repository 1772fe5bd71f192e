import { WsgwError } from "../../src/app.ts";
import { readText } from "../terminal/read-text.ts";
import { printable } from "../terminal/text.ts";
import type { Action } from "./actions.ts";
import { awaitExpected } from "./await-expected.ts";
import { HELP } from "./commands.ts";
import { explainRefusal } from "./explain.ts";
import { callConnections, listConnections, showTrace } from "./local-gateway.ts";
import type { Peer } from "./peers.ts";
import { knownRoutes } from "./routes.ts";
import { readSelection } from "./select.ts";
import { filled, roundTrips, send, unknownPeer } from "./send-message.ts";
import { nameOf, type Session } from "./session.ts";

/** What a line came to: false when it could not be done. */
export type Performed = Promise<boolean>;

/** What some commands need besides the session. */
export type Performing = {
  /** How long /expect and /ping wait. */
  readonly limitMs: number;
  /** Does the lines of a file. */
  load(file: string): Performed;
};

/** Does what one line asks for, on the connection `on`. What goes wrong is shown. */
export async function perform(
  action: Action,
  session: Session,
  performing: Performing,
  on: Peer | undefined = session.current,
): Performed {
  const { view } = session;
  try {
    return await act(action, session, performing, on);
  } catch (error) {
    if (!(error instanceof WsgwError)) throw error;
    view.trouble(printable(error.message));
    return false;
  }
}

async function act(
  action: Action,
  session: Session,
  performing: Performing,
  peer: Peer | undefined,
): Performed {
  const { view, peers, variables, templates, look } = session;
  const fail = (message: string): boolean => {
    view.trouble(message);
    return false;
  };
  const noPeer = "No connection is open.";

  switch (action.kind) {
    case "send": {
      const text = action.raw ? action.text : filled(session, action.text);
      return text !== undefined && send(session, peer, text);
    }
    case "binary":
      return send(session, peer, Buffer.from(action.hex, "hex"));
    case "file": {
      const text = await readText(action.file);
      return send(session, peer, text);
    }
    case "at": {
      const named = peers.get(action.name);
      return named === undefined
        ? fail(unknownPeer(session, action.name))
        : perform(action.action, session, performing, named);
    }
    case "all": {
      const text = filled(session, action.text);
      if (text === undefined) return false;
      return peers.all().every((each) => send(session, each, text));
    }
    case "ping": {
      if (peer?.connected === undefined) return fail(noPeer);
      const { client } = peer.connected;
      const times: number[] = [];
      for (let at = 0; at < action.count; at += 1) {
        const ms = await client.ping({ timeoutMs: performing.limitMs });
        times.push(ms);
        view.note(`pong after ${ms.toFixed(1)} ms`);
      }
      if (times.length > 1) view.note(roundTrips(times));
      return true;
    }
    case "close":
      if (peer === undefined) return fail(noPeer);
      await peers.close(peer, action.code, action.reason);
      return true;
    case "open": {
      if (peers.get(action.name) !== undefined) {
        return fail(`There is a connection ${action.name} already.`);
      }
      const attempt = await session.connect(action.url ?? peer?.url);
      if (attempt.kind === "refused") {
        const { statusCode } = attempt.refusal;
        return fail(`Refused with ${statusCode}. ${explainRefusal(statusCode)}`);
      }
      session.current = peers.add(action.name, attempt);
      view.note(`${action.name} is connected to ${attempt.url}${nameOf(attempt.connectionId)}.`);
      return true;
    }
    case "use": {
      const named = peers.get(action.name);
      if (named === undefined) return fail(unknownPeer(session, action.name));
      session.current = named;
      return true;
    }
    case "who":
      view.answer(
        peers.all().map((each) => {
          const mark = each === session.current ? "*" : " ";
          const how = each.connected === undefined ? " (connecting anew)" : "";
          return `${mark} ${each.name}  ${each.url}${nameOf(each.connected?.connectionId)}${how}`;
        }),
      );
      return true;
    case "set":
      if (action.name === undefined) list(variables.list(), "No value is set.");
      else variables.set(action.name, action.value);
      return true;
    case "template":
      if (action.name === undefined) list([...templates], "No template is kept.");
      else templates.set(action.name, action.text);
      return true;
    case "send-template": {
      const template = templates.get(action.name);
      if (template === undefined)
        return fail(`There is no template ${action.name}; /template keeps one.`);
      const text = filled(session, template, action.values);
      return text !== undefined && send(session, peer, text);
    }
    case "select": {
      if (action.expression === undefined) {
        look.select = undefined;
        return true;
      }
      const selection = await readSelection(action.expression);
      if ("problem" in selection)
        return fail(`That is no JMESPath expression: ${selection.problem}`);
      look.select = selection;
      return true;
    }
    case "switch":
      look[action.what] = action.on;
      return true;
    case "load":
      return performing.load(action.file);
    case "expect":
      return awaitExpected(session, action.expected, performing.limitMs);
    case "wait":
      await new Promise((resolve) => setTimeout(resolve, action.ms));
      return true;
    case "routes": {
      const routes = await knownRoutes(session);
      if (routes === undefined) return fail("The routes of this API are not known here.");
      view.answer(routes.routeKeys.map((routeKey) => `  ${routeKey}`));
      return true;
    }
    case "connections":
    case "trace":
    case "post":
    case "get":
    case "kick":
      if (peer === undefined) return fail(noPeer);
      return ask(action, session, peer);
    case "help": {
      const width = Math.max(...HELP.map(([usage]) => usage.length));
      view.answer(
        HELP.map(
          ([usage, does]) => `  ${view.paint.bold(usage.padEnd(width))}  ${view.paint.dim(does)}`,
        ),
      );
      return true;
    }
    case "quit":
      await session.leave();
      return true;
    case "mistake":
      return fail(action.message);
    case "continue":
    case "nothing":
      return true;
    default:
      return action satisfies never;
  }

  function list(entries: readonly (readonly [string, string])[], none: string): void {
    view.answer(
      entries.length === 0 ? [`  ${none}`] : entries.map(([name, value]) => `  ${name}  ${value}`),
    );
  }
}

type Asking = Extract<Action, { kind: "connections" | "trace" | "post" | "get" | "kick" }>;

async function ask(action: Asking, session: Session, peer: Peer): Performed {
  switch (action.kind) {
    case "connections":
      await listConnections(session, peer);
      return true;
    case "trace":
      return showTrace(session, peer);
    case "post": {
      const text = filled(session, action.text);
      return text !== undefined && callConnections(session, peer, "POST", action.to, text);
    }
    case "get":
      return callConnections(session, peer, "GET", action.id);
    case "kick":
      return callConnections(session, peer, "DELETE", action.id);
    default:
      return action satisfies never;
  }
}
