import { expect, test } from "vitest";
import {
  adviceOn,
  eventHeaders,
  readRuntimeCall,
  runtimeError,
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
  ["POST", `${ROOT}/invocation/next`, 405],
  ["GET", `${ROOT}/invocation/id/response`, 405],
])("%s %s is answered %i", (method, url, statusCode) => {
  expect(readRuntimeCall(method, url)).toMatchObject({ statusCode });
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

test("advice is given for what Lambda brings along, and for nothing else", () => {
  const error = (name: string) => ({
    errorType: "Runtime.ImportModuleError",
    errorMessage: `Unable to import module 'app': No module named '${name}'`,
    trace: [],
  });

  expect(adviceOn(error("botocore.exceptions"))).toContain("pip install botocore");
  expect(adviceOn(error("requests"))).toBeUndefined();
});
