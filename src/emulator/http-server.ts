import type { RequestListener, ServerResponse } from "node:http";
import type { Express, RequestHandler } from "express";
import type { Ids } from "../ids.ts";
import { refusal, refusalOfRequest } from "./apigateway/connect/rules/refusals.ts";
import type { ConnectionsRouter } from "./apigateway/management/router.ts";
import { writeAnswer } from "./network/answers.ts";

export type HttpServerOptions = {
  /** Answers first; the rest of the HTTP side is loaded with the first request that it leaves. */
  readonly connections: ConnectionsRouter;
  readonly stage: string;
  readonly ids: Ids;
  /** Adds pages to the application; they come before the refusals. */
  readonly extend?: (app: Express) => void;
};

/**
 * Creates what answers the HTTP requests of a port: calls of the management API, the pages that
 * `extend` adds, and API Gateway's refusal of everything else.
 */
export function createRequestListener(options: HttpServerOptions): RequestListener {
  let loading: Promise<Express> | undefined;
  const bare = createBareListener(options.connections, options.stage, options.ids);

  return (request, response) => {
    if (request.httpVersionMajor === 2) return bare(request, response); // Express knows HTTP/1 only
    if (options.connections(request, response)) return;
    loading ??= createApp(options);
    void loading.then((app) => app(request, response));
  };
}

/** Answers calls of the management API, and refuses everything else. `base` is what paths begin with. */
export function createBareListener(
  connections: ConnectionsRouter,
  base: string,
  ids: Ids,
): RequestListener {
  return (request, response) => {
    if (connections(request, response)) return;
    refuse(request.method ?? "", request.url ?? "", base, ids, response);
  };
}

async function createApp({ stage, ids, extend }: HttpServerOptions): Promise<Express> {
  const { default: express } = await import("express");
  const app = express();
  app.disable("x-powered-by");
  app.disable("etag");
  extend?.(app);
  app.use(refusing(stage, ids));
  return app;
}

function refusing(stage: string, ids: Ids): RequestHandler {
  return (request, response) => refuse(request.method, request.originalUrl, stage, ids, response);
}

function refuse(
  method: string,
  url: string,
  base: string,
  ids: Ids,
  response: ServerResponse,
): void {
  const cause = refusalOfRequest(base, method, url);
  writeAnswer(response, refusal(cause, { requestId: ids.uuid(), apigwId: ids.requestId() }));
}
