import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import type { EndedRequest } from "../../../../../src/emulator/apigateway/requests/rules/ended-request.ts";
import {
  type ExecutionLogOf,
  executionLines,
  logStreamOf,
} from "../../../../../src/emulator/apigateway/requests/rules/execution-log.ts";
import type { WebSocketEvent } from "../../../../../src/emulator/apigateway/rules/event-types.ts";
import { ended } from "../ended.ts";

const LOG: ExecutionLogOf = {
  apiId: "abc",
  stage: "dev",
  level: "INFO",
  dataTrace: false,
  apiKeyRequired: false,
  region: "eu-west-1",
  accountId: "123456789012",
  arnOf: (name) => `arn:${name}`,
  traceId: "Root=1-5",
};

/** The lines of a request without its id, which begins each of them. */
function linesOf(request: Partial<EndedRequest>, log: Partial<ExecutionLogOf> = {}) {
  const connection = { connectionId: "c", identity: { sourceIp: "127.0.0.1" } };
  return executionLines(ended({ connection, ...request }), { ...LOG, ...log }).map((line) => {
    expect(line.startsWith("(r) ")).toBe(true);
    return line.slice(4);
  });
}

const EVENT = { body: "hi" } as unknown as WebSocketEvent;
const OK = { kind: "returned", payload: '{"statusCode":200}' } as const;
const CALLED = {
  kind: "function",
  event: EVENT,
  functionName: "send",
  awsRequestId: "aws",
  outcome: OK,
} as const satisfies EndedRequest["called"];

const keyless = (routeKey: string) =>
  `API Key  authorized because route '${routeKey}' does not require API Key. Request will not contribute to throttle or quota limits`;
/** The lines with which every request of a client begins. */
const beginning = (routeKey: string, ...more: string[]) => [
  "Extended Request Id: r",
  "Verifying Usage Plan for request: r. API Key:  API Stage: abc/dev",
  ...more,
  "Usage Plan check succeeded for API Key  and API Stage abc/dev",
  "Starting execution for request: r",
  `WebSocket Request Route: [${routeKey}]`,
];

const CONNECT = { eventType: "CONNECT", routeKey: "$connect" } as const;
const DISCONNECT = {
  eventType: "DISCONNECT",
  routeKey: "$disconnect",
  close: { code: 1001, reason: "Going away" },
} as const;
const HEADED = beginning("say", keyless("say"));
const RECEIVED = "WebSocket API [abc] received message from client [Connection Id: c].";
const CONNECTING =
  "Client [UserAgent: , SourceIp: 127.0.0.1] is connecting to WebSocket API [abc].";

test.each<[string, Partial<EndedRequest>, readonly string[]]>([
  [
    "a handshake",
    CONNECT,
    [
      ...beginning("$connect", keyless("$connect")),
      CONNECTING,
      "Client [Connection Id: c] connected to API [abc] successfully.",
    ],
  ],
  [
    "a handshake with a user agent and the last status that connects",
    {
      ...CONNECT,
      status: 299,
      connection: {
        connectionId: "c",
        identity: { sourceIp: "127.0.0.1", userAgent: "probe" },
      },
    },
    [
      ...beginning("$connect", keyless("$connect")),
      "Client [UserAgent: probe, SourceIp: 127.0.0.1] is connecting to WebSocket API [abc].",
      "Client [Connection Id: c] connected to API [abc] successfully.",
    ],
  ],
  [
    "a handshake that does not connect",
    { ...CONNECT, status: 300 },
    [...beginning("$connect", keyless("$connect")), CONNECTING],
  ],
  [
    "a message",
    { called: CALLED },
    [
      ...HEADED,
      RECEIVED,
      "AWS Integration Endpoint RequestId : aws",
      "Message from client [Connection Id: c] sent to API [abc] with response status code [200].",
    ],
  ],
  ["a message that called nothing", {}, [...HEADED, RECEIVED]],
  ["a message without a route", { routeKey: undefined }, ["Extended Request Id: r"]],
  [
    "a disconnect",
    { ...DISCONNECT, called: CALLED },
    [
      ...beginning("$disconnect", keyless("$disconnect")),
      "AWS Integration Endpoint RequestId : aws",
      "Client [Connection Id: c] disconnected from API [abc] with integration response status code [200]. Close reason: [1001: Going away]",
    ],
  ],
  [
    "a disconnect that called nothing",
    DISCONNECT,
    [
      ...beginning("$disconnect", keyless("$disconnect")),
      "Client [Connection Id: c] disconnected from API [abc]. Close reason: [1001: Going away]",
    ],
  ],
  [
    "a call of @connections",
    {
      eventType: "CONNECTION_API",
      routeKey: "POST /@connections/{connectionId}",
      extendedRequestId: "extended",
      call: { body: Buffer.from("hi"), answer: { statusCode: 200, headers: {}, body: "" } },
    },
    [
      "Extended Request Id: extended",
      "Starting execution for request: r",
      "WebSocket Request Route: [POST /@connections/{connectionId}]",
      "Connection API request completed with status: 200",
    ],
  ],
])("the lines of %s", (_, request, lines) => {
  expect(linesOf(request)).toEqual(lines);
});

