import { describe, expect, test } from "vitest";
import ROWS from "../../fixtures/reference-rows.json" with { type: "json" };
import { type CapturedFact, FACTS } from "./fact.ts";
import { NOT_COVERED } from "./not-covered.ts";
import { runnerOf } from "./runners.ts";

// What real WebSocket APIs were seen to do, held to the gateway over plain sockets.

const begins =
  ({ id }: CapturedFact) =>
  (beginning: string) =>
    id.startsWith(beginning);
const isCovered = (fact: CapturedFact) => !NOT_COVERED.some(({ ids }) => ids.some(begins(fact)));
/** The numbers of the rows of the reference that a fact holds. */
const numbersOf = (fact: CapturedFact) =>
  ROWS.rows.filter(({ facts = [] }) => facts.some(begins(fact))).map(({ row }) => row);
const covered = FACTS.filter(isCovered);

describe("as on AWS", () => {
  test.each(
    covered.map((fact) => [[...numbersOf(fact), fact.id].join(", "), fact.what, fact] as const),
  )("%s: %s", (_, __, fact) => runnerOf(fact)(fact));
});

test("more than nine tenths of the captured facts are covered", () => {
  expect(FACTS).toHaveLength(163);
  expect(covered.length).toBeGreaterThanOrEqual(158);
});

describe("not covered yet", () => {
  test.each(NOT_COVERED)("facts of $ids, since $because", ({ ids }) => {
    for (const beginning of ids) {
      expect(FACTS.filter(({ id }) => id.startsWith(beginning))).not.toEqual([]);
    }
  });
});
