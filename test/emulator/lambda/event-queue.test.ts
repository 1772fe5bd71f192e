import { expect, test } from "vitest";
import { EventQueue } from "../../../src/emulator/lambda/event-queue.ts";
import type { Wanted } from "../../../src/emulator/lambda/invocation.ts";
import { requestContextOf } from "../../../src/emulator/lambda/rules/payload-context.ts";

function event(since: number): Wanted {
  const call = { functionName: "probe", payload: since };
  return { call, about: requestContextOf(undefined), settle() {}, since };
}

test("events wait in the order of their arrival, also those that come back", () => {
  const queue = new EventQueue();
  const [first, second, third] = [event(1), event(2), event(3)];

  queue.add(first);
  queue.add(third);
  expect(queue.take()).toBe(first);
  queue.addAgain([second]);

  expect(queue.last).toBe(third);
  expect([queue.take(), queue.take(), queue.take()]).toEqual([second, third, undefined]);
});

test("the length of a queue is reported each time it doubles, and again after it was empty", () => {
  const queue = new EventQueue();
  const isNews = () => {
    queue.add(event(0));
    return queue.isNews();
  };

  expect([1, 2, 3, 4, 5].map(isNews)).toEqual([true, true, false, true, false]);
  for (let left = queue.length; left > 0; left -= 1) queue.take();
  expect(isNews()).toBe(true);
});