test("a route that requires an API key has no line about a missing one", () => {
  expect(linesOf({}, { apiKeyRequired: true })).toEqual([...beginning("say"), RECEIVED]);
});

/** What a data trace adds to the lines of a request. */
function traced(request: Partial<EndedRequest>) {
  const plain = new Set(linesOf(request));
  return linesOf(request, { dataTrace: true }).filter((line) => !plain.has(line));
}

const URI = "https://lambda.eu-west-1.amazonaws.com/2015-03-31/functions/arn:send/invocations";
const MESSAGE = `WebSocket API [abc] received message from client [c]. Message: [{"body":"hi"}].`;
const ASKED = [
  `Endpoint request URI: ${URI}`,
  `Endpoint request headers: {X-Amz-Date=20260925T092029Z, x-amzn-apigateway-api-id=abc, Accept=application/json, User-Agent=AmazonAPIGateway_abc, Host=lambda.eu-west-1.amazonaws.com, X-Amz-Content-Sha256=${createHash("sha256").update('{"body":"hi"}').digest("hex")}, X-Amzn-Trace-Id=Root=1-5, x-amzn-lambda-integration-tag=r, Authorization=${"*".repeat(100)}, X-Amz-Source-Arn=arn:aws:execute-api:eu-west-1:123456789012:abc/dev/say}`,
  'Endpoint request body after transformations: {"body":"hi"}',
  `Sending request to ${URI}`,
];
const AT = { stamp: { requestId: "r", at: Date.UTC(2026, 8, 25, 9, 20, 29, 123) } };

test("with data trace a message has its event, the request to Lambda and the answer", () => {
  expect(traced({ ...AT, integrationLatency: 2.6, called: CALLED })).toEqual([
    MESSAGE,
    ...ASKED,
    "Received response. Status: 200, Integration latency: 3 ms",
    "Endpoint response headers: {Date=Fri, 25 Sep 2026 09:20:29 GMT, Content-Type=application/json, Content-Length=18, Connection=keep-alive, x-amzn-RequestId=aws, x-amzn-Remapped-Content-Length=0, X-Amz-Executed-Version=$LATEST, X-Amzn-Trace-Id=Root=1-5}",
    'Endpoint response body before transformations: {"statusCode":200}',
  ]);
});

