import { expect, test } from "vitest";
import { createManualClock } from "../src/clock.ts";
import { isConnectionId } from "../src/emulator/apigateway/management/rules/gone-or-bad-id.ts";
import { createIds } from "../src/ids.ts";

function start(random?: (bytes: number) => Buffer) {
  const clock = createManualClock(Date.UTC(2022, 7, 31, 13, 34, 52));
  return { clock, ids: createIds(clock, random) };
}

test("ids of connections and messages have 20 characters, those of requests 16, as on AWS", () => {
  const { ids } = start();
  const connectionId = ids.connectionId();

  for (const id of [connectionId, ids.messageId(connectionId)]) {
    expect(id).toMatch(/^[A-Za-z0-9_-]{17}[AQgw]==$/);
  }
  expect(ids.requestId()).toMatch(/^[A-Za-z0-9_-]{11}E[A-Za-z0-9_-]{2}[AEIMQUYcgkosw048]=$/);
});

test("an id is one whatever the clock says", () => {
  for (const year of [1970, 1971, 2026, 2039, 2040, 2100]) {
    const ids = createIds(createManualClock(Date.UTC(year, 0)));
    expect(isConnectionId(ids.connectionId())).toBe(true);
  }
});

test("a message id ends in the last eleven characters of its connection's id", () => {
  const { ids } = start();
  const ann = ids.connectionId();
  const bob = ids.connectionId();
  const tail = (id: string) => id.slice(-11);

  expect(tail(ids.messageId(ann))).toBe(tail(ann));
  expect(tail(ids.messageId(bob))).toBe(tail(bob));
  expect(tail(ann)).not.toBe(tail(bob));
});

test("ids issued close together share their first characters; later ones sort behind", () => {
  const { clock, ids } = start();
  const first = ids.requestId();
  const second = ids.connectionId();
  clock.advance(3_600_000);
  const later = ids.connectionId();
  const number = (id: string) => Buffer.from(id, "base64url").readBigUInt64BE();

  expect(second.slice(0, 5)).toBe(first.slice(0, 5));
  expect(later.slice(0, 5)).not.toBe(first.slice(0, 5));
  expect(number(second)).toBeGreaterThan(number(first));
  expect(number(later)).toBeGreaterThan(number(second));
});

test("a hundred thousand ids of one moment are all different", () => {
  const { ids } = start();
  const all = new Set(Array.from({ length: 100_000 }, () => ids.requestId()));

  expect(all.size).toBe(100_000);
});

test("with time and randomness handed in, ids are the same every time", () => {
  const zeros = (bytes: number) => Buffer.alloc(bytes);
  const one = start(zeros).ids;
  const two = start(zeros).ids;

  expect([one.connectionId(), one.requestId(), one.uuid(), one.traceId()]).toEqual([
    two.connectionId(),
    two.requestId(),
    two.uuid(),
    two.traceId(),
  ]);
});

test("Lambda's request id is a lower-case UUID and the trace id has X-Ray's form", () => {
  for (const { ids } of [start(), start((bytes) => Buffer.alloc(bytes, 0xff))]) {
    expect(ids.uuid()).toMatch(
      /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    );
    expect(ids.traceId()).toMatch(/^Root=1-630f637c-[0-9a-f]{24}$/);
  }
});
