import type { EndedRequest } from "./ended-request.ts";

/** The contribution of a request to the metrics of CloudWatch. */
export type Samples = {
  readonly ConnectCount: number;
  readonly MessageCount: number;
  readonly ClientError: number;
  readonly ExecutionError: number;
  readonly IntegrationError: number;
  /** In ms; undefined if no integration was called. */
  readonly IntegrationLatency: number | undefined;
};

/**
 * Counts a request as API Gateway does: captured, except for a message that a model or a limit rejects.
 * `IntegrationError` stays 0: no request is known to count there.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-logging.html
 */
export function samplesOf(request: EndedRequest): Samples {
  const { eventType, status, integrationLatency } = request;
  return {
    ConnectCount: eventType === "CONNECT" ? 1 : 0,
    MessageCount: messagesIn(request),
    ClientError: status >= 400 && status < 500 ? 1 : 0,
    ExecutionError: status >= 500 ? 1 : 0,
    IntegrationError: 0,
    IntegrationLatency: eventType === "CONNECTION_API" ? undefined : integrationLatency,
  };
}

/** Events and messages in both directions. The gateway's own rejections do not count as answers. */
function messagesIn({ eventType, routeKey, status, error, isAnswered }: EndedRequest): number {
  switch (eventType) {
    case "CONNECT":
    case "DISCONNECT":
      return 1;
    case "CONNECTION_API":
      return routeKey?.startsWith("POST ") ? 1 : 0;
    case "MESSAGE": {
      if (routeKey === undefined) return 0;
      const isSent = isAnswered === true && (error === undefined || status >= 500);
      return isSent ? 2 : 1;
    }
    default:
      return eventType satisfies never;
  }
}
