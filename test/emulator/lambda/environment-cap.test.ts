import { expect, test } from "vitest";
import { createManualClock } from "../../../src/clock.ts";
import { createJournal } from "../../../src/emulator/journal/journal.ts";
import { surplus } from "../../../src/emulator/lambda/environment-cap.ts";
import type { FunctionSpec, Report } from "../../../src/emulator/lambda/environment-contract.ts";
import type { LambdaFact } from "../../../src/emulator/lambda/facts.ts";
import { createLambda } from "../../../src/emulator/lambda/lambda.ts";
import type { NetworkFact } from "../../../src/emulator/network/facts.ts";
import { createIds } from "../../../src/ids.ts";
import { plainSpec } from "./plain-spec.ts";

type Fake = { readonly name: string; answer(): void };

/** Functions a to e, at most three environments of all of them. */
function start(maxTotal = 3) {
  const clock = createManualClock(0);
  const journal = createJournal<LambdaFact | NetworkFact>(clock.now);
  const alive: Fake[] = [];
  const lambda = createLambda({
    functions: [..."abcde"].map((name): FunctionSpec => ({ ...plainSpec(name), name })),
    clock,
    journal,
    ids: createIds(clock),
    settings: { maxTotal, maxEnvironments: 2, keep: 2 },
    start({ name }, report: (report: Report) => void) {
      const fake = {
        name,
        answer: () => report({ kind: "returned", payload: "1", bytes: 1 }),
      };
      alive.push(fake);
      return {
        run() {},
        async stop() {
          const at = alive.indexOf(fake);
          if (at >= 0) alive.splice(at, 1);
          report({ kind: "ended", end: { kind: "signalled", signal: "SIGKILL" } });
        },
      };
    },
  });
  const begin = (functionName: string) => lambda.invoke({ functionName, payload: {} });
  const names = () => alive.map(({ name }) => name);
  const answer = () => {
    for (const fake of [...alive]) fake.answer();
  };
  /** Runs one event to its end. */
  const call = async (functionName: string) => {
    const done = begin(functionName);
    alive.findLast(({ name }) => name === functionName)?.answer();
    await done;
  };
  const colds = () =>
    journal.entries().flatMap((entry) => (entry.type === "function.started" ? entry.cold : []));
  return { lambda, begin, names, answer, call, colds };
}

test("of all functions' environments the least recently used end first", async () => {
  const { call, names, colds } = start();

  for (const name of ["a", "b", "c"]) await call(name);
  await call("a");
  await call("d");

  expect(names().sort()).toEqual(["a", "c", "d"]);
  await call("e");
  expect(names().sort()).toEqual(["a", "d", "e"]);
  expect(colds()).toEqual([true, true, true, false, true, true]);
});

test("a function that comes back pays one cold start", async () => {
  const { call, colds } = start();

  for (const name of ["a", "b", "c", "d", "a", "a"]) await call(name);

  expect(colds().slice(-2)).toEqual([true, false]);
});

test("environments that run events do not end, and those that are too many end when they are idle", async () => {
  const { begin, names, answer } = start();

  const all = [..."abcde"].map((name) => begin(name));
  expect(names()).toHaveLength(5);
  answer();
  await Promise.all(all);

  expect(names()).toHaveLength(3);
});

test("an environment that starts ends the one that has been idle for longest, and none that runs again", async () => {
  const { begin, call, names } = start();
  for (const name of ["a", "b", "c"]) await call(name);

  void begin("a");
  void begin("d");
  expect(names()).toEqual(["a", "c", "d"]);
  void begin("e");

  expect(names()).toEqual(["a", "d", "e"]);
});

test("one function may have all the environments that it is allowed", async () => {
  const { begin, names } = start(1);

  void begin("a");
  void begin("a");

  expect(names()).toEqual(["a", "a"]);
});

test.each([
  [5, 5, 3, 2],
  [5, 1, 3, 1],
  [5, 0, 3, 0],
  [2, 2, 3, 0],
])("of %i environments, %i of them idle, where %i may stay, %i end", (alive, idle, most, ended) => {
  expect(surplus(alive, idle, most)).toBe(ended);
});
