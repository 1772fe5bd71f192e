import { expect, test } from "vitest";
import { createManualClock } from "../../../src/clock.ts";
import { createConnections } from "../../../src/emulator/apigateway/connections.ts";
import type { ConnectionIdentity } from "../../../src/emulator/apigateway/rules/event-types.ts";
import { LIMITS } from "../../../src/emulator/apigateway/rules/limits.ts";
import type { Fact } from "../../../src/emulator/facts.ts";
import { createJournal } from "../../../src/emulator/journal/journal.ts";

const socket = { send() {}, isFull: () => false, close() {} };
const identity = (connectionId: string) => ({ connectionId }) as ConnectionIdentity;

function start() {
  const clock = createManualClock(0);
  const expired: string[] = [];
  const journal = createJournal<Fact>(() => clock.now());
  const connections = createConnections({ clock, journal, limits: LIMITS }, (id) => {
    expired.push(id);
    connections.take(id);
  });
  return { clock, connections, expired };
}

/** How many timers are set; they have run then. */
function timersOf({ clock }: ReturnType<typeof start>, until: number): number {
  let timers = 0;
  while (clock.step(until)) timers += 1;
  return timers;
}

test("one timer serves all connections", () => {
  const started = start();
  for (const id of ["a", "b", "c"]) started.connections.add(identity(id), socket);

  expect(timersOf(started, LIMITS.idleMs)).toBe(1);
  expect(started.expired).toEqual(["a", "b", "c"]);
});

test("sets no timer when the last connection has gone", () => {
  const started = start();
  started.connections.add(identity("a"), socket);
  started.clock.advance(LIMITS.idleMs);

  expect(timersOf(started, Number.POSITIVE_INFINITY)).toBe(0);
});

test("after a stop no connection expires, neither one that is open nor one that comes", () => {
  const started = start();
  started.connections.add(identity("a"), socket);

  started.connections.stop();
  started.connections.add(identity("b"), socket);

  expect(timersOf(started, Number.POSITIVE_INFINITY)).toBe(0);
  expect(started.expired).toEqual([]);
});
