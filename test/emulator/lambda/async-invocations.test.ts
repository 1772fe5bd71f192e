import { expect, onTestFinished, test } from "vitest";
import { createManualClock, type ManualClock } from "../../../src/clock.ts";
import { createJournal } from "../../../src/emulator/journal/journal.ts";
import type {
  EnvironmentEvent,
  Report,
} from "../../../src/emulator/lambda/environment-contract.ts";
import type { LambdaFact } from "../../../src/emulator/lambda/facts.ts";
import type { FunctionCall } from "../../../src/emulator/lambda/function-call.ts";
import { createLambda, type Lambda } from "../../../src/emulator/lambda/lambda.ts";
import type { NetworkFact } from "../../../src/emulator/network/facts.ts";
import { createIds } from "../../../src/ids.ts";
import { plainSpec } from "./plain-spec.ts";

const MINUTE = 60_000;
const call: FunctionCall = { functionName: "probe", payload: "hello", invocationType: "Event" };
const returned: Report = { kind: "returned", payload: "null", bytes: 4 };
const failed: Report = {
  kind: "failed",
  error: { errorType: "Error", errorMessage: "boom", trace: [] },
  leaving: false,
};

/** A function whose attempts end as `reports` say, one after the other; one without a report runs for ever. */
function start(...reports: Report[]): {
  readonly lambda: Lambda;
  readonly clock: ManualClock;
  readonly events: readonly EnvironmentEvent[];
  readonly facts: () => readonly object[];
} {
  const clock = createManualClock(0);
  const journal = createJournal<LambdaFact | NetworkFact>(clock.now);
  const events: EnvironmentEvent[] = [];
  const lambda = createLambda({
    functions: [plainSpec("unused")],
    clock,
    ids: createIds(clock),
    journal,
    start: (_, report) => ({
      run(event) {
        events.push(event);
        const next = reports.shift();
        if (next !== undefined) report(next);
      },
      async stop() {
        report({ kind: "ended", end: { kind: "signalled", signal: "SIGKILL" } });
      },
    }),
  });
  onTestFinished(() => lambda.stop());
  const facts = () => journal.entries().filter(({ type }) => type.startsWith("event."));
  return { lambda, clock, events, facts };
}

test("tries an event whose function fails again after one minute and after two more, then drops it", async () => {
  const { lambda, clock, events, facts } = start(failed, failed, failed);

  expect(await lambda.invoke(call)).toEqual({ kind: "returned", payload: "" });
  expect(events).toHaveLength(1);
  clock.advance(MINUTE - 1);
  expect(events).toHaveLength(1);
  clock.advance(1);
  expect(events).toHaveLength(2);
  clock.advance(2 * MINUTE - 1);
  expect(events).toHaveLength(2);
  clock.advance(1);
  expect(events).toHaveLength(3);
  clock.advance(1000 * MINUTE);

  expect(events).toHaveLength(3);
  expect(new Set(events.map(({ awsRequestId }) => awsRequestId)).size).toBe(1);
  const about = { functionName: "probe", awsRequestId: events[0]?.awsRequestId };
  expect(facts()).toEqual([
    { type: "event.requeued", ...about, attempt: 1, delayMs: MINUTE, ...stamp(3, 0, 1) },
    { type: "event.requeued", ...about, attempt: 2, delayMs: 2 * MINUTE, ...stamp(6, MINUTE, 4) },
    {
      type: "event.dropped",
      ...about,
      attempts: 3,
      because: "retries-exhausted",
      ...stamp(9, 3 * MINUTE, 7),
    },
  ]);
});

const stamp = (id: number, at: number, causedBy: number) => ({ seq: id, id, at, causedBy });

test("does not try an event again whose function has returned", async () => {
  const { lambda, clock, events, facts } = start(failed, returned);

  await lambda.invoke(call);
  clock.advance(1000 * MINUTE);
  await lambda.stop();

  expect(events).toHaveLength(2);
  expect(facts()).toMatchObject([{ type: "event.requeued", attempt: 1 }]);
});

test("does not try a synchronous invocation again", async () => {
  const { lambda, clock, events, facts } = start(failed);

  const outcome = await lambda.invoke({ ...call, invocationType: "RequestResponse" });
  clock.advance(1000 * MINUTE);

  expect(outcome).toMatchObject({ kind: "failed", errorMessage: "boom" });
  expect(events).toHaveLength(1);
  expect(facts()).toEqual([]);
});

test("is idle while an event waits for its next attempt", async () => {
  const { lambda } = start(failed);

  await lambda.invoke(call);

  await lambda.idle();
});

test("drops what waits for another attempt when retries stop, and what fails later", async () => {
  const { lambda, clock, events, facts } = start(failed);
  await lambda.invoke(call);
  await lambda.invoke(call);

  lambda.stopRetries();
  await lambda.stop();
  clock.advance(1000 * MINUTE);

  expect(events).toHaveLength(2);
  expect(facts()).toMatchObject([
    { type: "event.requeued", attempt: 1 },
    { type: "event.dropped", attempts: 1, because: "stopped" },
    { type: "event.dropped", attempts: 1, because: "stopped" },
  ]);
});

test("drops what waits for another attempt when everything stops", async () => {
  const { lambda, facts } = start(failed);
  await lambda.invoke(call);

  await lambda.stop();

  expect(facts()).toMatchObject([
    { type: "event.requeued", attempt: 1 },
    { type: "event.dropped", attempts: 1, because: "stopped" },
  ]);
});
