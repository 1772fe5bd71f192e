export type ErrorMessage =
  | "Forbidden"
  | "Internal server error"
  | "Endpoint request timed out"
  | "Too Many Requests"
  | "Invalid request body"
  | "Unsupported Media Type"
  | `Missing required request parameters: [${string}]`;

/** The message of a rejection by an authorizer. */
export type RejectionMessage =
  | ""
  | "Internal server error"
  | "Unauthorized"
  | "User is not authorized to access this resource because no identity-based policy allows the execute-api:Invoke action"
  | "User is not authorized to access this resource with an explicit deny in an identity-based policy";

/** The reason phrase of an HTTP status, such as `Not Found`. */
type StatusText = string & { readonly of?: "status" };

export type BodyMessage = ErrorMessage | RejectionMessage | StatusText;

/**
 * The error frame for a message that failed. Its spacing matches published captures exactly: a space after
 * the first colon and after each comma, none after other colons.
 */
export function errorFrame(message: BodyMessage, connectionId: string, requestId: string): string {
  return `{"message": "${message}", "connectionId":"${connectionId}", "requestId":"${requestId}"}`;
}
