import { messageBody } from "../../../network/rules/http-answer.ts";

/** Why a call of `@connections` finds no open connection. */
export type NotConnected =
  /** The id has the right form, but its connection is not open. */
  | { readonly kind: "gone" }
  /** The id, decoded, is not one that API Gateway assigns. */
  | { readonly kind: "malformed-id"; readonly connectionId: string };

/** Ids of 2026 have 20 characters, older ones 16. `createIds` never makes one that begins with `A`. */
const CONNECTION_ID = /^(?!A)[A-Za-z0-9_-]{15}(=|[A-Za-z0-9_-]{3}==)$/;

/**
 * Whether a string may be an id that API Gateway once assigned: the others get 400. AWS knows the ids that it
 * assigned and calls all others malformed. The emulator cannot know, because tables outlive it, so it accepts
 * every string of this form. It excludes those that begin with `A`: two such ids were captured as malformed on
 * AWS.
 */
export function isConnectionId(text: string): boolean {
  return CONNECTION_ID.test(text);
}

/**
 * The response to POST, GET and DELETE without an open connection.
 *
 * - 400 `BadRequestException` for a malformed id. It comes before the checks of signature and permission, so
 *   unsigned calls get it too.
 * - 410 `GoneException` without a body for a connection that has closed, that this emulator never had, or that
 *   is not open yet: a `$connect` handler gets it for its own id, and so does `$disconnect`. It comes after the
 *   checks of signature, permission and throttling.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-how-to-call-websocket-api-connections.html
 * Both responses are captured on AWS. SDKs read the error's name from a header; only 410 has a trace id.
 */
export function notConnectedAnswer(found: NotConnected): {
  readonly statusCode: 400 | 410;
  readonly errorType: string;
  readonly body: string;
  readonly hasTraceId: boolean;
} {
  switch (found.kind) {
    case "gone":
      return { statusCode: 410, errorType: "GoneException", body: "", hasTraceId: true };
    case "malformed-id": {
      const body = messageBody(`Invalid connectionId: ${found.connectionId}`);
      return { statusCode: 400, errorType: "BadRequestException", body, hasTraceId: false };
    }
    default:
      return found satisfies never;
  }
}
