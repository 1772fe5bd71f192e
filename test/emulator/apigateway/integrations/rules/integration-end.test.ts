import { expect, test } from "vitest";
import {
  failed,
  proxyEnd,
} from "../../../../../src/emulator/apigateway/integrations/rules/integration-end.ts";

const returned = (payload: string) => ({ kind: "returned", payload }) as const;
const FAILED = { kind: "failed", errorType: "E", errorMessage: "m", trace: [] } as const;

test.each([
  ["a status", returned('{"statusCode":418}'), false, 418, 418],
  ["a malformed result", returned("{}"), false, undefined, 502],
  ["nothing", returned("null"), false, undefined, 502],
  ["nothing, which succeeds", returned("null"), true, 200, 200],
  ["an error", FAILED, true, undefined, 502],
  ["no answer in time", { kind: "timed-out" } as const, true, undefined, 504],
])("the status of a function with %s", (_, outcome, nullIsSuccess, own, status) => {
  const end = proxyEnd(outcome, nullIsSuccess);

  expect(end.kind === "answered" ? end.statusCode : undefined).toBe(own);
  expect(end.statusCode).toBe(status);
});

test("a failed integration has its status and an internal server error", () => {
  expect(failed(502, "broken")).toEqual({
    kind: "failed",
    statusCode: 502,
    message: "Internal server error",
    because: "broken",
  });
});
