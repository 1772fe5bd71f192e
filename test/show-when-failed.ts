import { onTestFailed } from "vitest";

/**
 * Has the test that runs now show what had been seen, should it fail: a wait that only the test's own time
 * limit ends says nothing by itself.
 */
export function showWhenFailed(what: string, seen: () => string): void {
  onTestFailed(() => console.error(`${what}\n${seen() || "(nothing)"}`));
}

/** Entries of a journal, one a line. */
export function factLines(entries: readonly object[]): string {
  return entries.map((entry) => JSON.stringify(entry)).join("\n");
}
