import { parseServiceUri } from "../../../../definition/service-uri.ts";
import { parseJson, stringIn } from "../../../../values/json.ts";
import {
  type BackendRequest,
  below,
  headersOf,
  merged,
  type Sender,
  withQuery,
} from "./http-request.ts";
import type { RequestParameters } from "./request-parameters.ts";

/** A call that an integration makes to an AWS service. */
export type ServiceCall = {
  /** The service name in host names, such as `sqs`. */
  readonly service: string;
  readonly region: string;
  /** Undefined if the request does not contain it. */
  readonly operation: string | undefined;
  /** Addressed to the host of AWS. */
  readonly request: BackendRequest;
};

/** The target prefix of JSON services. */
const TARGETS: Readonly<Record<string, readonly [prefix: string, version: string]>> = {
  dynamodb: ["DynamoDB_20120810", "1.0"],
  events: ["AWSEvents", "1.1"],
  firehose: ["Firehose_20150804", "1.1"],
  kinesis: ["Kinesis_20131202", "1.1"],
  secretsmanager: ["secretsmanager", "1.1"],
  ssm: ["AmazonSSM", "1.1"],
  states: ["AWSStepFunctions", "1.0"],
};

/**
 * The request to a service. `action/NAME` becomes the target of a JSON service and the parameter `Action` of
 * a query service; `path/…` becomes the path. The integration's own parameters take precedence.
 */
export function serviceCall(
  integration: { readonly uri: string; readonly method: string },
  { header, querystring }: RequestParameters,
  body: Uint8Array,
  sender: Sender,
): ServiceCall | undefined {
  const uri = parseServiceUri(integration.uri, "call");
  if (uri === undefined) return undefined;
  const { region, host, service, kind, rest } = uri;
  const isAction = kind === "action";
  const [prefix, version] = TARGETS[service] ?? [];
  const isTarget = isAction && prefix !== undefined;
  const domain = [...(host === undefined ? [] : [host]), service, region, "amazonaws.com"].join(
    ".",
  );
  const url = new URL(`https://${domain}${isAction ? "/" : `/${rest.replace(/^\//, "")}`}`);
  const query =
    isAction && !isTarget && querystring.Action === undefined
      ? { Action: rest, ...querystring }
      : querystring;
  const headers = merged(
    {
      Accept: "application/json",
      "Content-Type": isTarget ? `application/x-amz-json-${version}` : "application/json",
      ...(isTarget && { "X-Amz-Target": `${prefix}.${rest}` }),
      ...headersOf(sender),
    },
    header,
  );
  const request = { method: integration.method, url: withQuery(url, query), headers, body };
  return { service, region, operation: operationOf(service, request), request };
}

const OBJECTS: Readonly<Record<string, string>> = {
  DELETE: "DeleteObject",
  GET: "GetObject",
  HEAD: "HeadObject",
  PUT: "PutObject",
};

function operationOf(service: string, request: BackendRequest): string | undefined {
  if (service === "s3") return OBJECTS[request.method];
  return (
    headerOf(request, "x-amz-target")?.split(".").at(-1) ??
    parametersOf(request).get("Action") ??
    undefined
  );
}

/** The parameters of a query service call, from its query or its form body. */
export function parametersOf(request: BackendRequest): URLSearchParams {
  const all = new URLSearchParams(request.url.search);
  if (!headerOf(request, "content-type")?.startsWith("application/x-www-form-urlencoded"))
    return all;
  const form = new URLSearchParams(Buffer.from(request.body).toString());
  for (const [name, value] of form) all.append(name, value);
  return all;
}

/** A field of the JSON body. */
export function fieldIn(request: BackendRequest, name: string): string | undefined {
  return stringIn(parseJson(Buffer.from(request.body).toString())?.value, name);
}

function headerOf({ headers }: BackendRequest, name: string): string | undefined {
  const value = Object.entries(headers).find(([each]) => each.toLowerCase() === name)?.[1];
  return typeof value === "string" ? value : value?.at(-1);
}

/** The same request for the local endpoint; bucket host names become paths. */
export function atEndpoint({ service, request }: ServiceCall, endpoint: string): BackendRequest {
  const bucket = /^(.+)\.s3\.[a-z0-9-]+\.amazonaws\.com$/.exec(request.url.hostname)?.[1];
  const path =
    service === "s3" && bucket !== undefined
      ? `/${bucket}${request.url.pathname}`
      : request.url.pathname;
  return { ...request, url: below(endpoint, `${path}${request.url.search}`) };
}
