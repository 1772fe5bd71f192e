import { expect, test } from "vitest";
import {
  integrationStatus,
  statusIn,
} from "../../../../../src/emulator/apigateway/requests/rules/integration-status.ts";

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
  expect(statusIn(outcome, nullIsSuccess)).toBe(own);
  expect(integrationStatus(outcome, nullIsSuccess)).toBe(status);
});
