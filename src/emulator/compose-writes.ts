import type { Journal } from "../journal.ts";
import type { Writes } from "./adapters/watch-writes.ts";
import type { KeyRing } from "./compose-keys.ts";

/** Records what calls of the tables change, one fact an item. */
export function recordWrites(journal: Journal, keys: KeyRing): (writes: Writes) => void {
  return ({ writes, accessKeyId = "", statusCode, traceParent }) => {
    const functionName = keys.secretFor(accessKeyId)?.functionName;
    for (const write of writes) {
      journal.record({ type: "table.written", functionName, statusCode, traceParent, ...write });
    }
  };
}
