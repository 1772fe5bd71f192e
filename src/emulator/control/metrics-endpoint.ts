import type { IncomingMessage, ServerResponse } from "node:http";
import { isFromHere } from "../network/rules/from-this-machine.ts";
import { METRICS_PATH } from "./protocol.ts";

/**
 * Answers any program on this machine with the counts of requests in the format of Prometheus; it needs no
 * token. Returns false for other requests, and if the gateway counts none: `metricsText` is undefined then.
 */
export function answerMetrics(
  { method, url, socket, headers }: IncomingMessage,
  response: ServerResponse,
  metricsText: (() => string) | undefined,
): boolean {
  const isAsked = method === "GET" && url === METRICS_PATH;
  if (metricsText === undefined || !isAsked || !isFromHere(socket, headers)) return false;
  response.setHeader("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
  response.end(metricsText());
  return true;
}
