import type { Strings, WebSocketEvent } from "../../rules/event-types.ts";
import type { RequestParameters } from "./request-parameters.ts";

/** An HTTP request to a backend. */
export type BackendRequest = {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: Uint8Array;
};

/** What requests to backends say about the API. */
export type Sender = { readonly apiId: string; readonly traceId: string };

/** A path and a query below another URL. */
export function below(base: string, pathAndQuery: string): URL {
  const { origin, pathname } = new URL(base);
  return new URL(`${origin}${pathname.replace(/\/$/, "")}${pathAndQuery}`);
}

/** A URL with further query parameters. */
export function withQuery(url: URL, querystring: Strings): URL {
  const extended = new URL(url);
  for (const [name, value] of Object.entries(querystring))
    extended.searchParams.append(name, value);
  return extended;
}

/**
 * The request of an HTTP integration. It contains nothing of the client's own request. The headers are
 * captured on REST APIs.
 */
export function customRequest(
  integration: { readonly method: string; readonly url: URL },
  { header, querystring }: RequestParameters,
  body: Uint8Array,
  sender: Sender,
): BackendRequest {
  return {
    method: integration.method,
    url: withQuery(integration.url, querystring),
    headers: merged({ ...COMMON, ...headersOf(sender) }, header),
    body,
  };
}

/**
 * The request of an HTTP_PROXY integration. For `$connect` it has the handshake's headers and query and no
 * body, as observed on AWS. Inferred: for a message, the body is the message.
 */
export function proxyRequest(
  integration: { readonly method: string; readonly url: URL },
  { header, querystring }: RequestParameters,
  event: WebSocketEvent,
  sender: Sender,
): BackendRequest {
  const { method } = integration;
  if ("body" in event)
    return customRequest(
      integration,
      { header, querystring, path: {} },
      Buffer.from(event.body),
      sender,
    );
  const url = new URL(integration.url);
  const values =
    "multiValueQueryStringParameters" in event ? event.multiValueQueryStringParameters : {};
  for (const [name, all] of Object.entries(values ?? {}))
    for (const value of all) url.searchParams.append(name, value);
  const { Host: _, ...client } = event.multiValueHeaders;
  const own = { "x-amzn-apigateway-api-id": sender.apiId };
  return {
    method,
    url: withQuery(url, querystring),
    headers: merged({ ...client, ...own }, header),
    body: new Uint8Array(),
  };
}

const COMMON = { Accept: "application/json", "Content-Type": "application/json" };

/** The headers that API Gateway adds to every request to a backend. */
export function headersOf({ apiId, traceId }: Sender): Strings {
  return {
    "User-Agent": `AmazonAPIGateway_${apiId}`,
    "X-Amzn-Apigateway-Api-Id": apiId,
    "X-Amzn-Trace-Id": traceId,
  };
}

type Headers = BackendRequest["headers"];

/** Headers overridden by those of the integration; names are case-insensitive. */
export function merged(headers: Headers, own: Strings): Headers {
  const names = new Set(Object.keys(own).map((name) => name.toLowerCase()));
  const kept = Object.entries(headers).filter(([name]) => !names.has(name.toLowerCase()));
  return { ...Object.fromEntries(kept), ...own };
}
