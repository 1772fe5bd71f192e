import type { RequestListener } from "node:http";
import type { Ids } from "../ids.ts";
import { refusal, refusalOfRequest } from "./apigateway/connect/rules/refusals.ts";
import type { ConnectionsRouter } from "./apigateway/management/router.ts";
import { writeAnswer } from "./network/answers.ts";

/**
 * Answers the HTTP requests of an API: calls of the management API, and API Gateway's refusal of everything
 * else, which `onRefused` hears of. `bases` are the paths that lead to a stage.
 */
export function createRequestListener(
  connections: ConnectionsRouter,
  bases: ReadonlySet<string>,
  ids: Ids,
  onRefused: (method: string, url: string) => void = () => {},
): RequestListener {
  return (request, response) => {
    if (connections(request, response)) return;
    const { method = "", url = "" } = request;
    onRefused(method, url);
    const cause = refusalOfRequest(bases, method, url);
    writeAnswer(response, refusal(cause, { requestId: ids.uuid(), apigwId: ids.requestId() }));
  };
}
