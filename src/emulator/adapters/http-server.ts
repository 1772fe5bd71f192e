import type { RequestListener } from "node:http";
import type { Express, RequestHandler } from "express";
import type { Ids } from "../ports.ts";
import { refusal, refusalOfRequest } from "../rules/refusals.ts";
import { writeAnswer } from "./answers.ts";
import type { ConnectionsRouter } from "./connections-router.ts";

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

  return (request, response) => {
    if (options.connections(request, response)) return;
    loading ??= createApp(options);
    void loading.then((app) => app(request, response));
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
  return (request, response) => {
    const cause = refusalOfRequest(stage, request.method, request.originalUrl);
    writeAnswer(response, refusal(cause, { requestId: ids.uuid(), apigwId: ids.requestId() }));
  };
}
