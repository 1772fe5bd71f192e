import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { ErrorRequestHandler, Express, Response } from "express";
import type { LocalProject } from "../../definition/local-project.ts";
import type { Keys } from "../iam/keys.ts";
import type { Entry, Journal } from "../journal/journal.ts";
import { isFromHere } from "../network/rules/from-this-machine.ts";
import { answerMetrics } from "./metrics-endpoint.ts";
import { CONTROL_PATH, type ControlConnection, type TokenWish } from "./protocol.ts";

/** Answers a request of the control interface; returns false for other requests, which it does not answer. */
export type ControlRouter = (request: IncomingMessage, response: ServerResponse) => boolean;

/** Facts are passed on unchanged; only a handshake's is read, for the connection it opened. */
type AnyFact = {
  readonly type: string;
  readonly handshakeId?: string;
  readonly connectionId?: string | undefined;
};

/** The sources of the control interface. */
export type Controlled = {
  /** The project as currently served. */
  readonly project: () => LocalProject;
  /** The keys of a mock identity; undefined if it does not exist. */
  readonly credentialsOf: (identity: string) => Keys | undefined;
  readonly connections: () => readonly ControlConnection[];
  readonly journal: Journal<AnyFact>;
  /** Metrics for Prometheus; undefined if nothing is counted. */
  readonly metricsText?: (() => string) | undefined;
  /** Signs a token; undefined if the gateway signs none. */
  readonly sign?: ((wish: TokenWish) => string) | undefined;
};

/** Bytes that may wait for a slow reader of the facts before it is disconnected. */
const MOST_WAITING_BYTES = 64 * 1024 * 1024;

/**
 * Answers other commands of wsgw:
 *
 * - `GET /_wsgw/project`: the project as currently served
 * - `GET /_wsgw/credentials/NAME`: keys that sign as this identity of the definition
 * - `GET /_wsgw/connections`: the open connections
 * - `GET /_wsgw/handshakes/ID`: the connection of the handshake with this `Sec-WebSocket-Accept`
 * - `GET /_wsgw/facts?after=SEQ&follow=true`: the journal as JSON lines; with `follow` also future facts
 * - `GET /_wsgw/token?wish=JSON`: a token of the user pool that the gateway emulates
 *
 * `metrics-endpoint.ts` answers `GET /_wsgw/metrics`, which needs no token. Any other request must come from
 * this machine and contain `Authorization: Bearer TOKEN`. Others are answered as API Gateway does: the interface
 * is invisible from outside, and an API with the stage `_wsgw` works. Express is loaded with the first request.
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
    const isSpoken = httpVersionMajor === 1; // Express does not support HTTP/2
    return (
      isSpoken && authorization !== undefined && timingSafeEqual(digest(authorization), expected)
    );
  }

  return (request, response) => {
    if (answerMetrics(request, response, controlled.metricsText)) return true;
    if (request.url?.startsWith(`${CONTROL_PATH}/`) !== true || !isAllowed(request)) return false;
    loading ??= createApp(controlled);
    void loading.then((app) => app(request, response));
    return true;
  };
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
    response.status(405).json({ message: "This path supports only GET." });
  });
  app.get(`${CONTROL_PATH}/project`, (_request, response) => void response.json(project()));
  app.get(`${CONTROL_PATH}/credentials/:name`, (request, response) => {
    const keys = credentialsOf(request.params.name);
    if (keys !== undefined) response.json(keys);
    else
      response
        .status(404)
        .json({ message: "The definition does not have an identity with this name." });
  });
  app.get(`${CONTROL_PATH}/connections`, (_request, response) => void response.json(connections()));
  app.get(`${CONTROL_PATH}/handshakes/:id`, (request, response) => {
    const connectionId = connectionOf(journal, request.params.id);
    if (connectionId !== undefined) response.json({ connectionId });
    else response.status(404).json({ message: "This handshake does not exist." });
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
    response.status(404).json({ message: "This path does not exist." });
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

/** Searches the newest first, because the question follows right after the handshake. */
function connectionOf(journal: Journal<AnyFact>, handshakeId: string): string | undefined {
  return journal
    .entries()
    .findLast((entry) => entry.type === "connection.requested" && entry.handshakeId === handshakeId)
    ?.connectionId;
}

/** Hashes to a fixed length, as timing-safe comparison requires. */
function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
