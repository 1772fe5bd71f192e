import { readFileSync } from "node:fs";

/** Something that a real WebSocket API did, as `fixtures/README.md` tells. */
export type CapturedFact = {
  readonly id: string;
  readonly what: string;
  readonly given?: Readonly<Record<string, unknown>> | string;
  readonly request?: Readonly<Record<string, unknown>>;
  readonly expect: Readonly<Record<string, unknown>>;
  readonly evidence: string;
};

export const FACTS: readonly CapturedFact[] = JSON.parse(
  readFileSync(new URL("../../fixtures/captured-facts.json", import.meta.url), "utf8"),
);
