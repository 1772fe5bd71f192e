/** Ids of 2026 have 20 characters, those before 16. None that `createIds` makes begins with `A`. */
const CONNECTION_ID = /^(?!A)[A-Za-z0-9_-]{15}(=|[A-Za-z0-9_-]{3}==)$/;

/**
 * Whether a text may be an id that API Gateway once gave to a connection. AWS knows which ones it gave, and calls
 * all others malformed; a local gateway does not, since tables outlive it, so any text of the form is one. But for
 * those that begin with `A`, as two captured ones do that are malformed on AWS.
 */
export function isConnectionId(text: string): boolean {
  return CONNECTION_ID.test(text);
}
