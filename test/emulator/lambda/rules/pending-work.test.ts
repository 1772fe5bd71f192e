import { expect, test } from "vitest";
import {
  addedWork,
  canBeWork,
  countWork,
  withRequests,
} from "../../../../src/emulator/lambda/rules/pending-work.ts";

test("counts what keeps Node's event loop alive, by kind", () => {
  const names = [
    "Timeout",
    "Timeout",
    "GetAddrInfoReqWrap",
    "GetNameInfoReqWrap",
    "QueryReqWrap",
    "FSReqCallback",
    "FSReqPromise",
    "ProcessWrap",
    "Process",
    "Worker",
    "TCPSocketWrap",
  ];

  expect(countWork(names)).toEqual({ timer: 2, lookup: 3, file: 2, process: 2, thread: 1 });
});

test("takes counted kinds and sockets for possible work, and pipes of standard streams for none", () => {
  expect(["Timeout", "FSReqCallback", "TCPSocketWrap"].every(canBeWork)).toBe(true);
  expect(["PipeWrap", "TTYWrap"].some(canBeWork)).toBe(false);
});

test("tells only what there is more of than before", () => {
  const before = { timer: 1, file: 2, lookup: 3 };

  expect(addedWork(before, { timer: 3, file: 2, lookup: 1, thread: 1 })).toEqual([
    { kind: "timer", count: 2, details: [] },
    { kind: "thread", count: 1, details: [] },
  ]);
});

test("requests come first, without the connections and look-ups that they need", () => {
  const work = [
    { kind: "timer", count: 1, details: [] },
    { kind: "lookup", count: 1, details: [] },
  ] as const;

  expect(withRequests(work, ["GET a", "GET b"], ["a:443"])).toEqual([
    { kind: "request", count: 2, details: ["GET a", "GET b"] },
    { kind: "timer", count: 1, details: [] },
  ]);
  expect(withRequests(work, [], ["a:443"])).toEqual([
    { kind: "connection", count: 1, details: ["a:443"] },
    ...work,
  ]);
  expect(withRequests(work, [], [])).toEqual(work);
});
