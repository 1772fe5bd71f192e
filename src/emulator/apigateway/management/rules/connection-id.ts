/** Ids of 2026 have 20 characters, older ones 16. `createIds` never makes one that begins with `A`. */
const CONNECTION_ID = /^(?!A)[A-Za-z0-9_-]{15}(=|[A-Za-z0-9_-]{3}==)$/;

/**
 * Whether a string may be an id that API Gateway once assigned. AWS knows the ids that it assigned and calls
 * all others malformed. The emulator cannot know, because tables outlive it, so it accepts every string of
 * this form. It excludes those that begin with `A`: two such ids were captured as malformed on AWS.
 */
export function isConnectionId(text: string): boolean {
  return CONNECTION_ID.test(text);
}
