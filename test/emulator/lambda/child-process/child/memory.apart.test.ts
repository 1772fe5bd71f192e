import { expect, onTestFinished, test, vi } from "vitest";
import { createMemoryGauge } from "../../../../../src/emulator/lambda/child-process/child/memory.ts";

/** A gauge of a process whose memory and time are the test's. */
function start() {
  let kb = 40_000;
  let now = 1_000_000;
  const spies = [
    vi.spyOn(process.memoryUsage, "rss").mockImplementation(() => kb * 1024 - 1),
    vi.spyOn(Date, "now").mockImplementation(() => now),
  ];
  onTestFinished(() => {
    for (const spy of spies) spy.mockRestore();
  });
  const reported: [maxKb: number, bareKb: number][] = [];
  const look = createMemoryGauge((...memory) => reported.push(memory));
  /** An event ends after `ms`, when the process has so much memory. */
  const event = (memoryKb: number, ms = 0) => {
    kb = memoryKb;
    now += ms;
    look();
  };
  return { reported, event };
}

test("reports each new maximum, with the memory at the start", () => {
  const { reported, event } = start();

  for (const kb of [40_000, 50_000, 50_000, 45_000, 50_001]) event(kb);

  expect(reported).toEqual([
    [40_000, 40_000],
    [50_000, 40_000],
    [50_001, 40_000],
  ]);
});

test("after sixteen events memory is measured every 200 ms only", () => {
  const { reported, event } = start();
  for (let events = 1; events <= 16; events += 1) event(40_000 + events);
  expect(reported).toHaveLength(16);

  event(50_000);
  event(50_000, 199);
  expect(reported).toHaveLength(16);
  event(50_000, 1);
  event(60_000, 199);

  expect(reported.slice(16)).toEqual([[50_000, 40_000]]);
});
