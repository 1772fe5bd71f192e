import { expect, test } from "vitest";
import type { Report } from "../../../../src/emulator/lambda/environment-contract.ts";
import { createPendingCalls } from "../../../../src/emulator/lambda/in-process/pending-calls.ts";
import { createUnawaitedCallsWatch } from "../../../../src/emulator/lambda/in-process/unawaited-calls.ts";

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

function start() {
  const calls = createPendingCalls();
  const reports: Report[] = [];
  const watch = createUnawaitedCallsWatch(calls, (report) => reports.push(report));
  return { calls, reports, watch };
}

const unfinished = (awsRequestId: string, ...details: string[]) => ({
  kind: "unfinished",
  awsRequestId,
  work: [{ kind: "request", count: details.length, details }],
});

test("calls that run when the code has answered are reported together with their event", async () => {
  const { calls, reports, watch } = start();
  expect(watch.current()).toBeUndefined();
  watch.started("id");
  const [first] = ["GET a", "GET b", "GET c"].map((what) => watch.begun(what));
  expect([watch.current(), calls.count()]).toEqual(["id", 3]);
  first!();

  watch.answered();
  expect(reports).toEqual([]);
  await turn();

  expect(reports).toEqual([unfinished("id", "GET b", "GET c")]);
  expect(calls.count()).toBe(2);
});

test("a call whose response arrives in the turn of the answer is not left behind", async () => {
  const { reports, watch } = start();
  watch.started("id");
  const end = watch.begun("GET a");

  watch.answered();
  end();
  await turn();

  expect(reports).toEqual([]);
});

test("a call that starts after the answer is reported at once, as the last event's", async () => {
  const { reports, watch } = start();
  watch.begun("GET before any event");
  watch.started("id");
  watch.answered();
  await turn();
  reports.length = 0;

  watch.begun("GET late");
  expect(reports).toEqual([unfinished("id", "GET late")]);
  watch.started("next");
  watch.begun("GET in time");

  expect(reports).toHaveLength(1);
});

test("nothing is reported of an event without calls", async () => {
  const { reports, watch } = start();
  watch.started("id");

  watch.answered();
  await turn();

  expect(reports).toEqual([]);
});
