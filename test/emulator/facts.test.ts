import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { factsPage } from "../../scripts/facts-page.mjs";
import type { Fact } from "../../src/emulator/facts.ts";
import { createJournal } from "../../src/emulator/journal/journal.ts";
import { checkFacts } from "../checked-facts.ts";

const docs = fileURLToPath(new URL("../../docs/", import.meta.url));

test("docs/facts.md is what scripts/facts-page.mjs makes of the descriptions", async () => {
  const page = readFileSync(`${docs}facts.md`, "utf8");

  expect(page, "Run node scripts/facts-page.mjs.").toBe(await factsPage());
});

test("a fact with a field that is not described does not pass as one", () => {
  const journal = createJournal<Fact>(() => 0);
  journal.record({ type: "warning", message: "described" });
  expect(() => checkFacts(journal.entries())).not.toThrow();

  const fact = { type: "warning", message: "described", more: true } as const;
  journal.record(fact);
  expect(() => checkFacts(journal.entries())).toThrow("more");
});

test("a cause that did not come before its fact does not pass as one", () => {
  const journal = createJournal<Fact>(() => 0);
  journal.record({ type: "warning", message: "too early" }, 2);

  expect(() => checkFacts(journal.entries())).toThrow("did not come before it");
});
