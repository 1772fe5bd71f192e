import type { Entry, TestGateway } from "../../src/testing/index.ts";

/** What led to a fact, from itself back to where nothing caused it any more. */
export function wayBack(gateway: TestGateway, of: Entry): readonly Entry[] {
  const cause = gateway.journal.entries().find(({ id }) => id === of.causedBy);
  return [of, ...(cause === undefined ? [] : wayBack(gateway, cause))];
}
