import { expect, test } from "vitest";
import { createKnownInvocations } from "../../../src/emulator/lambda/known-invocations.ts";

const FIRST = "579b030d-c00e-4cd7-ae57-3e3ae75fbceb";
const SECOND = "11111111-2222-4333-8444-555555555555";
const PARENT = "ae573e3ae75fbceb";

function twoRunning() {
  const invocations = createKnownInvocations();
  invocations.started("say", FIRST, { started: 1, connectionId: "ann", requestId: "a" });
  invocations.started("say", SECOND, { started: 2, connectionId: "bob", requestId: "b" });
  return invocations;
}

test("a call belongs to the invocation whose id its trace id ends with", () => {
  expect(twoRunning().of(undefined, PARENT, undefined)).toEqual({
    started: 1,
    connectionId: "ann",
    requestId: "a",
  });
});

test("an invocation runs from its start to its end", () => {
  const invocations = createKnownInvocations();
  expect(invocations.isRunning(PARENT)).toBe(false);
  invocations.started("say", FIRST, { started: 1, connectionId: "ann", requestId: "a" });
  expect(invocations.isRunning(PARENT)).toBe(true);
  invocations.ended("say", FIRST);
  expect(invocations.isRunning(PARENT)).toBe(false);
});

test("a call without a trace id belongs to the event of the environment that opened its socket", () => {
  const invocations = twoRunning();
  let current: string | undefined = FIRST;
  invocations.opened(4711, () => current);

  expect(invocations.of(4711, undefined, "say")?.started).toBe(1);
  current = SECOND;
  expect(invocations.of(4711, undefined, "say")?.started).toBe(2);
  invocations.opened(1, () => FIRST);
  expect(invocations.of(undefined, undefined, "say")).toBeUndefined();
  invocations.closed(4711);
  expect(invocations.of(4711, undefined, "say")).toBeUndefined();
});

test("a call that nothing else identifies belongs to its function's only event, if there is one", () => {
  const invocations = twoRunning();
  expect(invocations.of(undefined, undefined, "say")).toBeUndefined();

  invocations.ended("say", FIRST);
  expect(invocations.of(undefined, undefined, "say")?.started).toBe(2);
  expect(invocations.of(undefined, undefined, "other")).toBeUndefined();
  expect(invocations.of(undefined, undefined, undefined)).toBeUndefined();
});

test("an invocation is known for a while after its end, and as long as it runs", () => {
  const invocations = twoRunning();
  invocations.ended("say", FIRST);
  expect(invocations.of(undefined, PARENT, undefined)?.started).toBe(1);
  expect(invocations.byId(FIRST)?.started).toBe(1);

  const run = (n: number) => {
    const id = `00000000-0000-4000-8000-${String(n).padStart(12, "0")}`;
    invocations.started("say", id, { started: n, connectionId: "cat", requestId: "c" });
    invocations.ended("say", id);
  };
  for (let n = 1; n < 200; n += 1) run(n);
  expect(invocations.of(undefined, PARENT, undefined)?.started).toBe(1);
  run(200);
  expect(invocations.of(undefined, PARENT, undefined)).toBeUndefined();
  expect(invocations.of(undefined, "8444555555555555", undefined)?.started).toBe(2);
});

test("of the attempts of an event, which share an id, the newest is known", () => {
  const invocations = createKnownInvocations();
  for (const started of [1, 2]) {
    invocations.started("say", FIRST, { started, connectionId: undefined, requestId: undefined });
    invocations.ended("say", FIRST);
  }

  expect(invocations.byId(FIRST)?.started).toBe(2);
  expect(invocations.of(undefined, PARENT, undefined)?.started).toBe(2);
});

test("the end of an invocation that did not start changes nothing", () => {
  const invocations = createKnownInvocations();
  invocations.ended("say", FIRST);

  expect(invocations.byId(FIRST)).toBeUndefined();
});
