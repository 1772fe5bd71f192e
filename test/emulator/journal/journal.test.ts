import { expect, test } from "vitest";
import type { Entry, Fact } from "../../../src/emulator/facts.ts";
import { createJournal } from "../../../src/emulator/journal/journal.ts";

const warning = (message: string) => ({ type: "warning", message }) as const;

test("entries are numbered from 1 without gaps and carry their moment", () => {
  let now = 100;
  const journal = createJournal<Fact>(() => now);
  journal.record(warning("a"));
  now = 200;
  journal.record(warning("b"));

  expect(journal.entries()).toEqual([
    { seq: 1, id: 1, at: 100, type: "warning", message: "a" },
    { seq: 2, id: 2, at: 200, type: "warning", message: "b" },
  ]);
});

test("only the newest entries are kept", () => {
  const journal = createJournal<Fact>(() => 0, 3);
  for (let n = 1; n <= 100; n += 1) journal.record(warning(String(n)));

  expect(journal.entries().map(({ seq }) => seq)).toEqual([98, 99, 100]);
});

test("a listener hears every fact until it unsubscribes, also when nothing is kept", () => {
  const journal = createJournal<Fact>(() => 0, 0);
  const heard: Entry[] = [];
  const unsubscribe = journal.subscribe((entry) => heard.push(entry));

  journal.record(warning("heard"));
  unsubscribe();
  journal.record(warning("not heard"));

  expect(heard.map((entry) => entry.type === "warning" && entry.message)).toEqual(["heard"]);
  expect(journal.entries()).toEqual([]);
});
