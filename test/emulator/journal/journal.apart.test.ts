import { once } from "node:events";
import { expect, test } from "vitest";
import type { Entry, Fact } from "../../../src/emulator/facts.ts";
import { createJournal } from "../../../src/emulator/journal/journal.ts";
import { withoutRunnersListeners } from "../../for-a-while.apart.ts";

test("a listener that throws disturbs neither who records nor the other listeners", async () => {
  const journal = createJournal<Fact>(() => 0);
  const heard: Entry[] = [];
  journal.subscribe(() => {
    throw new Error("a bug of its own");
  });
  journal.subscribe((entry) => heard.push(entry));
  withoutRunnersListeners("uncaughtException");
  const thrown = once(process, "uncaughtException");

  journal.record({ type: "warning", message: "told" });

  expect(heard).toHaveLength(1);
  expect((await thrown)[0]).toEqual(new Error("a bug of its own"));
});
