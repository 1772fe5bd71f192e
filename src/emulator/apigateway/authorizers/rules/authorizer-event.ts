import {
  connectHeaders,
  lastValues,
  queryValues,
  type SentHandshake,
} from "../../rules/connect-event.ts";
import { contextEnd, requestTime } from "../../rules/event-context.ts";
import type {
  ConnectionIdentity,
  ContextEnd,
  MultiStrings,
  Stamp,
  Strings,
} from "../../rules/event-types.ts";

/** The event of a Lambda authorizer: that of `$connect` plus hop-by-hop headers. */
export type AuthorizerEvent = {
  readonly type: "REQUEST";
  /** ARN of the route `$connect`: `arn:aws:execute-api:REGION:ACCOUNT:API_ID/STAGE/$connect`. */
  readonly methodArn: string;
  readonly headers: Strings;
  readonly multiValueHeaders: MultiStrings;
  readonly queryStringParameters: Strings;
  readonly multiValueQueryStringParameters: MultiStrings;
  readonly stageVariables: Strings;
  readonly requestContext: {
    readonly routeKey: "$connect";
    readonly eventType: "CONNECT";
    /** Always the same as `requestId`. */
    readonly extendedRequestId: string;
    readonly requestTime: string;
    readonly messageDirection: "IN";
  } & ContextEnd;
};

/** The event of `$connect` omits them. */
const OF_ONE_HOP = [
  ["Connection", ["upgrade"]],
  ["content-length", ["0"]],
  ["Upgrade", ["websocket"]],
] as const;

/**
 * The event of a Lambda authorizer. Empty values are `{}`, query parameters keep the order of the URL, and
 * headers are in alphabetical order: captured on AWS.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-lambda-auth.html
 */
export function authorizerEvent(
  connection: ConnectionIdentity,
  { url, rawHeaders, traceId }: SentHandshake,
  stamp: Stamp,
  methodArn: string,
): AuthorizerEvent {
  const { sourceIp } = connection.identity;
  const headers = connectHeaders(rawHeaders, sourceIp, traceId, OF_ONE_HOP);
  const query = queryValues(url);
  return {
    type: "REQUEST",
    methodArn,
    headers: lastValues(headers),
    multiValueHeaders: Object.fromEntries(headers),
    queryStringParameters: lastValues(query),
    multiValueQueryStringParameters: Object.fromEntries(query),
    stageVariables: connection.stageVariables,
    requestContext: {
      routeKey: "$connect",
      eventType: "CONNECT",
      extendedRequestId: stamp.requestId,
      requestTime: requestTime(stamp.at),
      messageDirection: "IN",
      ...contextEnd(connection, stamp),
    },
  };
}
