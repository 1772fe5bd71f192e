import { expect, test } from "vitest";
import {
  ACCEPTED,
  eventHeaders,
  INVALID_REQUEST_ID,
  invalidTransition,
  readRuntimeCall,
  runtimeError,
  TOO_LARGE,
} from "../../../../src/emulator/lambda/rules/runtime-api.ts";

const ROOT = "/2018-06-01/runtime";

test.each([
  ["GET", `${ROOT}/invocation/next`, { kind: "next" }],
  ["GET", `${ROOT}/invocation/next?x=1`, { kind: "next" }],
  ["POST", `${ROOT}/invocation/id/response`, { kind: "response", awsRequestId: "id" }],
  ["POST", `${ROOT}/invocation/id/error`, { kind: "error", awsRequestId: "id" }],
  ["POST", `${ROOT}/init/error`, { kind: "init-error" }],
])("%s %s is a call", (method, url, call) => {
  expect(readRuntimeCall(method, url)).toEqual(call);
});

test.each([
  ["GET", "/", 404],
  ["GET", "/2018-06-01/extension/register", 404],
  ["GET", `${ROOT}/invocation/id`, 404],
  ["POST", `${ROOT}/invocation/id/other`, 404],
  ["POST", `${ROOT}/invocation/id/response/more`, 404],
  ["POST", `${ROOT}/invocation//response`, 404],
  ["POST", `${ROOT}/init/error/more`, 404],
  ["POST", `${ROOT}/init/other`, 404],
  ["POST", `${ROOT}/other/error`, 404],
  ["POST", `${ROOT}/other/id/error`, 404],
  ["GET", `${ROOT}/invocation`, 404],
  ["POST", `${ROOT}/invocation/next`, 405],
  ["GET", `${ROOT}/invocation/id/response`, 405],
])("%s %s is answered %i", (method, url, statusCode) => {
  const allowed = method === "POST" ? "GET" : "POST";
  expect(readRuntimeCall(method, url)).toEqual(
    statusCode === 405
      ? { statusCode, headers: { allow: allowed }, body: "" }
      : {
          statusCode,
          headers: { "content-type": "text/plain; charset=utf-8" },
          body: "404 page not found\n",
        },
  );
});

test.each([
  [ACCEPTED, 202, '{"status":"OK"}\n'],
  [
    INVALID_REQUEST_ID,
    400,
    '{"errorMessage":"Invalid request ID","errorType":"InvalidRequestID"}\n',
  ],
  [
    TOO_LARGE,
    413,
    '{"errorMessage":"Exceeded maximum allowed payload size (6291556 bytes).","errorType":"RequestEntityTooLarge"}\n',
  ],
  [
    invalidTransition("Ready", "Ready"),
    403,
    '{"errorMessage":"State transition from Ready to Ready failed for runtime. Error: State transition is not allowed","errorType":"InvalidStateTransition"}\n',
  ],
])("an answer of the API is JSON: %j", (answer, statusCode, body) => {
  expect(answer).toEqual({ statusCode, headers: { "content-type": "application/json" }, body });
});

test("an event's headers are Lambda's", () => {
  expect(
    eventHeaders({ awsRequestId: "id", trace: "Root=1", arn: "arn", deadline: 1_700_000_000_000 }),
  ).toEqual({
    "content-type": "application/json",
    "Lambda-Runtime-Aws-Request-Id": "id",
    "Lambda-Runtime-Deadline-Ms": "1700000000000",
    "Lambda-Runtime-Invoked-Function-Arn": "arn",
    "Lambda-Runtime-Trace-Id": "Root=1",
  });
});

test.each([
  [
    "Python's",
    '{"errorType":"KeyError","errorMessage":"x","stackTrace":["  File \\"a.py\\", line 1\\n    code\\n"]}',
    undefined,
    {
      errorType: "KeyError",
      errorMessage: "x",
      trace: ['  File "a.py", line 1', "    code"],
    },
  ],
  [
    "Go's",
    '{"errorType":"errorString","errorMessage":"x","stackTrace":[{"path":"main.go","line":7,"label":"main"}]}',
    undefined,
    {
      errorType: "errorString",
      errorMessage: "x",
      trace: ['{"path":"main.go","line":7,"label":"main"}'],
    },
  ],
  [
    "Node's",
    '{"errorType":"Error","errorMessage":"x","trace":["Error: x","    at a.js:1"]}',
    undefined,
    { errorType: "Error", errorMessage: "x", trace: ["Error: x", "    at a.js:1"] },
  ],
  [
    "one that only the header names",
    "{}",
    "Chat.Full",
    { errorType: "Chat.Full", errorMessage: "", trace: [] },
  ],
  [
    "one without a type",
    '{"errorType":"","errorMessage":7,"trace":"one\\n \\ntwo"}',
    undefined,
    { errorType: "Runtime.Unknown", errorMessage: "", trace: ["one", "two"] },
  ],
  [
    "one whose header names it although it is no JSON",
    " no room ",
    "Chat.Full",
    { errorType: "Chat.Full", errorMessage: "no room", trace: [] },
  ],
  [
    "one that is no JSON",
    "no room\n",
    undefined,
    { errorType: "Runtime.Unknown", errorMessage: "no room", trace: [] },
  ],
  [
    "one that is a list",
    "[1]",
    undefined,
    { errorType: "Runtime.Unknown", errorMessage: "[1]", trace: [] },
  ],
  [
    "one whose trace is null",
    '{"errorType":"E","errorMessage":"m","trace":null}',
    undefined,
    { errorType: "E", errorMessage: "m", trace: [] },
  ],
])("an error is read: %s", (_, body, header, error) => {
  // What is no object has no other form than this.
  const payload = body.startsWith("{") ? { payload: body } : {};
  expect(runtimeError(body, header)).toEqual({ ...error, ...payload });
});
