import { Chalk } from "chalk";
import { expect, test } from "vitest";
import { createLambdaTeller } from "../../../cli/log/lambda-lines.ts";
import type { FactOf, Pen } from "../../../cli/log/line.ts";
import { workInWords } from "../../../cli/log/pending-work.ts";
import type { LocalProject } from "../../../src/app.ts";

const project = {
  functions: { talk: { runtime: "nodejs22.x", memory: 256 } },
} as unknown as LocalProject;
const pen: Pen = { paint: new Chalk({ level: 0 }), verbose: true, excerpt: (text) => text };
const teller = createLambdaTeller(pen, () => project);

const started = (cold: boolean) =>
  teller
    .started({ functionName: "talk", awsRequestId: "8d3f", cold } as FactOf<"function.started">)
    .map(({ text }) => text.trim());

const ended = (more: Partial<FactOf<"function.ended">>) =>
  teller
    .ended({
      functionName: "talk",
      awsRequestId: "8d3f",
      outcome: { kind: "returned", payload: "null" },
      durationMs: 200,
      handlerMs: 2.345,
      ...more,
    } as FactOf<"function.ended">)
    .map(({ text }) => text.trim());

test("a cold start begins with INIT_START, a warm one with START", () => {
  const start = "START RequestId: 8d3f Version: $LATEST";

  expect(started(true)).toEqual(["INIT_START Runtime Version: nodejs22.x", start]);
  expect(started(false)).toEqual([start]);
});

test("a report of a cold start bills the loading of the code", () => {
  expect(ended({ initMs: 160.1, maxMemoryMb: 67 })).toEqual([
    "END RequestId: 8d3f",
    "REPORT RequestId: 8d3f  Duration: 2.35 ms  Billed Duration: 163 ms  Memory Size: 256 MB  Max Memory Used: 67 MB  Init Duration: 160.10 ms",
  ]);
});

test.each([
  ["Sandbox.Timedout", / {2}Status: timeout$/],
  ["Runtime.ExitError", / {2}Status: error {2}Error Type: Runtime\.ExitError$/],
  ["TypeError", / {2}Memory Size: 256 MB$/],
])("the report of %s has its status", (errorType, end) => {
  const outcome = { kind: "failed", errorType, errorMessage: "", trace: [] } as const;

  expect(ended({ outcome })[1]).toMatch(end);
});

test("pending work is counted, and named where that can be done", () => {
  const details = ["GET http://a/", "GET http://b/", "GET http://c/", "GET http://d/"];

  expect(
    workInWords([
      { kind: "request", count: 4, details },
      { kind: "connection", count: 1, details: [""] },
      { kind: "timer", count: 2, details: [] },
    ]),
  ).toBe(
    "4 requests (GET http://a/, GET http://b/, GET http://c/, …), 1 connection being made, 2 timers",
  );
});
