import type { CustomDomainDefinition } from "./project.ts";
import { fields, optional, record, type Shape, text, value } from "./shape.ts";

/** The domain names that this machine can be led to: https://www.rfc-editor.org/rfc/rfc1035#section-2.3.1 */
const HOST_NAME = /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]$/;

/**
 * Keys of several levels are for other kinds of APIs.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-api-mappings.html
 */
export const customDomainShape = fields<CustomDomainDefinition>("a custom domain", {
  name: value(
    'a domain name in lower case, such as "chat.example.com", outside of amazonaws.com',
    (name): name is string =>
      typeof name === "string" && HOST_NAME.test(name) && !/(^|\.)amazonaws\.com$/.test(name),
  ),
  mappingKey: optional(
    text(
      "a mapping key of letters, digits and $-_.+!*'(), 300 characters at most",
      /^[\w$.+!*'()-]{1,300}$/,
    ),
  ),
  certificateArn: optional(
    text(
      'the ARN of a certificate, such as "arn:aws:acm:eu-west-1:123456789012:certificate/…"',
      /^arn:aws[\w-]*:acm:[a-z0-9-]+:\d{12}:certificate\/[\w-]+$/,
    ),
  ),
});

/** Names of services as they stand in their hosts, with the URL of what answers in their place. */
export const endpointsShape: Shape<Readonly<Record<string, string>>> = record(
  "a URL for each service",
  serviceProblem,
  value("a URL, such as http://localhost:4566", isHttpUrl),
);

function serviceProblem(name: string): string | undefined {
  if (name === "dynamodb") {
    return '"dynamodb" is answered by wsgw itself; use the option --dynamodb-endpoint for another one.';
  }
  return /^[a-z0-9][a-z0-9.-]{0,62}$/.test(name)
    ? undefined
    : `"${name}" is no service of AWS as it stands in its hosts: s3, sqs, secretsmanager.`;
}

function isHttpUrl(url: unknown): url is string {
  if (typeof url !== "string" || !URL.canParse(url)) return false;
  const { protocol, search, hash } = new URL(url);
  return (protocol === "http:" || protocol === "https:") && search === "" && hash === "";
}
