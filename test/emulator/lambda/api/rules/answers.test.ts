import { expect, test } from "vitest";
import {
  emptyAnswer,
  invokedAnswer,
} from "../../../../../src/emulator/lambda/api/rules/answers.ts";

const HEADERS = {
  "Content-Type": "application/json",
  "x-amzn-RequestId": "id",
  "X-Amz-Executed-Version": "$LATEST",
};

test("a function that returned is answered with its payload, and its log if that is asked for", () => {
  const outcome = { kind: "returned", payload: "[1]" } as const;

  expect(invokedAnswer(outcome, { requestId: "id" })).toEqual({
    statusCode: 200,
    headers: HEADERS,
    body: "[1]",
  });
  expect(invokedAnswer(outcome, { requestId: "id", logTail: "bG9n" }).headers).toEqual({
    ...HEADERS,
    "X-Amz-Log-Result": "bG9n",
  });
});

const failed = { kind: "failed", errorMessage: "boom", trace: ["at a"] } as const;

test.each<[string, object]>([
  ["Error", { errorType: "Error", errorMessage: "boom", trace: ["at a"] }],
  ...[
    "Function.ResponseSizeTooLarge",
    "Runtime.ExitError",
    "Runtime.InvalidEntrypoint",
    "Sandbox.Timedout",
  ].map((errorType): [string, object] => [errorType, { errorType, errorMessage: "boom" }]),
])("a function that failed with %s is answered 200, with the error", (errorType, body) => {
  const answer = invokedAnswer({ ...failed, errorType }, { requestId: "id" });

  expect({ ...answer, body: JSON.parse(answer.body) }).toEqual({
    statusCode: 200,
    headers: { ...HEADERS, "X-Amz-Function-Error": "Unhandled" },
    body,
  });
});

test("an error that its runtime wrote goes on as it is", () => {
  const outcome = { ...failed, errorType: "KeyError", payload: '{"requestId":""}' };

  expect(invokedAnswer(outcome, { requestId: "id" }).body).toBe('{"requestId":""}');
});

test("an event that is queued has an empty answer with its id", () => {
  expect(emptyAnswer("Event", "id")).toEqual({
    statusCode: 202,
    headers: { "x-amzn-RequestId": "id" },
    body: "",
  });
});

test("a dry run is answered with 204", () => {
  expect(emptyAnswer("DryRun", "id").statusCode).toBe(204);
});
