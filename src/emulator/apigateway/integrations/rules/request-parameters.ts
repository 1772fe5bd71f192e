import { isObject } from "../../../../values/json.ts";
import type { MultiStrings, Strings, WebSocketEvent } from "../../rules/event-types.ts";
import { inBody } from "./select-template.ts";

/** The parts of a request to an integration other than its body. */
export type RequestParameters = {
  readonly header: Strings;
  readonly querystring: Strings;
  readonly path: Strings;
};

/**
 * Maps request parameters. Those whose source has no value are omitted.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-api-data-mapping.html
 */
export function requestParameters(mapping: Strings, event: WebSocketEvent): RequestParameters {
  const filled: Record<keyof RequestParameters, Record<string, string>> = {
    header: {},
    querystring: {},
    path: {},
  };
  for (const [destination, source] of Object.entries(mapping)) {
    const [, place, name] =
      /^integration\.request\.(header|querystring|path)\.(.+)$/.exec(destination) ?? [];
    const value = sourceValue(source, event);
    if (name === undefined || value === undefined) continue;
    if (place === "header" || place === "querystring" || place === "path")
      filled[place][name] = value;
  }
  return filled;
}

/** The value of a source. Arrays become their items, separated by commas. */
export function sourceValue(source: string, event: WebSocketEvent): string | undefined {
  if (source.startsWith("'")) return source.slice(1, -1);
  if (source === "route.request.body") return bodyOf(event);
  const [, place = "", name = ""] =
    /^(route\.request\.\w+|context|stageVariables)\.(.+)$/s.exec(source) ?? [];
  switch (place) {
    case "context":
      return contextValue(event.requestContext, name.split("."));
    case "stageVariables":
      return own(event.stageVariables, name);
    case "route.request.header":
      return named("headers" in event ? event.headers : {}, name);
    case "route.request.multivalueheader":
      return named("multiValueHeaders" in event ? event.multiValueHeaders : {}, name);
    case "route.request.querystring":
      return "queryStringParameters" in event ? own(event.queryStringParameters, name) : undefined;
    case "route.request.multivaluequerystring":
      return "multiValueQueryStringParameters" in event
        ? own(event.multiValueQueryStringParameters, name)
        : undefined;
    case "route.request.body":
      return inBody(bodyOf(event))(`request.body.${name}`);
    default:
      return undefined;
  }
}

/** The body of a message; events of other kinds have none. */
export function bodyOf(event: WebSocketEvent): string {
  return "body" in event ? event.body : "";
}

function contextValue(context: object, path: readonly string[]): string | undefined {
  let value: unknown = context;
  for (const step of path)
    value = isObject(value) && Object.hasOwn(value, step) ? value[step] : undefined;
  return value === undefined || typeof value === "object" ? undefined : String(value);
}

function own(values: Strings | MultiStrings | undefined, name: string): string | undefined {
  const value = values !== undefined && Object.hasOwn(values, name) ? values[name] : undefined;
  return value === undefined || typeof value === "string" ? value : value.join(",");
}

/** Header names are case-insensitive. */
function named(headers: Strings | MultiStrings, name: string): string | undefined {
  const found = Object.keys(headers).find((each) => each.toLowerCase() === name.toLowerCase());
  return found === undefined ? undefined : own(headers, found);
}
