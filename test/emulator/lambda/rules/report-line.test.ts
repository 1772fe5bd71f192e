import { expect, test } from "vitest";
import {
  endLine,
  initLine,
  startLine,
  statusParts,
} from "../../../../src/emulator/lambda/rules/report-line.ts";

test("has the lines of an invocation in Lambda's words", () => {
  expect([initLine("nodejs22.x"), startLine("8d3f"), endLine("8d3f")]).toEqual([
    "INIT_START Runtime Version: nodejs22.x",
    "START RequestId: 8d3f Version: $LATEST",
    "END RequestId: 8d3f",
  ]);
});

test.each([
  ["Sandbox.Timedout", ["Status: timeout"]],
  ["Runtime.ExitError", ["Status: error", "Error Type: Runtime.ExitError"]],
  ["TypeError", []],
])("a report of %s ends with %j", (errorType, parts) => {
  expect(statusParts({ kind: "failed", errorType, errorMessage: "", trace: [] })).toEqual(parts);
});

test("a report of a result has no status", () => {
  expect(statusParts({ kind: "returned", payload: "null" })).toEqual([]);
});
