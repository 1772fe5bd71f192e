import { callManagement, WsgwError } from "../../src/app.ts";
import { prettyJson } from "../../src/values/json.ts";
import { printable } from "../terminal/control-characters.ts";
import type { LocalGateway } from "./connector.ts";
import type { Peer } from "./peers.ts";
import type { Session } from "./session.ts";

/**
 * Lists the connections of a local gateway. Like the functions below, throws a WsgwError without a local
 * gateway.
 */
export async function listConnections(session: Session, peer: Peer): Promise<void> {
  const { control } = gatewayOf(peer);
  const { paint } = session.view;
  const own = new Map(
    session.peers.all().map(({ name, connected }) => [connected?.connectionId, name] as const),
  );
  const connections = await control.connections();
  const several = new Set(connections.map(({ api }) => api)).size > 1;
  session.view.answer(
    connections.map((connection) => {
      const { connectionId, sourceIp, userAgent, connectedAt, lastActiveAt } = connection;
      const at = several ? `${connection.api}/${connection.stage}  ` : "";
      const name = own.get(connectionId);
      const who = name === undefined ? "" : paint.bold(` ${name}`);
      const from = `${sourceIp}${userAgent === undefined ? "" : ` ${printable(userAgent)}`}`;
      const times = `since ${time(connectedAt)}, active ${time(lastActiveAt)}`;
      return `  ${connectionId}${who}  ${paint.dim(`${at}${from}  ${times}`)}`;
    }),
  );
}

/** Calls the management API as a handler would, and shows the response; false if it is an error. */
export async function callConnections(
  session: Session,
  peer: Peer,
  method: "POST" | "GET" | "DELETE",
  to: string,
  body = "",
): Promise<boolean> {
  const gateway = gatewayOf(peer);
  const id = await connectionId(session, peer, gateway, to);
  const answer = await callManagement(await targetFor(gateway, peer, id), method, id, body);
  const { statusCode, errorType } = answer;
  const kind = errorType === undefined ? "" : ` ${errorType}`;
  const text = `${method} @connections/${id} answered ${statusCode}${kind}`;
  if (statusCode >= 300) session.view.problem(text);
  else session.view.note(text);
  if (answer.body !== "") {
    session.view.answer(
      prettyJson(answer.body)
        .split("\n")
        .map((line) => `  ${printable(line)}`),
    );
  }
  return statusCode < 300;
}

/** A connection's id, from the name of an own connection, from the id itself, or from a unique part of it. */
async function connectionId(
  session: Session,
  peer: Peer,
  { control }: LocalGateway,
  written: string,
): Promise<string> {
  const named = written === "" ? peer : session.peers.get(written);
  if (named !== undefined) {
    const own = named.connected?.connectionId;
    if (own === undefined) throw unknownId(named.name);
    return own;
  }
  const ids = (await control.connections()).map((each) => each.connectionId);
  const found = ids.filter((id) => id.includes(written));
  const [only] = found;
  // The gateway decides about an id that is not open: it may be gone, or invalid.
  return found.length === 1 && only !== undefined ? only : written;
}

/** The API at which `@connections` knows a connection: its own, or the peer's for one that is gone. */
async function targetFor({ running, control }: LocalGateway, peer: Peer, id: string) {
  const connections = await control.connections();
  const own = peer.connected?.connectionId;
  const found =
    connections.find(({ connectionId }) => connectionId === id) ??
    connections.find(({ connectionId }) => connectionId === own);
  const stages = running.apis?.find(({ name }) => name === found?.api)?.stages;
  const stage = stages?.find(({ name }) => name === found?.stage);
  return { ...running, managementUrl: stage?.managementUrl ?? running.managementUrl };
}

/** The local gateway of a connection. */
export function gatewayOf(peer: Peer): LocalGateway {
  const gateway = peer.connected?.gateway;
  if (gateway !== undefined) return gateway;
  throw new WsgwError(
    "GATEWAY_NOT_FOUND",
    peer.connected === undefined
      ? "No client is connected."
      : `${peer.url} is not a gateway that wsgw dev runs in this project, so this command cannot use it.`,
  );
}

export function unknownId(name: string): Error {
  return new WsgwError("USAGE", `The connection id of ${name} is unknown.`);
}

function time(at: number): string {
  return new Date(at).toTimeString().slice(0, 8);
}
