/** The parts of the URI of an AWS service, as integrations have it. */
export type ServiceUri = {
  readonly region: string;
  /** What precedes the service in its host name, such as a bucket. */
  readonly host: string | undefined;
  /** The service name in host names, such as `sqs`. */
  readonly service: string;
  readonly kind: "action" | "path";
  /** The name of the action, or the path without its first slash. */
  readonly rest: string;
};

/** Regular expressions of the parts that differ by where a URI is read. */
type Parts = {
  readonly partition: string;
  readonly region: string;
  readonly host: string;
  readonly service: string;
  readonly action: string;
};

/**
 * `arn:PARTITION:apigateway:REGION:[HOST.]SERVICE:action/ACTION`, or `…:path/PATH`.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-integration-requests.html
 */
function uriOf({ partition, region, host, service, action }: Parts): RegExp {
  const target = `(?:(${host})\\.)?(${service})`;
  return new RegExp(
    `^arn:${partition}:apigateway:(${region}):${target}:(?:action/(${action})|path/(.*))$`,
    "s",
  );
}

const AWS = { partition: "aws[\\w-]*", region: "[a-z0-9-]+", service: "[a-z0-9-]+" };

/** The URIs that are accepted, by where they are read. */
export const SERVICE_URIS = {
  /** In a definition, the host may contain `${stageVariables.name}` and `{name}`. */
  definition: uriOf({ ...AWS, host: "[\\w.${}-]+", action: "\\w+" }),
  /** In a call, these have their values. The definition's check has read the action. */
  call: uriOf({ ...AWS, host: "[\\w.-]+", action: ".*" }),
  /** In a template, before the definition's check: only the structure counts. */
  template: uriOf({
    partition: "[^:]+",
    region: "[^:]*",
    host: "[^:]+",
    service: "[\\w-]+",
    action: ".*",
  }),
} as const;

/** Parses the URI of a service; undefined for others. */
export function parseServiceUri(
  uri: string,
  readIn: keyof typeof SERVICE_URIS,
): ServiceUri | undefined {
  const [, region, host, service, action, path = ""] = SERVICE_URIS[readIn].exec(uri) ?? [];
  if (region === undefined || service === undefined) return undefined;
  const kind = action === undefined ? "path" : "action";
  return { region, host, service, kind, rest: action ?? path };
}

/** A URI in words, such as `sqs SendMessage`; any of its parts may be a reference. */
export function serviceInWords(uri: string): string {
  return uri.replace(/^arn:[^:]*:apigateway:[^:]*:([^:]*):(?:action\/)?/, "$1 ");
}
