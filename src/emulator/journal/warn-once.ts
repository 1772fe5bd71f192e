import type { FactId, Recorder, Warning } from "./journal.ts";

/** Records warnings, each message once: what causes them happens again with every call, or every reading. */
export function warnOnce(journal: Recorder<Warning>): (message: string, because?: FactId) => void {
  const warned = new Set<string>();
  return (message, because) => {
    if (warned.has(message)) return;
    warned.add(message);
    journal.record({ type: "warning", message }, because);
  };
}
