import * as v from "valibot";
import { type Entry, FACTS } from "../src/emulator/facts.ts";
import { STAMP } from "../src/emulator/journal/facts.ts";

/** Every fact by its type, as its description has it and with nothing else. */
const BY_TYPE: ReadonlyMap<string, v.GenericSchema> = new Map(
  Object.values(FACTS)
    .flatMap(({ options }) => [...options])
    .map(({ pipe: [fact] }) => [
      fact.entries.type.literal,
      v.strictObject({ ...fact.entries, ...STAMP.pipe[0].entries }),
    ]),
);

/** Fails when a fact is not as it is described, or names a cause that did not come before it. */
export function checkFacts(entries: readonly Entry[]): void {
  const ids = new Set<number>();
  for (const entry of entries) {
    v.parse(BY_TYPE.get(entry.type) ?? v.never(), entry);
    if (entry.causedBy !== undefined && !ids.has(entry.causedBy)) {
      throw new Error(`the cause of ${JSON.stringify(entry)} did not come before it`);
    }
    ids.add(entry.id);
  }
}

/** Stops a gateway of a test and checks every fact that it has recorded. */
export async function stopChecked(gateway: {
  readonly journal: { entries(): readonly Entry[] };
  stop(): Promise<void>;
}): Promise<void> {
  await gateway.stop();
  checkFacts(gateway.journal.entries());
}
