import { hasSubscribers } from "node:diagnostics_channel";
import { expect, onTestFinished, test } from "vitest";
import { createManualClock } from "../../../../src/clock.ts";
import type { Report } from "../../../../src/emulator/lambda/environment-contract.ts";
import { createPassedHandlers } from "../../../../src/emulator/lambda/in-process/passed-handlers.ts";
import { createKnownInvocations } from "../../../../src/emulator/lambda/known-invocations.ts";
import { plainSpec } from "../plain-spec.ts";

const EVENT = { awsRequestId: "id", trace: "", event: '{"n":1}' };
const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

type Handlers = Parameters<typeof createPassedHandlers>[0];

function start(probe: NonNullable<Handlers[string]> | undefined) {
  const clock = createManualClock(0);
  const reports: Report[] = [];
  const handlers = (probe === undefined ? {} : { probe }) as Handlers;
  const runtime = createPassedHandlers(handlers, clock, createKnownInvocations());
  const environment = runtime.start(plainSpec("new", 3), (report) => reports.push(report));
  onTestFinished(() => environment.stop());
  return { clock, environment, reports };
}

test("a handler that a test passes in answers each event, and is initialized once", async () => {
  const { environment, reports } = start((async (event: { n: number }) => `ä${event.n}`) as never);

  environment.run(EVENT);
  await turn();
  environment.run({ ...EVENT, event: '{"n":2}' });
  await turn();

  expect(reports).toEqual([
    { kind: "initialized", initMs: 0 },
    { kind: "returned", payload: '"ä1"', bytes: 5 },
    { kind: "returned", payload: '"ä2"', bytes: 5 },
  ]);
});

test("a handler that throws fails its event, and stays", async () => {
  const { environment, reports } = start((async () => {
    throw new TypeError("boom");
  }) as never);

  environment.run(EVENT);
  await turn();

  expect(reports.at(-1)).toMatchObject({
    kind: "failed",
    leaving: false,
    error: { errorType: "TypeError", errorMessage: "boom" },
  });
});

test("its time passes by the clock of the gateway", async () => {
  const { clock, environment, reports } = start((async (
    _: unknown,
    context: { getRemainingTimeInMillis(): number },
  ) => {
    clock.advance(1000);
    return context.getRemainingTimeInMillis();
  }) as never);

  environment.run(EVENT);
  await turn();

  expect(reports.at(-1)).toMatchObject({ payload: "2000" });
});

test("what answers after the end of its environment is not heard", async () => {
  let answer = (): void => {};
  const { environment, reports } = start(
    (() =>
      new Promise<void>((resolve) => {
        answer = resolve;
      })) as never,
  );
  environment.run(EVENT);

  await environment.stop();
  answer();
  await turn();

  expect(reports).toEqual([{ kind: "initialized", initMs: 0 }]);
});

test("a function without a handler is a mistake of the test's", () => {
  const { environment } = start(undefined);

  expect(() => environment.run(EVENT)).toThrow("The function probe does not have a handler.");
});

test("follows requests while one of its environments lives, however often another is stopped", async () => {
  const follows = () => hasSubscribers("undici:client:sendHeaders");
  expect(follows()).toBe(false);
  const { environment: first } = start(undefined);
  const { environment: second } = start(undefined);

  await first.stop();
  await first.stop();
  expect(follows()).toBe(true);
  await second.stop();

  expect(follows()).toBe(false);
});
