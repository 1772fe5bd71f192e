import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { ErrorRequestHandler, Express, Response } from "express";
import type { LocalProject } from "../../definition/local-project.ts";
import type { Keys } from "../iam/keys.ts";
import type { Entry, Journal } from "../journal/journal.ts";
import { isFromHere } from "../network/rules/public-host.ts";
import { CONTROL_PATH, type ControlConnection, METRICS_PATH, type TokenWish } from "./protocol.ts";

/** Answers a request of the control interface; false leaves any other request alone. */
export type ControlRouter = (request: IncomingMessage, response: ServerResponse) => boolean;

/** Facts are passed on as they are; of a handshake's it is read which connection it made. */
type AnyFact = {
  readonly type: string;
  readonly handshakeId?: string;
  readonly connectionId?: string | undefined;
};

/** What the control interface tells about. */
export type Controlled = {
  /** The project as it is served now. */
  readonly project: () => LocalProject;
  /** The keys of a mock identity; undefined for one that is not there. */
  readonly credentialsOf: (identity: string) => Keys | undefined;
  readonly connections: () => readonly ControlConnection[];
  readonly journal: Journal<AnyFact>;
  /** What Prometheus gets; undefined where nothing is counted. */
  readonly metricsText?: (() => string) | undefined;
  /** Signs a token; undefined where the gateway signs none. */
  readonly sign?: ((wish: TokenWish) => string) | undefined;
};

/** How much may wait for a reader of the facts that is too slow, before it is cut off. */
const MOST_WAITING_BYTES = 64 * 1024 * 1024;

/**
 * Serves what other commands of wsgw ask a running gateway:
 *
 * - `GET /_wsgw/project`: the project as it is served now
 * - `GET /_wsgw/credentials/NAME`: keys that sign as this identity of the definition
 * - `GET /_wsgw/connections`: the open connections
 * - `GET /_wsgw/handshakes/ID`: the connection that the handshake with this `Sec-WebSocket-Accept` made
 * - `GET /_wsgw/facts?after=SEQ&follow=true`: the journal as JSON lines, and with `follow` all that is
 *   recorded from now on
 * - `GET /_wsgw/token?wish=JSON`: a token of the user pool that the gateway stands for
 *
 * And to anything on this machine, where requests are counted, `GET /_wsgw/metrics`: the counts in Prometheus's format.
 *
 * A request must come from this machine and carry `Authorization: Bearer TOKEN`. Others are answered as API Gateway does:
 * the interface cannot be seen from outside, and an API whose stage is called `_wsgw` works. Express is loaded
 * with the first request.
 */
export function createControlRouter({
  token,
  ...controlled
}: Controlled & { readonly token: string }): ControlRouter {
  const expected = digest(`Bearer ${token}`);
  let loading: Promise<Express> | undefined;

  function isAllowed({ headers, httpVersionMajor, socket }: IncomingMessage): boolean {
    const { authorization } = headers;
    if (!isFromHere(socket, headers)) return false;
    const isSpoken = httpVersionMajor === 1; // Express does not speak HTTP/2
    return (
      isSpoken && authorization !== undefined && timingSafeEqual(digest(authorization), expected)
    );
  }

  return (request, response) => {
    if (controlled.metricsText !== undefined && isForMetrics(request)) {
      response.setHeader("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
      response.end(controlled.metricsText());
      return true;
    }
    if (request.url?.startsWith(`${CONTROL_PATH}/`) !== true || !isAllowed(request)) return false;
    loading ??= createApp(controlled);
    void loading.then((app) => app(request, response));
    return true;
  };
}

function isForMetrics({ method, url, socket, headers }: IncomingMessage): boolean {
  return method === "GET" && url === METRICS_PATH && isFromHere(socket, headers);
}

async function createApp({
  project,
  credentialsOf,
  connections,
  journal,
  sign,
}: Omit<Controlled, "metricsText">): Promise<Express> {
  const { default: express } = await import("express");
  const app = express();
  app.disable("x-powered-by");
  app.disable("etag");
  app.use((request, response, next) => {
    request.resume();
    response.set("Cache-Control", "no-store");
    if (request.method === "GET") return next();
    response.status(405).json({ message: "There is only GET here." });
  });
  app.get(`${CONTROL_PATH}/project`, (_request, response) => void response.json(project()));
  app.get(`${CONTROL_PATH}/credentials/:name`, (request, response) => {
    const keys = credentialsOf(request.params.name);
    if (keys !== undefined) response.json(keys);
    else response.status(404).json({ message: "The definition has no identity of this name." });
  });
  app.get(`${CONTROL_PATH}/connections`, (_request, response) => void response.json(connections()));
  app.get(`${CONTROL_PATH}/handshakes/:id`, (request, response) => {
    const connectionId = connectionOf(journal, request.params.id);
    if (connectionId !== undefined) response.json({ connectionId });
    else response.status(404).json({ message: "No such handshake." });
  });
  app.get(`${CONTROL_PATH}/facts`, (request, response) => {
    const { after, follow } = request.query;
    writeFacts(journal, response, Number(after ?? 0), follow === "true");
  });
  app.get(`${CONTROL_PATH}/token`, (request, response, next) => {
    if (sign === undefined) next();
    else response.json({ token: sign(JSON.parse(String(request.query.wish))) });
  });
  app.use((_request, response) => {
    response.status(404).json({ message: "There is nothing at this path." });
  });
  const malformed: ErrorRequestHandler = (error, _request, response, _next) => {
    response.status(400).json({ message: `The request is malformed: ${error.message}` });
  };
  app.use(malformed);
  return app;
}

function writeFacts(
  journal: Journal<AnyFact>,
  response: Response,
  after: number,
  follow: boolean,
): void {
  response.type("application/x-ndjson");
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
