import { shown } from "./faults.ts";
import type { ApiDeploy, DeployDefinition, LoggingDefinition } from "./project.ts";
import { fields, oneOf, optional, record, type Shape, text, trueOrFalse } from "./shape.ts";

/** @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html */
const RETENTION_DAYS: readonly unknown[] = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288,
  3653,
];

const DEFAULT_RETENTION_DAYS = 30;

const logRetention: Shape<number> = (days, place, report): days is number => {
  if (RETENTION_DAYS.includes(days)) return true;
  report(
    place,
    `${shown(days)} is no number of days that CloudWatch Logs takes; choose one of ${RETENTION_DAYS.join(", ")}.`,
  );
  return false;
};

/** A format must have one of these variables, else API Gateway refuses it. */
const REQUEST_ID = /\$context\.(extendedR|r)equestId\b/;

const accessLog: Shape<boolean | string> = (format, place, report): format is boolean | string => {
  if (typeof format === "boolean") return true;
  if (typeof format === "string" && REQUEST_ID.test(format) && !format.includes("\n")) return true;
  report(
    place,
    `${shown(format)} is no format of an access log; give true, or one line with $context.requestId in it.`,
  );
  return false;
};

/** Stacks take 50 tags: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-resource-tags.html */
const MOST_TAGS = 50;

const eachTag = record(
  "a text for each tag",
  (key) => {
    if (/^aws:/i.test(key)) return `"${key}" cannot name a tag; "aws:" is AWS's own.`;
    return /^[\p{L}\p{Z}\p{N}_.:/=+@-]{1,128}$/u.test(key)
      ? undefined
      : `"${key}" cannot name a tag; use 1 to 128 letters, digits, blanks and _.:/=+-@`;
  },
  text(
    "a text of 256 characters at most out of letters, digits, blanks and _.:/=+-@",
    /^[\p{L}\p{Z}\p{N}_.:/=+@-]{0,256}$/u,
  ),
);

const tags: typeof eachTag = (value, place, report): value is Readonly<Record<string, string>> => {
  if (!eachTag(value, place, report)) return false;
  const count = Object.keys(value).length;
  if (count <= MOST_TAGS) return true;
  report(place, `${count} tags are more than the ${MOST_TAGS} that a stack takes.`);
  return false;
};

export const deployShape = fields<DeployDefinition>("deploy", {
  autoDeploy: optional(trueOrFalse),
  logRetention: optional(logRetention),
  logging: optional(
    fields<LoggingDefinition>("logging", {
      level: optional(oneOf("a level", ["ERROR", "INFO"])),
      dataTrace: optional(trueOrFalse),
      accessLog: optional(accessLog),
    }),
  ),
  tags: optional(tags),
});

/**
 * What is worth knowing of every request, as JSON lines.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-api-logging.html
 */
const ACCESS_LOG_FORMAT = JSON.stringify(
  Object.fromEntries(
    [
      ["requestTime", "requestTime"],
      ["requestId", "requestId"],
      ["extendedRequestId", "extendedRequestId"],
      ["connectionId", "connectionId"],
      ["eventType", "eventType"],
      ["routeKey", "routeKey"],
      ["status", "status"],
      ["sourceIp", "identity.sourceIp"],
      ["integrationStatus", "integration.status"],
      ["integrationLatency", "integrationLatency"],
      ["error", "error.message"],
    ].map(([name = "", variable = ""]) => [name, `$context.${variable}`]),
  ),
);

/** Fills in every default of `deploy`. */
export function fillDeploy(deploy: DeployDefinition = {}): ApiDeploy {
  return {
    autoDeploy: deploy.autoDeploy ?? false,
    logRetention: deploy.logRetention ?? DEFAULT_RETENTION_DAYS,
    logging: deploy.logging && fillLogging(deploy.logging),
    tags: deploy.tags ?? {},
  };
}

function fillLogging({ level, dataTrace, accessLog }: LoggingDefinition): ApiDeploy["logging"] {
  const format = accessLog === true ? ACCESS_LOG_FORMAT : accessLog || undefined;
  if (level === undefined && format === undefined) return undefined;
  return { level: level ?? "OFF", dataTrace: dataTrace ?? false, accessLog: format };
}