test("with data trace the answer of a function that fails has Lambda's header and payload", () => {
  const outcome = {
    kind: "failed",
    errorType: "Error",
    errorMessage: "nö",
    trace: [],
  } as const;
  const body = '{"errorType":"Error","errorMessage":"nö","trace":[]}';

  expect(
    traced({ ...AT, called: { ...CALLED, awsRequestId: undefined, outcome } }).slice(5),
  ).toEqual([
    "Received response. Status: 200, Integration latency: 0 ms",
    `Endpoint response headers: {Date=Fri, 25 Sep 2026 09:20:29 GMT, Content-Type=application/json, Content-Length=${Buffer.byteLength(body)}, Connection=keep-alive, x-amzn-RequestId=, X-Amz-Function-Error=Unhandled, x-amzn-Remapped-Content-Length=0, X-Amz-Executed-Version=$LATEST, X-Amzn-Trace-Id=Root=1-5}`,
    `Endpoint response body before transformations: ${body}`,
  ]);
});

test("with data trace a function that does not answer in time has no answer", () => {
  const called = { ...CALLED, outcome: { kind: "timed-out" } } as const;

  expect(traced({ ...AT, called })).toEqual([MESSAGE, ...ASKED]);
});

const BACKEND = {
  kind: "backend",
  event: EVENT,
  url: new URL("http://backend/in"),
  headers: { a: "1", b: ["2", "3"] },
  body: Buffer.from("asked"),
  answer: { statusCode: 418, headers: { c: ["4", "5"] }, body: Buffer.from("said") },
} as const satisfies EndedRequest["called"];
const backendAsked = (uri: string) => [
  MESSAGE,
  `Endpoint request URI: ${uri}`,
  "Endpoint request headers: {a=1, b=2,3}",
  "Endpoint request body after transformations: asked",
  `Sending request to ${uri}`,
];
const SAID = [
  "Received response. Status: 418, Integration latency: 0 ms",
  "Endpoint response headers: {c=4,5}",
  "Endpoint response body before transformations: said",
];

test.each<[string, NonNullable<EndedRequest["called"]>, readonly string[]]>([
  ["a backend", BACKEND, [...backendAsked("http://backend/in"), ...SAID]],
  [
    "a backend that does not answer",
    { ...BACKEND, answer: undefined },
    backendAsked("http://backend/in"),
  ],
  [
    "a function by templates",
    { ...BACKEND, url: undefined, functionName: "send" },
    [...backendAsked(URI), ...SAID],
  ],
  ["a mock", { ...BACKEND, url: undefined }, [MESSAGE]],
])("with data trace a message to %s", (_, called, lines) => {
  expect(traced({ called })).toEqual(lines);
  expect(linesOf({ called }).join()).not.toContain("AWS Integration Endpoint RequestId");
});

test("with data trace a call of @connections has its bodies", () => {
  const call = {
    body: Buffer.from("hi"),
    answer: { statusCode: 410, headers: {}, body: "gone" },
  };

  expect(traced({ eventType: "CONNECTION_API", routeKey: "POST /", call, called: CALLED })).toEqual(
    ["Connection API request body: hi", "Connection API response body: gone"],
  );
});

/** The lines about what went wrong: ERROR keeps no others. */
const errorsOf = (request: Partial<EndedRequest>) =>
  linesOf(request, { level: "ERROR", dataTrace: true });

const INTERNAL = { message: "Internal server error" };
const call = (statusCode: number, headers: Record<string, string> = {}) => ({
  eventType: "CONNECTION_API" as const,
  status: statusCode,
  call: { body: Buffer.of(), answer: { statusCode, headers, body: "" } },
});
const malformed = (payload: string) => ({
  ...CALLED,
  awsRequestId: undefined,
  outcome: { kind: "returned", payload } as const,
});

