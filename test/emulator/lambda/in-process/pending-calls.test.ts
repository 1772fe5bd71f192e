import { expect, test } from "vitest";
import { createPendingCalls } from "../../../../src/emulator/lambda/in-process/pending-calls.ts";

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

test("counts the calls that have begun and not ended, each end once", () => {
  const calls = createPendingCalls();
  expect(calls.count()).toBe(0);
  const [first, second] = [calls.begin(), calls.begin()];
  expect(calls.count()).toBe(2);

  first();
  first();
  expect(calls.count()).toBe(1);
  second();

  expect(calls.count()).toBe(0);
});

test("is idle at once without a call, and otherwise when the last one ends", async () => {
  const calls = createPendingCalls();
  await calls.idle();
  const idle: string[] = [];
  const note = (name: string) => void calls.idle().then(() => idle.push(name));
  const [first, second] = [calls.begin(), calls.begin()];
  note("of two");

  first();
  note("of one");
  await turn();
  expect(idle).toEqual([]);
  second();
  await turn();
  expect(idle).toEqual(["of two", "of one"]);
  const third = calls.begin();
  third();
  await turn();

  expect(idle).toEqual(["of two", "of one"]);
});
