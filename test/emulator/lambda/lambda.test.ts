import { expect, test } from "vitest";
import { createManualClock } from "../../../src/clock.ts";
import { createJournal } from "../../../src/emulator/journal/journal.ts";
import type {
  EnvironmentEvent,
  FunctionSpec,
  Report,
} from "../../../src/emulator/lambda/environment-contract.ts";
import type { LambdaFact } from "../../../src/emulator/lambda/facts.ts";
import type { FunctionCall, Outcome } from "../../../src/emulator/lambda/function-call.ts";
import {
  createKnownInvocations,
  type KnownInvocations,
} from "../../../src/emulator/lambda/known-invocations.ts";
import { createLambda, type LambdaSettings } from "../../../src/emulator/lambda/lambda.ts";
import type { NetworkFact } from "../../../src/emulator/network/facts.ts";
import type { Ids } from "../../../src/ids.ts";
import { plainSpec } from "./plain-spec.ts";

type Fake = {
  readonly spec: FunctionSpec;
  readonly number: number;
  readonly events: EnvironmentEvent[];
  stopped: boolean;
  /** What its end waits for. */
  ending: Promise<void> | undefined;
  report(report: Report): void;
  /** Answers the running event with the environment's number. */
  answer(): void;
};

/** A pool in front of environments that do what the test says. */
function startPool(
  settings: Partial<LambdaSettings> = {},
  timeout = 3,
  untimed = false,
  more: { readonly spec?: FunctionSpec; readonly invocations?: KnownInvocations } = {},
) {
  const steady = createManualClock(Date.parse("2026-03-01T00:00:00Z"));
  let stalledMs = 0;
  let timers = 0;
  const clock = {
    ...steady,
    elapsed: () => steady.elapsed() + stalledMs,
    schedule(delayMs: number, run: () => void) {
      timers += 1;
      let isOver = false;
      const end = () => {
        if (!isOver) timers -= 1;
        isOver = true;
      };
      const cancel = steady.schedule(delayMs, () => {
        end();
        run();
      });
      return () => {
        end();
        cancel();
      };
    },
  };
  /** Lets time pass in which no timer runs, up to the one that is due next. */
  const stall = (ms: number) => {
    stalledMs += ms - 10;
    steady.advance(10);
  };
  const journal = createJournal<LambdaFact | NetworkFact>(clock.now);
  const fakes: Fake[] = [];
  let uuids = 0;
  const lambda = createLambda({
    functions: [more.spec ?? plainSpec("old", timeout)],
    ...(more.invocations && { invocations: more.invocations }),
    clock,
    journal,
    ids: { uuid: () => `uuid-${++uuids}`, traceId: () => "Root=1-0-0" } as unknown as Ids,
    settings,
    untimed,
    start(spec, report) {
      const fake: Fake = {
        spec,
        number: fakes.length + 1,
        events: [],
        stopped: false,
        ending: undefined,
        report,
        answer: () => report({ kind: "returned", payload: String(fake.number), bytes: 1 }),
      };
      fakes.push(fake);
      return {
        run: (event) => void fake.events.push(event),
        async stop() {
          fake.stopped = true;
          await fake.ending;
          report({ kind: "ended", end: { kind: "signalled", signal: "SIGKILL" } });
        },
      };
    },
  });
  const outcomes: Outcome[] = [];
  const invoke = async () => {
    const outcome = await lambda.invoke(call);
    outcomes.push(outcome);
    return outcome;
  };
  const types = () => journal.entries().map(({ type }) => type);
  const queued = () =>
    journal.entries().flatMap((entry) => (entry.type === "function.queued" ? entry.waiting : []));
  return {
    lambda,
    clock,
    stall,
    journal,
    fakes,
    invoke,
    outcomes,
    types,
    queued,
    timers: () => timers,
  };
}

const call: FunctionCall = {
  functionName: "probe",
  payload: {
    body: "hello",
    requestContext: { connectionId: "connection", requestId: "request" },
  },
};

