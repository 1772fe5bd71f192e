import { expect, test } from "vitest";
import { logTail } from "../../../../../src/emulator/lambda/api/rules/log-tail.ts";
import type { LambdaFact } from "../../../../../src/emulator/lambda/facts.ts";

const about = { functionName: "f", awsRequestId: "id", requestId: undefined };
const started: LambdaFact = {
  type: "function.started",
  ...about,
  connectionId: undefined,
  event: {},
  cold: true,
};
const logged = (text: string): LambdaFact => ({
  type: "function.logged",
  ...about,
  connectionId: undefined,
  stream: "stdout",
  text,
});
const ended = (more: object): LambdaFact => ({
  type: "function.ended",
  ...about,
  connectionId: undefined,
  outcome: { kind: "returned", payload: "null" },
  durationMs: 1.67,
  handlerMs: 1.67,
  initMs: undefined,
  maxMemoryMb: 36,
  ...more,
});
const textOf = (tail: string) => Buffer.from(tail, "base64").toString();

test("has Lambda's lines around the output, each ended once", () => {
  const tail = logTail([started, logged("one"), logged("two\n"), ended({})], 128);

  expect(textOf(tail)).toBe(
    "START RequestId: id Version: $LATEST\none\ntwo\nEND RequestId: id\n" +
      "REPORT RequestId: id\tDuration: 1.67 ms\tBilled Duration: 2 ms\tMemory Size: 128 MB\tMax Memory Used: 36 MB\t\n",
  );
});

test("reports how long a cold start took, and bills it", () => {
  expect(textOf(logTail([ended({ initMs: 93.11 })], 128))).toContain(
    "Duration: 1.67 ms\tBilled Duration: 95 ms\tMemory Size: 128 MB\tMax Memory Used: 36 MB\tInit Duration: 93.11 ms\t\n",
  );
});

test("keeps the last 4,096 bytes", () => {
  const whole = textOf(logTail([logged(`${"x".repeat(4095)}\n`)], 128));
  const cut = textOf(logTail([logged(`!${"x".repeat(4095)}\n`)], 128));

  expect(whole).toBe(`${"x".repeat(4095)}\n`);
  expect(cut).toBe(whole);
});

test("has no line for what Lambda's log does not contain", () => {
  const unfinished: LambdaFact = {
    ...{ type: "function.unfinished", ...about, connectionId: undefined, work: [], calls: [] },
  };

  expect(logTail([unfinished], 128)).toBe("");
});
