import { fstatSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { expect, onTestFinished, test } from "vitest";
import { createManualClock } from "../../../src/clock.ts";
import { createJournal } from "../../../src/emulator/journal/journal.ts";
import type {
  EnvironmentEvent,
  Report,
} from "../../../src/emulator/lambda/environment-contract.ts";
import type { LambdaFact } from "../../../src/emulator/lambda/facts.ts";
import type { FunctionCall, Outcome } from "../../../src/emulator/lambda/function-call.ts";
import { createLambda } from "../../../src/emulator/lambda/lambda.ts";
import {
  averageWith,
  createPrefetchClaimant,
  eventsToPrefetch,
  openPrefetchClaims,
} from "../../../src/emulator/lambda/prefetch.ts";
import type { NetworkFact } from "../../../src/emulator/network/facts.ts";
import type { Ids } from "../../../src/ids.ts";
import { plainSpec } from "./plain-spec.ts";

type Fake = {
  /** Bodies of the events that it was handed one at a time. */
  readonly run: string[];
  /** Bodies of those that it was handed ahead; their numbers count from 1. */
  readonly ahead: string[];
  /** Number of the last of these that it has begun. */
  begun: number;
  stopped: boolean;
  report(report: Report): void;
  answer(payload: string): void;
};

/** A pool of at most `most` environments that take events ahead and do what the test says. */
function startPool(most: number) {
  const spec = plainSpec("old");
  const clock = createManualClock(Date.parse("2026-03-01T00:00:00Z"));
  const journal = createJournal<LambdaFact | NetworkFact>(clock.now);
  const fakes: Fake[] = [];
  let uuids = 0;
  const lambda = createLambda({
    functions: [spec],
    clock,
    journal,
    ids: { uuid: () => `uuid-${++uuids}`, traceId: () => "Root=1-0-0" } as unknown as Ids,
    settings: { keep: most, maxEnvironments: most },
    start(_, report) {
      const fake: Fake = {
        run: [],
        ahead: [],
        begun: 0,
        stopped: false,
        report,
        answer: (payload) => report({ kind: "returned", payload, bytes: 1 }),
      };
      fakes.push(fake);
      return {
        run: (event) => void fake.run.push(bodyOf(event)),
        prefetch: {
          give: (event) => fake.ahead.push(bodyOf(event)),
          takeBack: () => fake.begun,
        },
        async stop() {
          fake.stopped = true;
          report({ kind: "ended", end: { kind: "signalled", signal: "SIGKILL" } });
        },
      };
    },
  });
  const outcomes = new Map<string, Outcome>();
  const invoke = (body: string) =>
    lambda.invoke(callOf(spec.name, body)).then((outcome) => void outcomes.set(body, outcome));
  /** Has every environment answer an event in no time, so that they are known to be fast. */
  const warmUp = async () => {
    for (let round = 0; round < 2; round += 1) {
      const all = Array.from({ length: most }, () => invoke("warm-up"));
      for (const fake of fakes) fake.answer("warm");
      await Promise.all(all);
    }
    for (const fake of fakes) fake.run.length = 0;
  };
  const started = () => journal.entries().filter(({ type }) => type === "function.started").length;
  return { lambda, clock, journal, fakes, invoke, outcomes, warmUp, started };
}

const bodyOf = (event: EnvironmentEvent): string => JSON.parse(event.event).body;

function callOf(functionName: string, body: string): FunctionCall {
  const requestContext = { connectionId: "connection", requestId: body };
  return { functionName, payload: { body, requestContext } };
}

test("slow code gets no event ahead, and fast code as many as it runs in 5 ms, 16 at most", () => {
  const counts = [undefined, 100, 5.1, 5, 1.3, 0.1, 0].map(eventsToPrefetch);

  expect(counts).toEqual([0, 0, 0, 1, 3, 16, 16]);
});

test("of the time that events take the newest counts for a quarter", () => {
  expect(averageWith(undefined, 8)).toBe(8);
  expect(averageWith(8, 4)).toBe(7);
});

test("an environment that has answered fast is handed the events that wait, which begin one after the other", async () => {
  const { clock, fakes, invoke, warmUp, started, outcomes } = startPool(1);
  await warmUp();
  clock.advance(100); // an idle time is no duration of an event
  const before = started();
  const all = ["a", "b", "c", "d"].map(invoke);
  expect(fakes[0]).toMatchObject({ run: ["a"], ahead: [] });

  fakes[0]!.answer("1");
  expect(fakes[0]).toMatchObject({ run: ["a", "b"], ahead: ["c", "d"] });
  expect(started() - before).toBe(2);
  fakes[0]!.answer("2");
  expect(started() - before).toBe(3);
  fakes[0]!.answer("3");
  fakes[0]!.answer("4");
  await Promise.all(all);

  expect([...outcomes.values()].slice(1)).toMatchObject(
    ["1", "2", "3", "4"].map((payload) => ({ kind: "returned", payload })),
  );
});

test("an environment that takes longer than 5 ms for an event gets the next when it has answered", async () => {
  const { fakes, invoke, warmUp, clock } = startPool(1);
  await warmUp();
  for (const body of ["a", "b", "c"]) void invoke(body);

  clock.advance(40);
  fakes[0]!.answer("1");

  expect(fakes[0]).toMatchObject({ run: ["a", "b"], ahead: [] });
});

test("events behind a slow one are taken back after 10 ms, and go to a free environment", async () => {
  const { fakes, invoke, warmUp, clock, outcomes } = startPool(2);
  await warmUp();
  for (const body of ["a", "b", "c", "d", "e"]) void invoke(body);
  const [slow, fast] = fakes[0]!.run[0] === "a" ? [fakes[0]!, fakes[1]!] : [fakes[1]!, fakes[0]!];
  slow.answer("a");
  expect(slow).toMatchObject({ run: ["a", "c"], ahead: ["d", "e"] });
  fast.answer("b");

  clock.advance(9);
  expect(fast.run).toEqual(["b"]);
  clock.advance(1);
  expect(fast.run).toEqual(["b", "d"]);
  fast.answer("d");
  expect(fast.run).toEqual(["b", "d", "e"]);
  fast.answer("e");
  slow.answer("c");
  await Promise.resolve();

  expect(Object.fromEntries(outcomes)).toMatchObject({
    a: { payload: "a" },
    b: { payload: "b" },
    c: { payload: "c" },
    d: { payload: "d" },
    e: { payload: "e" },
  });
});

test("events behind one that answers meanwhile are taken back only when it is silent for 10 ms", async () => {
  const { fakes, invoke, warmUp, clock } = startPool(2);
  await warmUp();
  clock.advance(10);
  for (const body of ["a", "b", "c", "d", "e"]) void invoke(body);
  const [slow, fast] = fakes[0]!.run[0] === "a" ? [fakes[0]!, fakes[1]!] : [fakes[1]!, fakes[0]!];
  slow.answer("a");
  fast.answer("b");

  clock.advance(1);
  slow.answer("c"); // and begins "d"
  clock.advance(9);
  expect(fast.run).toEqual(["b"]);
  clock.advance(10);

  expect(fast.run).toEqual(["b", "e"]);
});

test("what goes to a free environment at once does not count as a queue", async () => {
  const { fakes, invoke, warmUp, clock, journal } = startPool(3);
  await warmUp();
  for (const body of ["a", "b", "c", "d", "e"]) void invoke(body);
  const [slow, ...fast] = fakes.toSorted((one, other) => (one.run[0]! < other.run[0]! ? -1 : 1));
  slow!.answer("a");
  for (const fake of fast) fake.answer("b");
  const queued = () => journal.entries().filter(({ type }) => type === "function.queued");
  const before = queued().length;

  clock.advance(10);

  expect(fast.map(({ run }) => run)).toEqual([["b"], ["c", "e"]]);
  expect(queued()).toHaveLength(before);
});

test("an event that is taken back runs before those that came after it", async () => {
  const { fakes, invoke, warmUp, clock } = startPool(1);
  await warmUp();
  clock.advance(10);
  for (const body of ["a", "b", "c"]) void invoke(body);
  fakes[0]!.answer("a");
  expect(fakes[0]).toMatchObject({ run: ["a", "b"], ahead: ["c"] });
  clock.advance(1);
  void invoke("d");

  clock.advance(9);
  fakes[0]!.answer("b");

  expect(fakes[0]!.run).toEqual(["a", "b", "c"]);
});

test("an event that has begun meanwhile is not taken back", async () => {
  const { fakes, invoke, warmUp, clock, started } = startPool(1);
  await warmUp();
  for (const body of ["a", "b", "c", "d"]) void invoke(body);
  fakes[0]!.answer("a");
  fakes[0]!.begun = 1; // it has answered "b" and runs "c", of which nobody has read yet
  const before = started();

  clock.advance(10);
  fakes[0]!.answer("b");
  expect(started() - before).toBe(1);
  fakes[0]!.answer("c");

  expect(fakes[0]).toMatchObject({ run: ["a", "b", "d"], ahead: ["c", "d"] });
});

test("behind the first prefetched event others are prefetched", async () => {
  const { fakes, invoke, warmUp } = startPool(1);
  await warmUp();
  for (const body of ["a", "b", "c"]) void invoke(body);
  fakes[0]!.answer("a");

  void invoke("d");
  fakes[0]!.answer("b"); // and begins "c"

  expect(fakes[0]!.ahead).toEqual(["c", "d"]);
});

test("behind an event that may yet be skipped none is prefetched: it would overtake that", async () => {
  const { fakes, invoke, warmUp, clock } = startPool(1);
  await warmUp();
  clock.advance(10);
  for (const body of ["a", "b", "c"]) void invoke(body);
  fakes[0]!.answer("a");
  fakes[0]!.begun = 1;
  clock.advance(10); // takes back up to the first, which has begun
  void invoke("d");

  fakes[0]!.report({ kind: "took", ms: 0 });
  fakes[0]!.answer("b");

  expect(fakes[0]!.ahead).toEqual(["c"]);
});

test("events that are taken back and find no environment are a queue", async () => {
  const { fakes, invoke, warmUp, clock, journal } = startPool(1);
  await warmUp();
  for (const body of ["a", "b", "c"]) void invoke(body);
  fakes[0]!.answer("a");
  const queued = () => journal.entries().filter(({ type }) => type === "function.queued").length;
  const before = queued();

  clock.advance(10);

  expect(queued()).toBe(before + 1);
});

test("when all that was prefetched is answered, no timer looks for it any more", async () => {
  const { fakes, invoke, warmUp, clock } = startPool(2);
  await warmUp();
  const all = ["a", "b", "c", "d", "e"].map(invoke);
  const [slow, fast] = fakes[0]!.run[0] === "a" ? [fakes[0]!, fakes[1]!] : [fakes[1]!, fakes[0]!];
  slow.answer("a");
  fast.answer("b");
  clock.advance(5);
  for (const body of ["c", "d", "e"]) slow.answer(body);
  await Promise.all(all);

  clock.advance(5);

  expect(clock.step(Number.POSITIVE_INFINITY)).toBe(false);
});

test("an event that was skipped at its start is sent again", async () => {
  const { fakes, invoke, warmUp, clock } = startPool(1);
  await warmUp();
  for (const body of ["a", "b", "c", "d"]) void invoke(body);
  fakes[0]!.answer("a");
  fakes[0]!.begun = 1;
  clock.advance(10);

  fakes[0]!.answer("b");
  fakes[0]!.report({ kind: "skipped", number: 1 });
  fakes[0]!.report({ kind: "skipped", number: 2 });

  expect(fakes[0]!.run).toEqual(["a", "b", "c"]);
});

test("fast code on a busy machine is handed events ahead, because its environment measures how long they take", async () => {
  const { fakes, invoke, warmUp, clock } = startPool(1);
  await warmUp();
  for (const body of ["a", "b", "c", "d"]) void invoke(body);

  clock.advance(40); // neither process ran
  fakes[0]!.report({ kind: "took", ms: 0.2 });
  fakes[0]!.answer("a");

  expect(fakes[0]).toMatchObject({ run: ["a", "b"], ahead: ["c", "d"] });
});

test("slow code is handed no event ahead, although several answers arrive at once", async () => {
  const { fakes, invoke, warmUp } = startPool(1);
  await warmUp();
  for (const body of ["a", "b", "c", "d"]) void invoke(body);

  for (const body of ["a", "b"]) {
    fakes[0]!.report({ kind: "took", ms: 40 });
    fakes[0]!.answer(body);
  }

  expect(fakes[0]).toMatchObject({ run: ["a", "b", "c"], ahead: [] });
});

test("a prefetched event took as long as its environment reports, because several answers arrive at once", async () => {
  const { fakes, invoke, warmUp, clock, journal } = startPool(1);
  await warmUp();
  const all = ["a", "b", "c"].map(invoke);

  clock.advance(4);
  fakes[0]!.answer("a");
  fakes[0]!.report({ kind: "took", ms: 1.5 });
  fakes[0]!.answer("b");
  fakes[0]!.report({ kind: "took", ms: 2.5 });
  fakes[0]!.answer("c"); // the only one that was prefetched
  await Promise.all(all);

  const took = journal.entries().flatMap((entry) => {
    return entry.type === "function.ended" ? [[entry.durationMs, entry.handlerMs]] : [];
  });
  expect(took.slice(-3)).toEqual([
    [4, 4],
    [0, 0],
    [2.5, 2.5],
  ]);
});

test("a line that is printed after the answer belongs to its own event although the next has begun", async () => {
  const { fakes, invoke, warmUp, journal } = startPool(1);
  await warmUp();
  const all = ["a", "b", "c"].map(invoke);
  fakes[0]!.answer("a");
  fakes[0]!.answer("b"); // "c" was prefetched, so it begins
  const [a, b, c] = journal
    .entries()
    .filter((entry) => entry.type === "function.started")
    .slice(-3);

  for (const { awsRequestId } of [b!, a!, c!]) {
    fakes[0]!.report({ kind: "logged", awsRequestId, stream: "stdout", text: "late" });
  }
  fakes[0]!.answer("c");
  await Promise.all(all);

  const logged = journal.entries().filter(({ type }) => type === "function.logged");
  expect(logged).toMatchObject(
    [b!, a!, c!].map(({ id, requestId, awsRequestId }) => ({
      ...{ awsRequestId, requestId, connectionId: "connection", causedBy: id },
    })),
  );
});

test("several skipped events are sent again, in order", async () => {
  const { fakes, invoke, warmUp, clock, outcomes } = startPool(1);
  await warmUp();
  const all = ["a", "b", "c", "d"].map(invoke);
  fakes[0]!.answer("a");
  fakes[0]!.begun = 2;
  clock.advance(10);

  fakes[0]!.answer("b");
  fakes[0]!.report({ kind: "skipped", number: 1 });
  fakes[0]!.report({ kind: "skipped", number: 2 });
  expect(fakes[0]).toMatchObject({ run: ["a", "b", "c"], ahead: ["c", "d", "d"] });
  fakes[0]!.report({ kind: "skipped", number: 3 });
  expect(fakes[0]!.ahead).toEqual(["c", "d", "d", "d"]);
  fakes[0]!.answer("c");
  fakes[0]!.answer("d");
  await Promise.all(all);

  expect(outcomes.get("c")).toMatchObject({ payload: "c" });
  expect(outcomes.get("d")).toMatchObject({ payload: "d" });
});

test("events that an environment has not begun when it breaks run in the next one", async () => {
  const { fakes, invoke, warmUp, outcomes } = startPool(1);
  await warmUp();
  const all = ["a", "b", "c", "d"].map(invoke);
  fakes[0]!.answer("a");

  fakes[0]!.report({ kind: "ended", end: { kind: "exited", code: 1 } });
  expect(fakes[1]).toMatchObject({ run: ["c"] });
  fakes[1]!.answer("c");
  fakes[1]!.answer("d");
  await Promise.all(all);

  expect(outcomes.get("b")).toMatchObject({ errorType: "Runtime.ExitError" });
  expect(outcomes.get("c")).toMatchObject({ payload: "c" });
  expect(outcomes.get("d")).toMatchObject({ payload: "d" });
});

test("an event that had started at its environment's timeout fails, and is reported from start to end", async () => {
  const { fakes, invoke, warmUp, clock, outcomes, journal } = startPool(1);
  await warmUp();
  const all = ["a", "b", "c"].map(invoke);
  fakes[0]!.answer("a");
  fakes[0]!.begun = 1;

  clock.advance(3000);
  await Promise.all(all);

  expect(outcomes.get("b")).toMatchObject({ errorType: "Sandbox.Timedout" });
  expect(outcomes.get("c")).toMatchObject({
    errorType: "Runtime.ExitError",
    errorMessage: expect.stringContaining("signal: killed"),
  });
  const told = journal.entries().map(({ type }) => type);
  expect(told.slice(-3)).toEqual(["function.ended", "function.started", "function.ended"]);
});

test("after a reload prefetched events that have not started run with the new code", async () => {
  const { lambda, fakes, invoke, warmUp } = startPool(1);
  await warmUp();
  for (const body of ["a", "b", "c"]) void invoke(body);
  fakes[0]!.answer("a");

  lambda.replace([plainSpec("new")]);
  expect(fakes[1]!.run).toEqual(["c"]);
  fakes[0]!.answer("b");

  expect(fakes[0]!.stopped).toBe(true);
});

test("stop fails prefetched events too", async () => {
  const { lambda, fakes, invoke, warmUp, outcomes } = startPool(1);
  await warmUp();
  const all = ["a", "b", "c"].map(invoke);
  fakes[0]!.answer("a");

  await lambda.stop();
  await Promise.all(all);

  expect(outcomes.get("c")).toMatchObject({ errorType: "Runtime.ExitError" });
});

function claims() {
  const opened = openPrefetchClaims(`test-${Math.random()}`);
  if (opened === undefined) throw new Error("There is no file for claims.");
  onTestFinished(() => opened.close());
  return { ...opened, claim: createPrefetchClaimant(opened.fd) };
}

test.skipIf(process.platform === "win32")("only this user may open the file of the claims", () => {
  expect(fstatSync(claims().fd).mode & 0o777).toBe(0o600);
});

test("the file of the claims is nameless", () => {
  const name = `test-${Math.random()}`;
  const opened = openPrefetchClaims(name);
  onTestFinished(() => opened?.close());

  expect(opened).toBeDefined();
  expect(readdirSync(tmpdir()).filter((each) => each.endsWith(name))).toEqual([]);
});

test("what has been claimed cannot be taken back, and what was taken back cannot be claimed", () => {
  const { claim, takeBack } = claims();

  expect(claim(1)).toBe(true);
  expect(takeBack(3)).toBe(1);
  expect(claim(2)).toBe(false);
  expect(claim(3)).toBe(false);
  expect(claim(4)).toBe(true);
});

test("nothing has begun before the first claim", () => {
  const { takeBack } = claims();

  expect(takeBack(5)).toBe(0);
});