function withResolvers() {
  let resolve = () => {};
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

const returned = (payload: string) => ({ kind: "returned", payload });

test("nothing is started before an event comes", () => {
  const { fakes } = startPool();

  expect(fakes).toHaveLength(0);
});

test("an environment gets the event as JSON text with the ids of its invocation", () => {
  const { fakes, invoke } = startPool();

  void invoke();

  expect(fakes[0]!.events).toEqual([
    {
      awsRequestId: "uuid-2",
      trace: "Root=1-0-0;Parent=uuid2;Sampled=0",
      event: JSON.stringify(call.payload),
    },
  ]);
  expect(fakes[0]!.spec.environment.AWS_LAMBDA_LOG_STREAM_NAME).toBe("2026/03/01/[$LATEST]uuid1");
});

test("an environment gets the alias that was invoked, null for no payload, and the function's variables", () => {
  const spec = { ...plainSpec("old"), environment: { TABLE: "chat" } };
  const { lambda, fakes } = startPool({}, 3, false, { spec });

  void lambda.invoke({ functionName: "probe", payload: undefined, qualifier: "blue" });

  expect(fakes[0]!.events).toEqual([
    {
      awsRequestId: "uuid-2",
      qualifier: "blue",
      trace: "Root=1-0-0;Parent=uuid2;Sampled=0",
      event: "null",
    },
  ]);
  expect(fakes[0]!.spec).toEqual({
    ...spec,
    environment: { TABLE: "chat", AWS_LAMBDA_LOG_STREAM_NAME: "2026/03/01/[$LATEST]uuid1" },
  });
});

test("a function that does not exist cannot be invoked", async () => {
  const { lambda } = startPool();

  await expect(lambda.invoke({ ...call, functionName: "other" })).rejects.toThrow(
    'There is no function "other".',
  );
});

test("an event is known as its function's running one until it ends", async () => {
  const invocations = createKnownInvocations();
  const { fakes, invoke, journal } = startPool({}, 3, false, { invocations });
  const running = () => invocations.of(undefined, undefined, "probe");

  const event = invoke();
  expect(running()).toMatchObject({
    started: journal.entries()[0]!.id,
    connectionId: "connection",
    requestId: "request",
  });
  fakes[0]!.answer();
  await event;

  expect(running()).toBeUndefined();
});

test("two environments are started as soon as two events overlap, a third after the delay only", () => {
  const { fakes, invoke, clock } = startPool({ growthDelayMs: 30 });

  void invoke();
  void invoke();
  void invoke();
  expect(fakes).toHaveLength(2);
  for (const fake of fakes) fake.answer();
  for (let events = 0; events < 3; events += 1) void invoke();

  clock.advance(29);
  expect(fakes).toHaveLength(2);
  clock.advance(1);
  expect(fakes).toHaveLength(3);
});

test("while an environment loads its code or warms up with its first event no further one is started", () => {
  const { fakes, invoke, clock } = startPool({ growthDelayMs: 30 });
  for (let events = 0; events < 5; events += 1) void invoke();
  fakes[0]!.report({ kind: "initialized", initMs: 1 });

  clock.advance(1000);
  expect(fakes).toHaveLength(2);
  fakes[1]!.report({ kind: "initialized", initMs: 1 });
  clock.advance(249);
  expect(fakes).toHaveLength(2);
  clock.advance(1);
  expect(fakes).toHaveLength(3);
  clock.advance(1000);

  expect(fakes).toHaveLength(3);
});

test("the delay before a further environment begins again when one has loaded its code", () => {
  const { fakes, invoke, clock } = startPool({ growthDelayMs: 400 });
  for (let events = 0; events < 3; events += 1) void invoke();
  clock.advance(1000);
  clock.advance(5); // between two looks

  for (const fake of fakes) fake.report({ kind: "initialized", initMs: 1 });
  clock.advance(395);
  expect(fakes).toHaveLength(2);
  clock.advance(10);

  expect(fakes).toHaveLength(3);
});

test("environments that are merely busy get no company, however long the queue is", () => {
  const { fakes, invoke, clock } = startPool({ growthDelayMs: 30 });
  for (let events = 0; events < 200; events += 1) void invoke();
  for (const fake of fakes) fake.report({ kind: "initialized", initMs: 1 });

  for (let ms = 0; ms < 80; ms += 1) {
    clock.advance(1);
    for (const fake of fakes) fake.answer();
  }

  expect(fakes).toHaveLength(2);
});

test("no environment is added if all were suspended together with the gateway", () => {
  const { fakes, invoke, clock, stall } = startPool({ growthDelayMs: 30 });
  for (let events = 0; events < 5; events += 1) void invoke();
  for (const fake of fakes) fake.answer();

  for (let stalls = 0; stalls < 2; stalls += 1) stall(400);
  expect(fakes).toHaveLength(2);
  clock.advance(10);

  expect(fakes).toHaveLength(3);
});

test("an event that waits takes the environment that becomes free, and none is started for it", async () => {
  const { fakes, invoke, clock } = startPool();
  void invoke();
  void invoke();
  const third = invoke();

  fakes[1]!.answer();
  clock.advance(1000);
  fakes[1]!.answer();

  expect(await third).toEqual(returned("2"));
  expect(fakes).toHaveLength(2);
});

test("without a delay every event that overlaps gets an environment at once, up to the cap", () => {
  const { fakes, invoke } = startPool({ growthDelayMs: 0, maxEnvironments: 4 });

  for (let events = 0; events < 6; events += 1) void invoke();

  expect(fakes).toHaveLength(4);
});

test("at the cap events queue in order, and the journal tells when the queue has doubled", async () => {
  const { fakes, invoke, journal, outcomes } = startPool({ keep: 1, maxEnvironments: 1 });

  const all = Array.from({ length: 6 }, invoke);
  const told = journal.entries().filter(({ type }) => type === "function.queued");

  expect(told).toMatchObject([
    { functionName: "probe", waiting: 1, environments: 1 },
    { functionName: "probe", waiting: 2, environments: 1 },
    { functionName: "probe", waiting: 4, environments: 1 },
  ]);
  for (const _ of all) fakes[0]!.answer();
  await Promise.all(all);
  expect(outcomes).toHaveLength(6);
});

test("reports a queue with the event that made it so long as the cause", () => {
  const { lambda, journal } = startPool({ keep: 1, maxEnvironments: 1 });

  for (const because of [1, 2, 3, 4]) void lambda.invoke({ ...call, because });

  const queued = journal.entries().filter(({ type }) => type === "function.queued");
  expect(queued.map(({ causedBy }) => causedBy)).toEqual([2, 3]);
});

test("reports a queue that was empty from its first event on", async () => {
  const { fakes, invoke, queued } = startPool({ keep: 1, maxEnvironments: 1 });
  const rush = async (size: number) => {
    const all = Array.from({ length: size }, invoke);
    for (const _ of all) fakes[0]!.answer();
    await Promise.all(all);
  };

  await rush(6);
  expect(queued()).toEqual([1, 2, 4]);
  await rush(3);
  expect(queued()).toEqual([1, 2, 4, 1, 2]);
  await rush(2);
  await rush(2);

  expect(queued()).toEqual([1, 2, 4, 1, 2, 1, 1]);
});

test("reports a queue that shrinks and grows again when it is twice as long as at the last report", () => {
  const { fakes, invoke, queued } = startPool({ keep: 1, maxEnvironments: 1 });
  for (let events = 0; events < 4; events += 1) void invoke();
  expect(queued()).toEqual([1, 2]);

  fakes[0]!.answer();
  void invoke();
  expect(queued()).toEqual([1, 2]);
  for (let answers = 0; answers < 2; answers += 1) fakes[0]!.answer();
  void invoke();
  expect(queued()).toEqual([1, 2]);
  for (let events = 0; events < 2; events += 1) void invoke();

  expect(queued()).toEqual([1, 2, 4]);
});

test("adds environments one at a time up to the cap, and then reports the queue", () => {
  const { fakes, invoke, clock, queued } = startPool({ growthDelayMs: 30, maxEnvironments: 4 });
  for (let events = 0; events < 9; events += 1) void invoke();
  const wait = () => {
    for (const fake of fakes) fake.report({ kind: "initialized", initMs: 1 });
    clock.advance(1000);
  };

  wait();
  expect(fakes).toHaveLength(3);
  expect(queued()).toEqual([]);
  for (let round = 0; round < 3; round += 1) wait();

  expect(fakes).toHaveLength(4);
  expect(queued()).toEqual([5]);
});

test("an environment is added for events that wait later on as well", async () => {
  const { fakes, invoke, clock, timers } = startPool({ growthDelayMs: 30 });
  const first = [invoke(), invoke(), invoke()];
  clock.advance(5);
  for (const at of [0, 1, 0]) fakes[at]!.answer();
  await Promise.all(first);
  clock.advance(1000);
  expect(timers()).toBe(0); // the pool has stopped looking

  for (let events = 0; events < 3; events += 1) void invoke();
  clock.advance(29);
  expect(fakes).toHaveLength(2);
  clock.advance(1);

  expect(fakes).toHaveLength(3);
});

test("one environment at most is one, whatever is to be kept", async () => {
  const { fakes, invoke, outcomes } = startPool({ keep: 2, maxEnvironments: 1 });

  const calls = [invoke(), invoke()];
  expect(fakes).toHaveLength(1);
  fakes[0]!.answer();
  await calls[0];
  fakes[0]!.answer();
  await calls[1];

  expect(outcomes).toHaveLength(2);
});

test("the environment used last is used next", async () => {
  const { fakes, invoke } = startPool();
  const both = [invoke(), invoke()];
  fakes[0]!.answer();
  fakes[1]!.answer();
  await Promise.all(both);

  void invoke();

  expect(fakes[1]!.events).toHaveLength(2);
});

test("idle environments beyond two leave after a while, the longest idle first", async () => {
  const { fakes, invoke, clock } = startPool({ growthDelayMs: 0, idleMs: 60_000 });
  const all = [invoke(), invoke(), invoke()];
  for (const fake of fakes) fake.answer();
  await Promise.all(all);

  clock.advance(59_999);
  expect(fakes.map(({ stopped }) => stopped)).toEqual([false, false, false]);
  clock.advance(1);
  expect(fakes.map(({ stopped }) => stopped)).toEqual([true, false, false]);
  clock.advance(600_000);
  expect(fakes.map(({ stopped }) => stopped)).toEqual([true, false, false]);
});

test("an environment that was used meanwhile stays its whole idle time", async () => {
  const { fakes, invoke, clock } = startPool({ growthDelayMs: 0, idleMs: 60_000 });
  const useAll = async () => {
    const all = [invoke(), invoke(), invoke()];
    for (const fake of fakes) fake.answer();
    await Promise.all(all);
  };
  await useAll();
  clock.advance(50_000);
  await useAll();

  clock.advance(10_000);
  expect(fakes.some(({ stopped }) => stopped)).toBe(false);
  clock.advance(60_000);
  expect(fakes.filter(({ stopped }) => stopped)).toHaveLength(1);
});

test("an environment that says it leaves is ended and takes no further event", async () => {
  const { fakes, invoke } = startPool();
  const error = { errorType: "Error", errorMessage: "boom", trace: [] };
  const first = invoke();
  fakes[0]!.report({ kind: "failed", error, leaving: true });

  void invoke();

  expect(await first).toEqual({ kind: "failed", ...error });
  expect(fakes[0]!.stopped).toBe(true);
  expect(fakes[1]!.events).toHaveLength(1);
});

test("an event that waits gets a fresh environment when one breaks", async () => {
  const { fakes, invoke } = startPool({ keep: 1, maxEnvironments: 1 });
  const first = invoke();
  const second = invoke();

  fakes[0]!.report({ kind: "ended", end: { kind: "exited", code: 1 } });
  fakes[1]!.answer();

  expect(await first).toMatchObject({ errorType: "Runtime.ExitError" });
  expect(await second).toEqual(returned("2"));
});

test("an idle environment that breaks is forgotten", async () => {
  const { fakes, invoke } = startPool();
  const first = invoke();
  fakes[0]!.answer();
  await first;

  fakes[0]!.report({ kind: "ended", end: { kind: "exited", code: 129 } });
  void invoke();

  expect(fakes[1]!.events).toHaveLength(1);
});

test("an idle environment that breaks takes none of its neighbours along", async () => {
  const { fakes, invoke } = startPool({ growthDelayMs: 0 });
  const all = [invoke(), invoke(), invoke()];
  for (const fake of fakes) fake.answer();
  await Promise.all(all);

  fakes[0]!.report({ kind: "ended", end: { kind: "exited", code: 129 } });
  void invoke();
  void invoke();

  expect(fakes.map(({ events }) => events.length)).toEqual([1, 2, 2]);
});

test("an environment that broke counts no more among all that there may be", async () => {
  const { fakes, invoke } = startPool({ growthDelayMs: 0, maxEnvironments: 2, maxTotal: 2 });
  void invoke();
  const second = invoke();
  fakes[1]!.answer();
  await second;
  fakes[0]!.report({ kind: "ended", end: { kind: "exited", code: 1 } });

  const both = [invoke(), invoke()];
  fakes[1]!.answer();
  await both[0];

  expect(fakes.map(({ stopped }) => stopped)).toEqual([true, false, false]);
});

test("nothing looks for idle environments where there are no more than stay", async () => {
  const { fakes, invoke, clock, timers } = startPool({ growthDelayMs: 0, idleMs: 60_000 });
  const all = [invoke(), invoke(), invoke()];
  for (const fake of fakes) fake.answer();
  await Promise.all(all);
  expect(timers()).toBe(1);

  clock.advance(60_000);

  expect(fakes.filter(({ stopped }) => stopped)).toHaveLength(1);
  expect(timers()).toBe(0);
});

test("the time limit begins when the code is loaded", async () => {
  const { fakes, invoke, clock, types } = startPool({}, 3);
  const first = invoke();

  clock.advance(9000);
  fakes[0]!.report({ kind: "initialized", initMs: 9000 });
  clock.advance(2999);
  expect(types()).toEqual(["function.started"]);
  clock.advance(1);

  expect(await first).toMatchObject({ errorType: "Sandbox.Timedout" });
  expect(fakes[0]!.stopped).toBe(true);
});

test("the limit of the load is over with the load, and touches no later event", async () => {
  const { fakes, invoke, clock, outcomes } = startPool({}, 3);
  const first = invoke();
  fakes[0]!.report({ kind: "initialized", initMs: 1 });
  fakes[0]!.answer();
  await first;
  clock.advance(12_999);
  const second = invoke();

  clock.advance(2000);
  fakes[0]!.answer();
  await second;

  expect(outcomes).toEqual([returned("1"), returned("1")]);
});

test("loading that takes more than ten seconds counts against the function's time", async () => {
  const { fakes, invoke, clock, types } = startPool({}, 3);
  const first = invoke();

  clock.advance(12_999);
  expect(types()).toEqual(["function.started"]);
  clock.advance(1);

  expect(await first).toMatchObject({ errorType: "Sandbox.Timedout" });
  expect(fakes[0]!.stopped).toBe(true);
});

test("a function without limits of time and memory takes what it needs", async () => {
  const { fakes, invoke, clock, timers } = startPool({}, 3, true);
  const first = invoke();

  expect(timers()).toBe(0);
  clock.advance(1_000_000);
  fakes[0]!.report({ kind: "memory", maxKb: 900 * 1024, bareKb: 0 });
  fakes[0]!.answer();

  expect(await first).toEqual(returned("1"));
});

test("an environment that outgrows the function's memory ends, and its event fails as if it were killed", async () => {
  const { fakes, invoke, journal } = startPool();
  const first = invoke();

  fakes[0]!.report({ kind: "memory", maxKb: (40 + 128 + 64) * 1024, bareKb: 40 * 1024 });
  expect(fakes[0]!.stopped).toBe(false);
  fakes[0]!.report({ kind: "memory", maxKb: (40 + 128 + 65) * 1024, bareKb: 40 * 1024 });

  expect(await first).toEqual({
    kind: "failed",
    errorType: "Runtime.ExitError",
    errorMessage: "RequestId: uuid-2 Error: Runtime exited with error: signal: killed",
    trace: [
      "The function used 193 MB more than Node itself needs, but has 128 MB. Increase its memory.",
    ],
  });
  expect(fakes[0]!.stopped).toBe(true);
  expect(journal.entries().at(-1)).toMatchObject({ type: "function.ended", maxMemoryMb: 233 });
});

test("reports the memory of an idle environment with its next event, and ends nothing", async () => {
  const { fakes, invoke, journal } = startPool();
  const first = invoke();
  fakes[0]!.answer();
  await first;

  fakes[0]!.report({ kind: "memory", maxKb: 900 * 1024 + 1, bareKb: 0 });
  expect(fakes[0]!.stopped).toBe(false);
  const second = invoke();
  fakes[0]!.answer();
  await second;

  const ended = journal.entries().filter(({ type }) => type === "function.ended");
  expect(ended).toMatchObject([{ maxMemoryMb: undefined }, { maxMemoryMb: 901 }]);
});

test("a result that is too large fails its event, and the environment goes on", async () => {
  const { fakes, invoke } = startPool();
  const first = invoke();

  fakes[0]!.report({ kind: "returned", payload: "", bytes: 6 * 1024 * 1024 + 101 });
  const second = invoke();
  fakes[0]!.report({ kind: "returned", payload: "", bytes: 6 * 1024 * 1024 + 100 });

  expect(await first).toMatchObject({ errorType: "Function.ResponseSizeTooLarge" });
  expect(await second).toEqual(returned(""));
  expect(fakes).toHaveLength(1);
});

test("a failure after which the environment goes on fails its event alone", async () => {
  const { fakes, invoke } = startPool();
  const error = { errorType: "Error", errorMessage: "boom", trace: ["at x"] };
  const first = invoke();

  fakes[0]!.report({ kind: "failed", error, leaving: false });
  const second = invoke();
  fakes[0]!.answer();

  expect(await first).toEqual({ kind: "failed", ...error });
  expect(await second).toEqual(returned("1"));
  expect(fakes[0]!.stopped).toBe(false);
});

test("an event that has ended is not ended again, whatever its environment says", async () => {
  const { fakes, invoke, types, clock, timers } = startPool();
  const first = invoke();
  fakes[0]!.answer();
  await first;

  fakes[0]!.answer();
  fakes[0]!.report({ kind: "initialized", initMs: 5 });
  expect(timers()).toBe(0);
  clock.advance(100_000);
  fakes[0]!.report({ kind: "ended", end: { kind: "exited", code: 1 } });
  fakes[0]!.report({ kind: "ended", end: { kind: "exited", code: 1 } });

  expect(types()).toEqual(["function.started", "function.ended"]);
});

test("reports the whole time of an event without loading, and with loading for the first alone", async () => {
  const { fakes, invoke, clock, journal } = startPool();
  const first = invoke();
  clock.advance(30);
  fakes[0]!.report({ kind: "initialized", initMs: 29.5 });
  clock.advance(10);
  fakes[0]!.answer();
  await first;
  clock.advance(100);

  const second = invoke();
  clock.advance(7);
  fakes[0]!.answer();
  await second;

  const [cold, warm] = journal.entries().filter(({ type }) => type === "function.ended");
  expect(cold).toMatchObject({ durationMs: 40, handlerMs: 10, initMs: 29.5 });
  expect(warm).toMatchObject({ durationMs: 7, handlerMs: 7, initMs: undefined });
  const started = journal.entries().filter(({ type }) => type === "function.started");
  expect(started).toMatchObject([{ cold: true }, { cold: false }]);
});

test("reports a blocked AWS call and pending work with their event", async () => {
  const { fakes, invoke, journal } = startPool();
  const first = invoke();
  const stopped = { service: "s3", operation: "GET /key", host: "s3.amazonaws.com" };
  const work = [
    { kind: "timer" as const, count: 2, details: ["a detail"] },
    { kind: "request" as const, count: 1, details: ["GET http://example.com/"] },
  ];

  fakes[0]!.report({ kind: "stopped", call: { ...stopped, functionName: "probe" } as never });
  fakes[0]!.answer();
  fakes[0]!.report({ kind: "unfinished", awsRequestId: "uuid-2", work });
  fakes[0]!.report({ kind: "logged", awsRequestId: "unknown", stream: "stdout", text: "late" });
  await first;

  const [started, ...others] = journal.entries();
  const { connectionId, requestId, causedBy } = {
    ...{ connectionId: "connection", requestId: "request", causedBy: started!.id },
  };
  expect(others).toMatchObject([
    { type: "aws.stopped", ...stopped, connectionId, causedBy },
    { type: "function.ended", awsRequestId: "uuid-2", connectionId, requestId, causedBy },
    {
      type: "function.unfinished",
      ...{ functionName: "probe", awsRequestId: "uuid-2", connectionId, requestId, causedBy, work },
      calls: ["GET http://example.com/"],
    },
    {
      type: "function.logged",
      ...{ awsRequestId: "unknown", connectionId: undefined, requestId: undefined },
    },
  ]);
  expect(others[3]!.causedBy).toBeUndefined();
});

test("a warm environment takes the first event and is cold still", () => {
  const { lambda, fakes, invoke, journal } = startPool();

  lambda.warm("probe");
  lambda.warm("probe");
  expect(fakes).toHaveLength(1);
  void invoke();

  expect(fakes).toHaveLength(1);
  expect(fakes[0]!.events).toHaveLength(1);
  expect(journal.entries()[0]).toMatchObject({ type: "function.started", cold: true });
});

test("nothing is warmed of a function that is dropped, or when all has stopped", async () => {
  const { lambda, fakes } = startPool();

  lambda.retireOthers(new Set());
  lambda.warm("probe");
  await lambda.stop();
  lambda.warm("probe");

  expect(fakes).toEqual([]);
});

test("after a reload idle environments are ended, and running ones finish before they are", async () => {
  const { lambda, fakes, invoke } = startPool();
  const idle = invoke();
  const running = invoke();
  fakes[0]!.answer();
  await idle;

  lambda.replace([plainSpec("new")]);
  const next = invoke();
  expect(fakes.map(({ stopped }) => stopped)).toEqual([true, false, false]);
  fakes[1]!.answer();
  fakes[2]!.answer();

  expect(await running).toEqual(returned("2"));
  expect(await next).toEqual(returned("3"));
  expect(fakes.map(({ spec, stopped }) => [spec.code.file, stopped])).toEqual([
    ["old", true],
    ["old", true],
    ["new", false],
  ]);
});

test("events that wait during a reload run with the new code", async () => {
  const { lambda, fakes, invoke } = startPool({ keep: 1, maxEnvironments: 1 });
  void invoke();
  const waiting = [invoke(), invoke()];

  lambda.replace([plainSpec("new")]);
  fakes[1]!.answer();
  fakes[1]!.answer();

  expect(await Promise.all(waiting)).toEqual([returned("2"), returned("2")]);
});

test("of many events that wait during a reload as many begin at once as environments are kept", () => {
  const { lambda, fakes, invoke } = startPool({ keep: 2, maxEnvironments: 4, growthDelayMs: 30 });
  for (let events = 0; events < 7; events += 1) void invoke();

  lambda.replace([plainSpec("new")]);

  expect(fakes.map(({ spec }) => spec.code.file)).toEqual(["old", "old", "new", "new"]);
});

test("the environments of a function that is dropped end as soon as no event runs or waits", async () => {
  const { lambda, fakes, invoke } = startPool({ maxEnvironments: 2 });
  const stopped = () => fakes.map((fake) => fake.stopped);
  const events = [invoke(), invoke(), invoke()];
  fakes[0]!.answer();
  const idle = invoke();
  fakes[0]!.answer();
  fakes[0]!.answer();
  await Promise.all([events[0], events[2], idle]);

  lambda.retireOthers(new Set());
  expect(stopped()).toEqual([true, false]);
  fakes[1]!.answer();

  expect(await events[1]).toEqual(returned("2"));
  expect(stopped()).toEqual([true, true]);
});

test("a function that is dropped runs an event that comes late, and ends after it", async () => {
  const { lambda, fakes, invoke } = startPool();
  lambda.retireOthers(new Set());

  const late = invoke();
  fakes[0]!.answer();

  expect(await late).toEqual(returned("1"));
  expect(fakes[0]!.stopped).toBe(true);
});

test("a function that comes back keeps its environments again", async () => {
  const { lambda, fakes, invoke } = startPool();
  lambda.retireOthers(new Set());
  lambda.replace([plainSpec("new")]);

  const event = invoke();
  fakes[0]!.answer();
  await event;

  expect(fakes[0]!.stopped).toBe(false);
});

test("idle resolves when the last event that runs or waits has ended", async () => {
  const { lambda, fakes, invoke, outcomes } = startPool({ keep: 1, maxEnvironments: 1 });
  await lambda.idle();
  const all = [invoke(), invoke()];

  const idle = lambda.idle().then(() => outcomes.length);
  fakes[0]!.answer();
  fakes[0]!.answer();
  await Promise.all(all);

  expect(await idle).toBeGreaterThan(0);
});

test("is idle when no event is left that runs, and not before", async () => {
  const { lambda, fakes, invoke } = startPool();
  const idles: number[] = [];
  const noteIdle = (count: number) => void lambda.idle().then(() => idles.push(count));
  const [one, two] = [invoke(), invoke()];

  noteIdle(2);
  fakes[0]!.answer();
  await one;
  noteIdle(1);
  await turn();
  expect(idles).toEqual([]);
  fakes[1]!.answer();
  await two;
  await turn();

  expect(idles).toEqual([2, 1]);
});

test("stop fails what runs and what waits, and ends every environment", async () => {
  const { lambda, fakes, invoke } = startPool({ keep: 1, maxEnvironments: 1 });
  const all = [invoke(), invoke()];

  await lambda.stop();

  const killed = {
    errorType: "Runtime.ExitError",
    errorMessage: expect.stringContaining("killed"),
  };
  expect(await Promise.all(all)).toMatchObject([killed, killed]);
  expect(fakes.map(({ stopped }) => stopped)).toEqual([true]);
});

test("stop resolves when the environments have ended that were ending before, too", async () => {
  const { lambda, fakes, invoke } = startPool();
  const all = [invoke(), invoke()];
  fakes[0]!.answer();
  await all[0];
  const endings = fakes.map((fake) => {
    const { promise, resolve } = withResolvers();
    fake.ending = promise;
    return resolve;
  });
  lambda.replace([plainSpec("new")]);
  expect(fakes.map(({ stopped }) => stopped)).toEqual([true, false]);
  let isOver = false;
  const stopped = lambda.stop().then(() => {
    isOver = true;
  });

  for (const end of endings) {
    await turn();
    expect(isOver).toBe(false);
    end();
  }

  await stopped;
  await Promise.all(all);
});

test("after stop no timer is left, and an event fails and starts nothing", async () => {
  const { lambda, fakes, invoke, timers } = startPool({ growthDelayMs: 30, maxEnvironments: 4 });
  const events = [invoke(), invoke(), invoke()]; // of which one waits
  expect(timers()).toBeGreaterThan(2);

  await lambda.stop();
  const late = await invoke();

  expect(late).toMatchObject({ errorType: "Runtime.ExitError" });
  expect(fakes).toHaveLength(2);
  expect(timers()).toBe(0);
  await Promise.all(events);
});

test("an environment that answers while all is stopped takes no further event", async () => {
  const { lambda, fakes, invoke } = startPool({ keep: 1, maxEnvironments: 1 });
  const all = [invoke(), invoke()];
  const { promise, resolve } = withResolvers();
  fakes[0]!.ending = promise;

  const stopped = lambda.stop();
  fakes[0]!.answer();
  resolve();
  await stopped;

  expect((await Promise.all(all)).map(({ kind }) => kind)).toEqual(["returned", "failed"]);
  expect(fakes).toHaveLength(1);
  expect(fakes[0]!.events).toHaveLength(1);
});

test("reports an invocation from its start to its end, with the ids that link it to its cause", async () => {
  const { fakes, invoke, journal, clock } = startPool();
  const ids = { awsRequestId: "uuid-2", requestId: "request", connectionId: "connection" };

  const first = invoke();
  fakes[0]!.report({ kind: "initialized", initMs: 12 });
  fakes[0]!.report({ kind: "logged", awsRequestId: "uuid-2", stream: "stdout", text: "hello" });
  clock.advance(40);
  fakes[0]!.answer();
  fakes[0]!.report({ kind: "logged", awsRequestId: undefined, stream: "stderr", text: "native" });
  await first;

  expect(journal.entries()).toMatchObject([
    { type: "function.started", functionName: "probe", cold: true, ...ids },
    { type: "function.logged", stream: "stdout", text: "hello", ...ids },
    { type: "function.ended", durationMs: 40, initMs: 12, outcome: returned("1"), ...ids },
    { type: "function.logged", stream: "stderr", text: "native", ...ids, awsRequestId: "uuid-2" },
  ]);
});
