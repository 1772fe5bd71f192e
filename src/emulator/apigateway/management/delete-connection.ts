import type { Disconnects } from "../disconnect/disconnects.ts";
import type { Gateway } from "../ports.ts";

/** DeleteConnection. */
export function createDeleteConnection(disconnects: Disconnects): Gateway["remove"] {
  return (connectionId, facts) => {
    const closed = disconnects.end(connectionId, "deleted", facts?.because);
    if (closed === undefined) return false;
    if (facts !== undefined) facts.effect = closed;
    return true;
  };
}
