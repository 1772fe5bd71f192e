import type { FactId, Recorder, Warning } from "./journal.ts";

/** Records each warning once: its cause recurs with every call or reload. */
export function warnOnce(journal: Recorder<Warning>): (message: string, because?: FactId) => void {
  const warned = new Set<string>();
  return (message, because) => {
    if (warned.has(message)) return;
    warned.add(message);
    journal.record({ type: "warning", message }, because);
  };
}
