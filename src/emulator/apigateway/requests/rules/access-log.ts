import { ACCESS_LOG_FORMAT } from "../../../../definition/access-log.ts";
import { requestTime } from "../../rules/event-context.ts";
import type { ServedApi } from "../../rules/served-api.ts";
import type { EndedRequest } from "./ended-request.ts";

/** The format of a stage's log; `logsAll` gives stages without a log one in the default format, JSON. */
export function formatOf(own: string | undefined, logsAll: boolean): string | undefined {
  return own ?? (logsAll ? ACCESS_LOG_FORMAT : undefined);
}

/** The value of an unset variable in an access log. */
const UNSET = "-";

const VARIABLE = /\$context\.(\w+(?:\.\w+)*)/g;

/**
 * A line of an access log: its format with variables replaced by their value or `-`. Captured on AWS, where
 * unknown variables are `-` too.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-api-logging.html
 */
export function accessLine(
  format: string,
  { apiId }: Pick<ServedApi, "apiId">,
  stage: string,
  request: EndedRequest,
): string {
  const values = valuesOf(request);
  values.set("apiId", apiId).set("stage", stage);
  return format.replaceAll(VARIABLE, (_, name: string) => {
    const value = values.get(name);
    return value === undefined || value === "" ? UNSET : String(value).replaceAll(/[\r\n]+/g, " ");
  });
}

type Values = Map<string, string | number | undefined>;

function valuesOf(request: EndedRequest): Values {
  const { eventType, routeKey, status, stamp, connection, messageId, error } = request;
  const { connectionId, connectedAt, domainName, identity, authorizer = {} } = connection;
  return new Map<string, string | number | undefined>([
    ...prefixed("identity", identity),
    ...prefixed("authorizer", authorizer),
    ["connectionId", connectionId],
    ["connectedAt", connectedAt],
    ["domainName", domainName],
    ["eventType", eventType],
    ["extendedRequestId", request.extendedRequestId ?? stamp.requestId],
    ["integrationLatency", request.integrationLatency && Math.round(request.integrationLatency)],
    ["messageId", messageId],
    ["requestId", stamp.requestId],
    ["requestTime", requestTime(stamp.at)],
    ["requestTimeEpoch", stamp.at],
    ["routeKey", routeKey],
    ["status", status],
    ["error.message", error?.message],
    ["error.messageString", error && JSON.stringify(error.message)],
    ["error.responseType", error && RESPONSE_TYPES[error.message]],
    ["error.validationErrorString", error?.validation],
  ]);
}

function prefixed(
  prefix: string,
  values: Readonly<Record<string, string | number | undefined>>,
): readonly (readonly [string, string | number | undefined])[] {
  return Object.entries(values).map(([name, value]) => [`${prefix}.${name}`, value] as const);
}

/**
 * The response type of the gateway's own answer, by its message. The first is captured. Assumed: the others
 * are those of REST APIs with the same message.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html
 */
const RESPONSE_TYPES: Readonly<Record<string, string>> = {
  "Internal server error": "INTEGRATION_FAILURE",
  "Endpoint request timed out": "INTEGRATION_TIMEOUT",
  "Invalid request body": "BAD_REQUEST_BODY",
  "Too Many Requests": "THROTTLED",
  Unauthorized: "UNAUTHORIZED",
};
