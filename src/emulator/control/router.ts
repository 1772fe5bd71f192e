import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Api } from "../../definition/project.ts";
import type { Entry, Journal } from "../journal/journal.ts";
import { CONTROL_PATH, type ControlConnection } from "./protocol.ts";

/** Answers a request of the control interface; false leaves a request that is none to somebody else. */
export type ControlRouter = (request: IncomingMessage, response: ServerResponse) => boolean;

/** Facts are passed on as they are; of a handshake's it is read which connection it made. */
type AnyFact = {
  readonly type: string;
  readonly handshakeId?: string;
  readonly connectionId?: string | undefined;
};

/** How much may wait for a reader of the facts that is too slow, before it is cut off. */
const MOST_WAITING_BYTES = 64 * 1024 * 1024;

/**
 * Serves what other commands of wsgw ask a running gateway:
 *
 * - `GET /_wsgw/api`: the API as it is served now
 * - `GET /_wsgw/connections`: the open connections
 * - `GET /_wsgw/handshakes/ID`: the connection that the handshake with this `x-amzn-RequestId` made
 * - `GET /_wsgw/facts?after=SEQ&follow=true`: the journal as JSON lines, and with `follow` all that is
 *   recorded from now on
 *
 * A request must carry `Authorization: Bearer TOKEN`. One that does not is no request of the interface:
 * nobody can tell from outside that there is one, and an API whose stage is called `_wsgw` works.
 */
export function createControlRouter(options: {
  readonly token: string;
  readonly api: () => Api;
  readonly connections: () => readonly ControlConnection[];
  readonly journal: Journal<AnyFact>;
}): ControlRouter {
  const { api, connections, journal } = options;
  const expected = digest(`Bearer ${options.token}`);

  function isAllowed(request: IncomingMessage): boolean {
    const { authorization } = request.headers;
    return authorization !== undefined && timingSafeEqual(digest(authorization), expected);
  }

  return (request, response) => {
    if (request.url?.startsWith(`${CONTROL_PATH}/`) !== true || !isAllowed(request)) return false;
    const { pathname, searchParams } = new URL(request.url, "http://localhost");
    const [what, id] = pathname.slice(CONTROL_PATH.length + 1).split("/");
    request.resume();
    if (request.method !== "GET") json(response, 405, { message: "There is only GET here." });
    else if (what === "api") json(response, 200, api());
    else if (what === "connections") json(response, 200, connections());
    else if (what === "handshakes" && id !== undefined) {
      const connectionId = connectionOf(journal, id);
      if (connectionId === undefined) json(response, 404, { message: "No such handshake." });
      else json(response, 200, { connectionId });
    } else if (what === "facts") {
      const after = Number(searchParams.get("after") ?? 0);
      tell(journal, response, after, searchParams.get("follow") === "true");
    } else json(response, 404, { message: "There is nothing at this path." });
    return true;
  };
}

function json(response: ServerResponse, statusCode: number, value: unknown): void {
  const body = JSON.stringify(value);
  response.writeHead(statusCode, {
    "Content-Type": "application/json",
    "Cache-Control": "no-store",
    "Content-Length": Buffer.byteLength(body),
  });
  response.end(body);
}

function tell(
  journal: Journal<AnyFact>,
  response: ServerResponse,
  after: number,
  follow: boolean,
): void {
  response.writeHead(200, {
    "Content-Type": "application/x-ndjson",
    "Cache-Control": "no-store",
  });
  const line = (entry: Entry<AnyFact>) => `${JSON.stringify(entry)}\n`;
  const kept = journal.entries().filter(({ seq }) => seq > after);
  response.write(kept.map(line).join(""));
  if (!follow) {
    response.end();
    return;
  }
  response.flushHeaders();
  const unsubscribe = journal.subscribe((entry) => {
    if (response.writableLength > MOST_WAITING_BYTES) response.destroy();
    else response.write(line(entry));
  });
  response.once("close", unsubscribe);
}

/** The newest first: it is asked for right after the handshake. */
function connectionOf(journal: Journal<AnyFact>, handshakeId: string): string | undefined {
  return journal
    .entries()
    .findLast((entry) => entry.type === "connection.requested" && entry.handshakeId === handshakeId)
    ?.connectionId;
}

/** Of equal length, whatever was sent. */
function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
