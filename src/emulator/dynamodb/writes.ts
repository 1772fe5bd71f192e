import type { KeyRing } from "../iam/keys.ts";
import type { Recorder } from "../journal/journal.ts";
import type { DynamoDbFact } from "./facts.ts";
import type { Writes } from "./watch-writes.ts";

/** Records what calls of the tables change, one fact an item. */
export function recordWrites(
  journal: Recorder<DynamoDbFact>,
  keys: KeyRing,
): (writes: Writes) => void {
  return ({ writes, accessKeyId = "", statusCode, traceParent }) => {
    const functionName = keys.secretFor(accessKeyId)?.functionName;
    for (const write of writes) {
      journal.record({ type: "table.written", functionName, statusCode, traceParent, ...write });
    }
  };
}
