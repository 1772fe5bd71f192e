import { expect, test } from "vitest";
import { createManualClock } from "../../../../src/clock.ts";
import { createIntegrations } from "../../../../src/emulator/apigateway/integrations/integration-timeout.ts";
import type { FunctionCall, Outcome } from "../../../../src/emulator/lambda/function-call.ts";

const OK: Outcome = { kind: "returned", payload: "null" };
const call = { functionName: "ask", payload: {}, because: undefined } as unknown as FunctionCall;
const NEVER = new Promise<Outcome>(() => {});

function start(result: Promise<Outcome>, longestMs: number | undefined = 29_000) {
  const clock = createManualClock(0);
  return { clock, integrations: createIntegrations(() => result, clock, longestMs) };
}

/** A promise that is settled from outside. */
function held() {
  let resolve = (): void => {};
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

test.each([
  ["a route's own limit", 50, 50],
  ["the longest that a gateway waits", 40_000, 29_000],
])("gives up after %s, and not a moment before", async (_, timeoutMs, givenUpAfterMs) => {
  const { clock, integrations } = start(NEVER);
  let outcome: unknown;
  const ended = integrations.run(call, timeoutMs).then((value) => {
    outcome = value;
  });

  clock.advance(givenUpAfterMs - 1);
  await new Promise(setImmediate);
  expect(outcome).toBeUndefined();
  clock.advance(1);
  await ended;

  expect(outcome).toEqual({ kind: "timed-out" });
});

test.each([
  ["has answered", async () => OK],
  ["has failed by a bug", () => Promise.reject(new Error("a bug"))],
])("leaves no timer behind once a function %s", async (_, answer) => {
  const { clock, integrations } = start(answer());

  await integrations.run(call, 50).catch(() => {});

  expect(clock.step(Number.POSITIVE_INFINITY)).toBe(false);
});

test("sets no timer where nothing is given up", async () => {
  const clock = createManualClock(0);
  const integrations = createIntegrations(() => NEVER, clock, undefined);

  void integrations.run(call, 50);

  expect(clock.step(Number.POSITIVE_INFINITY)).toBe(false);
});

test("is idle only when what was tracked has settled, also what that started", async () => {
  const { integrations } = start(NEVER);
  const order: string[] = [];
  const first = held();
  const second = held();
  void integrations
    .track(first.promise)
    .then(() => integrations.track(second.promise))
    .then(() => order.push("settled"));
  const idle = integrations.idle().then(() => order.push("idle"));

  first.resolve();
  await new Promise(setImmediate);
  second.resolve();
  await idle;

  expect(order).toEqual(["settled", "idle"]);
});
