import * as v from "valibot";
import { shown } from "./faults.ts";
import { fields, optional, textThat } from "./vocabulary.ts";

/**
 * The most useful data of every request, as JSON lines.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-api-logging.html
 * @internal
 */
export const ACCESS_LOG_FORMAT = JSON.stringify({
  requestTime: "$context.requestTime",
  requestId: "$context.requestId",
  extendedRequestId: "$context.extendedRequestId",
  connectionId: "$context.connectionId",
  eventType: "$context.eventType",
  routeKey: "$context.routeKey",
  status: "$context.status",
  sourceIp: "$context.identity.sourceIp",
  integrationStatus: "$context.integration.status",
  integrationLatency: "$context.integrationLatency",
  error: "$context.error.message",
});

/** API Gateway rejects a format without one of these variables. */
const REQUEST_ID = /\$context\.(extendedR|r)equestId\b/;

const MOST_BYTES = 3 * 1024;

const FOUND = "The following errors are found in Access Log Format: Access Log format must";

/** API Gateway's error for a format; undefined for a valid one. Captured, except for the size. */
function formatProblem(format: unknown): string | undefined {
  if (typeof format !== "string") {
    return `${shown(format)} is not a format. Write one line with  $context.requestId in it.`;
  }
  if (/[\r\n]/.test(format)) return `${FOUND} be single line: '${format}'`;
  if (!REQUEST_ID.test(format)) {
    return `${FOUND} include either $context.requestId or $context.extendedRequestId : '${format}'`;
  }
  const bytes = Buffer.byteLength(format);
  return bytes > MOST_BYTES
    ? `${bytes} bytes exceed API Gateway's limit of ${MOST_BYTES}. Shorten the format.`
    : undefined;
}

const formatMessage = ({ input }: { readonly input: unknown }): string =>
  formatProblem(input) ?? "";

/** @internal */
export const accessLogSchema = fields("an access log", {
  format: optional(
    v.pipe(
      v.string(formatMessage),
      v.check((format) => formatProblem(format) === undefined, formatMessage),
    ),
    "One line with `$context` variables, one of them `$context.requestId` or `$context.extendedRequestId`. Default: JSON with the usual fields.",
  ),
  file: optional(
    textThat("a file, such as logs/access.log", (file) => file !== ""),
    "File for the lines on this machine, relative to the definition's directory.",
  ),
});
