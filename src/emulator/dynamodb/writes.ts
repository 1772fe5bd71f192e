import type { KeyRing } from "../iam/keys.ts";
import type { FactId, Recorder } from "../journal/journal.ts";
import type { DynamoDbFact } from "./facts.ts";
import type { Writes } from "./watch-writes.ts";

/** The `function.started` of the invocation whose code made a call, where it is known. */
export type CauseOfCall = (
  remotePort: number | undefined,
  traceParent: string | undefined,
  functionName: string | undefined,
) => FactId | undefined;

/** Records what calls of the tables change, one fact an item. */
export function recordWrites(
  journal: Recorder<DynamoDbFact>,
  keys: KeyRing,
  causeOf: CauseOfCall,
): (writes: Writes) => void {
  return ({ writes, accessKeyId = "", statusCode, traceParent, remotePort }) => {
    const functionName = keys.secretFor(accessKeyId)?.functionName;
    const because = causeOf(remotePort, traceParent, functionName);
    for (const write of writes) {
      const fact = {
        type: "table.written",
        functionName,
        statusCode,
        traceParent,
        ...write,
      } as const;
      journal.record(fact, because);
    }
  };
}
