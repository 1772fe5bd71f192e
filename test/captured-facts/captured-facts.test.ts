import { describe, expect, test } from "vitest";
import ROWS from "../../fixtures/reference-rows.json" with { type: "json" };
import { type CapturedFact, FACTS } from "./fact.ts";
import { runnerOf } from "./runners.ts";

// What real WebSocket APIs were seen to do, held to the gateway over plain sockets.

const begins =
  ({ id }: CapturedFact) =>
  (beginning: string) =>
    id.startsWith(beginning);
/** The numbers of the rows of the reference that a fact holds. */
const numbersOf = (fact: CapturedFact) =>
  ROWS.rows.filter(({ facts = [] }) => facts.some(begins(fact))).map(({ row }) => row);

describe("as on AWS", () => {
  test.each(
    FACTS.map((fact) => [[...numbersOf(fact), fact.id].join(", "), fact.what, fact] as const),
  )("%s: %s", (_, __, fact) => runnerOf(fact)(fact));
});

test("all captured facts are covered", () => {
  expect(FACTS).toHaveLength(163);
});