test.each<[string, Partial<EndedRequest>, readonly string[]]>([
  ["a request that succeeds", { called: CALLED }, []],
  [
    "a function that fails",
    {
      status: 502,
      error: INTERNAL,
      called: {
        ...CALLED,
        outcome: { kind: "failed", errorType: "Error", errorMessage: "no room", trace: [] },
      },
    },
    [
      "Lambda execution failed with status 200 due to customer function error: no room. Lambda request id: aws",
      "AWS Integration Endpoint RequestId : aws",
    ],
  ],
  [
    "a timeout",
    { status: 504, error: { message: "Endpoint request timed out" }, because: "x" },
    ["Execution failed due to a timeout error"],
  ],
  [
    "a malformed result",
    { status: 502, error: INTERNAL, because: "x", called: malformed("{}") },
    ["Execution failed due to configuration error: Malformed Lambda proxy response"],
  ],
  [
    "no result",
    { status: 502, error: INTERNAL, because: "x", called: malformed("null") },
    ["Execution failed due to configuration error: Malformed Lambda proxy response"],
  ],
  [
    "another failure after a result",
    { status: 500, error: INTERNAL, because: "x", called: malformed('{"statusCode":200}') },
    ["Execution failed due to configuration error: x"],
  ],
  [
    "a failure whose reason names a configuration error",
    { status: 500, error: INTERNAL, because: "Configuration error: x: Configuration error: y" },
    ["Execution failed due to configuration error: x: Configuration error: y"],
  ],
  [
    "a failure with its reason",
    { status: 500, error: INTERNAL, because: "it says: Configuration error: y" },
    ["Execution failed due to configuration error: it says: Configuration error: y"],
  ],
  [
    "a failure without a reason",
    { status: 500, error: INTERNAL },
    ["Execution failed: Internal server error"],
  ],
  [
    "a rejection",
    { status: 499, error: { message: "Forbidden" }, because: "x" },
    ["Execution failed: Forbidden"],
  ],
  [
    "a body that does not match its model",
    { status: 400, error: { message: "Invalid request body", validation: "[no room]" } },
    ["Execution failed: Invalid request body. [no room]"],
  ],
  ["a call of @connections that succeeds", call(399), []],
  [
    "a call of @connections that fails",
    call(410, { "x-amzn-ErrorType": "GoneException" }),
    ["Connection API request failed: GoneException"],
  ],
  [
    "a call of @connections that fails without a type",
    call(400),
    ["Connection API request failed: 400"],
  ],
])("at ERROR %s has the lines about its failure", (_, request, lines) => {
  expect(errorsOf(request)).toEqual(lines);
});

test("failures are logged at INFO too", () => {
  expect(linesOf({ status: 500, error: INTERNAL })).toContain(
    "Execution failed: Internal server error",
  );
});

test("a line of 1,024 bytes stays whole, a longer one is cut at a character", () => {
  const identity = (userAgent: string) => ({
    ...CONNECT,
    connection: { connectionId: "c", identity: { sourceIp: "127.0.0.1", userAgent } },
  });
  const line = (userAgent: string) =>
    `(r) ${linesOf(identity(userAgent)).find((each) => each.startsWith("Client [UserAgent"))}`;
  const head = Buffer.byteLength("(r) Client [UserAgent: ");
  const tail = ", SourceIp: 127.0.0.1] is connecting to WebSocket API [abc].";
  const most = 1024 - head - Buffer.byteLength(tail);
  const cutAt = 1024 - " [TRUNCATED]".length - head;

  expect(line("x".repeat(most))).toBe(`(r) Client [UserAgent: ${"x".repeat(most)}${tail}`);
  expect(line("x".repeat(1100))).toBe(`(r) Client [UserAgent: ${"x".repeat(cutAt)} [TRUNCATED]`);
  expect(line(`${"x".repeat(cutAt - 1)}é${"x".repeat(200)}`)).toBe(
    `(r) Client [UserAgent: ${"x".repeat(cutAt - 1)} [TRUNCATED]`,
  );
  expect(line(`\ufffd${"x".repeat(1100)}`).startsWith("(r) Client [UserAgent: \ufffdx")).toBe(true);
});

test("each stage of an API has a log stream of 32 hex digits", () => {
  expect(logStreamOf("abc", "dev")).toBe(createHash("md5").update("abc/dev").digest("hex"));
});
