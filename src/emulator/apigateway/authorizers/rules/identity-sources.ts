import { fieldOf } from "../../../../values/json.ts";
import type { AuthorizerEvent } from "./authorizer-event.ts";

/**
 * Context values that count as identity sources. Captured: connectedAt, connectionId, requestTimeEpoch and
 * routeKey; eventType and messageDirection count as missing. Assumed: the others.
 */
const CONTEXT_SOURCES = new Set([
  ...["apiId", "connectedAt", "connectionId", "domainName", "identity.sourceIp"],
  ...["identity.userAgent", "requestId", "requestTimeEpoch", "routeKey", "stage"],
]);

/**
 * The first identity source that is missing or empty. API Gateway then answers 401 without calling the
 * authorizer. Header names are case-insensitive, query parameter names are not; the last of several values
 * counts.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-lambda-auth.html
 */
export function missingSource(
  sources: readonly string[],
  event: AuthorizerEvent,
): string | undefined {
  return sources.find((source) => {
    const value = sourceValue(source, event);
    return value === undefined || value === "";
  });
}

function sourceValue(source: string, event: AuthorizerEvent): string | undefined {
  const [, kind, name = ""] =
    /^(route\.request\.(?:header|querystring)|stageVariables|context)\.(.+)/.exec(source) ?? [];
  switch (kind) {
    case "route.request.header": {
      const spelled = Object.keys(event.headers).find(
        (header) => header.toLowerCase() === name.toLowerCase(),
      );
      return spelled === undefined ? undefined : event.headers[spelled];
    }
    case "route.request.querystring":
      return ownText(event.queryStringParameters, name);
    case "stageVariables":
      return ownText(event.stageVariables, name);
    case "context": {
      if (!CONTEXT_SOURCES.has(name)) return undefined;
      const value = name.split(".").reduce<unknown>(fieldOf, event.requestContext);
      return value === undefined ? undefined : String(value);
    }
    default:
      return undefined;
  }
}

function ownText(texts: Readonly<Record<string, string>>, name: string): string | undefined {
  return Object.hasOwn(texts, name) ? texts[name] : undefined;
}
