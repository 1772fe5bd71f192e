import type { RequestListener } from "node:http";
import type { Ids } from "../ids.ts";
import {
  causeOfRejection,
  frontDoorRejection,
} from "./apigateway/connect/rules/rejected-handshake.ts";
import type { ConnectionsRouter } from "./apigateway/management/management-api.ts";
import { writeAnswer } from "./network/answers.ts";

/**
 * Answers the HTTP requests of an API: routes calls of the management API, and rejects everything else as API
 * Gateway does. Rejections are passed to `onRejected`. `bases` are the paths of stages.
 */
export function createRequestListener(
  connections: ConnectionsRouter,
  bases: ReadonlySet<string>,
  ids: Ids,
  onRejected: (method: string, url: string) => void = () => {},
): RequestListener {
  return (request, response) => {
    if (connections(request, response)) return;
    const { method = "", url = "" } = request;
    onRejected(method, url);
    const cause = causeOfRejection(bases, method, url);
    writeAnswer(
      response,
      frontDoorRejection(cause, { requestId: ids.uuid(), apigwId: ids.requestId() }),
    );
  };
}
