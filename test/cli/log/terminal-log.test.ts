import { Chalk } from "chalk";
import * as v from "valibot";
import { expect, test } from "vitest";
import type { Detail } from "../../../cli/log/options.ts";
import { createTerminalLog } from "../../../cli/log/terminal-log.ts";
import type { LocalProject } from "../../../src/app.ts";
import type { WebSocketEvent } from "../../../src/emulator/apigateway/rules/event-types.ts";
import { FACTS, type Fact } from "../../../src/emulator/facts.ts";
import { authorizerEvent } from "../../../src/testing/index.ts";
import { projectWith } from "../api-fixture.ts";

const ANN = "aIFHTfpAB-ECx5k=";
const BOB = "aIFHUl9A1ZgCx6A=";
const AT = new Date(2026, 0, 31, 20, 31, 7, 45).getTime();
const TIME = "20:31:07.045";
/** In the place of time and name. */
const BELOW = " ".repeat(21);

type Options = { detail?: Detail; columns?: number; colours?: boolean; project?: LocalProject };

/** The lines that a log makes of `facts`, without the time. */
function tell(facts: readonly Fact[], options: Options = {}): readonly string[] {
  const { detail = "normal", columns, colours = false } = options;
  const project =
    options.project ?? projectWith("$connect", "$disconnect", "sendmessage", "$default");
  const log = createTerminalLog({
    project: () => project,
    detail,
    paint: new Chalk({ level: colours ? 1 : 0 }),
    columns: () => columns,
    stages: () => [{ url: "ws://localhost:3001/v1", managementUrl: "http://localhost:3001/v1" }],
  });
  return facts
    .flatMap((fact, index) => log({ ...fact, seq: index + 1, id: index + 1, at: AT }))
    .map((line) => line.replace(`${TIME}  `, ""));
}

type EventType = "CONNECT" | "MESSAGE" | "DISCONNECT";

/** One invocation: what starts it, what happens meanwhile, and how it ends. */
function invocation(
  functionName: string,
  eventType: EventType,
  ends: Partial<Extract<Fact, { type: "function.ended" }>> = {},
  meanwhile: readonly Fact[] = [],
): readonly Fact[] {
  const connectionId = ends.connectionId ?? ANN;
  const call = { functionName, awsRequestId: "8d3f1c2a-0b", requestId: "r1", connectionId };
  const event = { requestContext: { eventType }, isBase64Encoded: false } as WebSocketEvent;
  return [
    { type: "function.started", ...call, cold: false, event },
    ...meanwhile,
    {
      type: "function.ended",
      ...call,
      outcome: { kind: "returned", payload: '{"statusCode":200}' },
      durationMs: 26.6,
      initMs: undefined,
      handlerMs: 26.6,
      maxMemoryMb: undefined,
      ...ends,
    },
  ];
}

function returned(value: unknown) {
  return { outcome: { kind: "returned", payload: JSON.stringify(value) } } as const;
}

const received = (text: string): Fact => {
  return { type: "message.received", connectionId: ANN, requestId: "r1", text, bytes: text.length };
};
const posted = (connectionId: string, text: string): Fact[] => [
  { type: "frame.sent", connectionId, text, cause: "post" },
  {
    type: "management.answered",
    method: "POST",
    connectionId,
    functionName: "sendmessage",
    statusCode: 200,
    because: "delivered",
  },
];
const errorFrame: Fact = {
  type: "frame.sent",
  connectionId: ANN,
  text: '{"message": "Internal server error"}',
  cause: "error",
};
const answered = (more: Partial<Extract<Fact, { type: "message.answered" }>> = {}): Fact => ({
  type: "message.answered",
  connectionId: ANN,
  requestId: "r1",
  routeKey: "sendmessage",
  answer: "silence",
  because: "one-way",
  durationMs: 30,
  ...more,
});
type Selection = Extract<Fact, { type: "route.selected" }>["selection"];
const selected = (selection: Selection): Fact => {
  return { type: "route.selected", connectionId: ANN, api: "chat", requestId: "r1", selection };
};
const matched = selected({
  kind: "route",
  routeKey: "sendmessage",
  because: "matched",
  value: "sendmessage",
});
const requested = (url: string): Fact => {
  return {
    type: "connection.requested",
    connectionId: ANN,
    api: "chat",
    stage: "v1",
    handshakeId: "0b4a",
    sourceIp: "127.0.0.1",
    userAgent: undefined,
    url,
  };
};

test("tells a chat message as a short story: message, route and why, what it caused, result", () => {
  const lines = tell([
    received('{"message":"sendmessage", "data":"hello world !"}'),
    matched,
    ...invocation("sendmessage", "MESSAGE", { initMs: 210.4 }, [
      {
        type: "function.logged",
        functionName: "sendmessage",
        awsRequestId: "8d3f1c2a-0b",
        requestId: "r1",
        connectionId: ANN,
        stream: "stdout",
        text: "to 2 connections\n",
      },
      ...posted(ANN, '"hello world !"'),
      ...posted(BOB, '"hello world !"'),
    ]),
    answered(),
  ]);

  expect(lines).toEqual([
    'pAB-E  > {"message":"sendmessage", "data":"hello world !"}',
    'pAB-E    → sendmessage because $request.body.message is "sendmessage"',
    "pAB-E    │ sendmessage 8d3f1c2a  to 2 connections",
    'pAB-E  < "hello world !"',
    '9A1Zg  < "hello world !"',
    "pAB-E    ✓ sendmessage 27 ms (cold start 210 ms)",
  ]);
});

test("begins each line with the local time of its fact", () => {
  const log = createTerminalLog({
    project: () => projectWith("$default"),
    detail: "normal",
    paint: new Chalk({ level: 0 }),
    columns: () => undefined,
  });

  expect(log({ ...received("hi"), seq: 1, id: 1, at: AT })).toEqual([`${TIME}  pAB-E  > hi`]);
});

test.each<[string, Selection, string]>([
  [
    "a body that is not JSON",
    { kind: "route", routeKey: "$default", because: "not-json", value: undefined },
    "  → $default because the body is not JSON",
  ],
  [
    "a body without the key",
    { kind: "route", routeKey: "$default", because: "no-value", value: undefined },
    "  → $default because the body has no $request.body.message",
  ],
  [
    "a key that no route has",
    { kind: "route", routeKey: "$default", because: "unknown-key", value: "leave" },
    '  → $default because no route has the key "leave"',
  ],
  [
    "no route at all",
    { kind: "none", because: "unknown-key", value: "leave" },
    '  ✗ no route because no route has the key "leave", and the API has no $default',
  ],
])("says why a route was chosen: %s", (_, selection, line) => {
  expect(tell([selected(selection)])).toEqual([`pAB-E  ${line}`]);
});

test("tells a connection in one line, with what its handler took", () => {
  const lines = tell([
    requested("/v1"),
    ...invocation("connect", "CONNECT", { initMs: 182 }),
    { type: "connection.opened", connectionId: ANN, durationMs: 214 },
  ]);

  expect(lines).toEqual(["#1     connected from 127.0.0.1 · connect 27 ms (cold start 182 ms)"]);
});

test("shows the query of a connection, and no handler if there is no $connect route", () => {
  const lines = tell([
    requested("/v1?user=ann"),
    { type: "connection.opened", connectionId: ANN, durationMs: 1 },
  ]);

  expect(lines).toEqual(["#1     connected to /v1?user=ann from 127.0.0.1"]);
});

test("explains why a handshake was rejected", () => {
  const refused = (because: string, statusCode: number, connectionId?: string): Fact => {
    return { type: "connection.refused", connectionId, statusCode, because, durationMs: 3 };
  };

  expect(
    tell([
      refused("unknown-stage", 403),
      requested("/v1"),
      ...invocation("connect", "CONNECT", returned({ statusCode: 401, body: "who are you?" })),
      refused("$connect answered 401", 401, ANN),
    ]),
  ).toEqual([
    "       ! rejected with 403 because the URL does not name a stage of this API",
    "#1       ✓ connect 27 ms returned 401: who are you?",
    "#1     ! rejected with 401 from 127.0.0.1 because $connect answered 401",
  ]);
});

test("names the path that is not a stage, and the right URL", () => {
  const refused: Fact = {
    type: "connection.refused",
    connectionId: undefined,
    statusCode: 403,
    because: "unknown-stage",
    path: "/prod",
    durationMs: 1,
  };
  const posted: Fact = {
    type: "management.answered",
    method: "POST",
    connectionId: undefined,
    functionName: undefined,
    statusCode: 403,
    because: "unknown-stage",
    path: "/@connections/a",
  };

  expect(tell([refused, posted])).toEqual([
    "       ! rejected with 403 because /prod is not a stage",
    `${BELOW}  Connect to ws://localhost:3001/v1`,
    "         ✗ POST @connections answered 403 because /@connections/a is not below a stage",
    `${BELOW}    The endpoint is http://localhost:3001/v1. In a handler it is \`https://\${domainName}/\${stage}\`, both from the event's requestContext.`,
  ]);
});

test("shows an error with several lines as lines when it rejects a handshake", () => {
  const because = "ValueError: 2 faults:\n  room\tis missing\n  name \u001b[2J";

  expect(
    tell([
      requested("/v1"),
      { type: "connection.refused", connectionId: ANN, statusCode: 502, because, durationMs: 3 },
    ]),
  ).toEqual([
    "#1     ! rejected with 502 from 127.0.0.1 because ValueError: 2 faults:",
    `${BELOW}      room\tis missing`,
    `${BELOW}      name \\x1b[2J`,
  ]);
});

test("keeps the indentation of a stack of Python's", () => {
  const outcome = {
    kind: "failed",
    errorType: "KeyError",
    errorMessage: "'room'",
    trace: ['  File "/chat/app.py", line 3, in handler', "    return rooms[", "        name]"],
  } as const;

  expect(tell(invocation("sendmessage", "MESSAGE", { outcome }))).toEqual([
    "pAB-E    ✗ sendmessage failed after 27 ms: KeyError: 'room'",
    `${BELOW}      File "/chat/app.py", line 3, in handler`,
    `${BELOW}        return rooms[`,
    `${BELOW}            name]`,
  ]);
});

test("shows the error of a handler with its trace, once", () => {
  const trace = ["TypeError: x is not a function", "    at handler (/chat/send.ts:18:11)"];
  const outcome = {
    kind: "failed",
    errorType: "TypeError",
    errorMessage: "x is not a function",
    trace,
  } as const;
  const frame = '{"message": "Internal server error", "connectionId":"a", "requestId":"b"}';

  const lines = tell([
    ...invocation("sendmessage", "MESSAGE", { outcome }),
    { type: "frame.sent", connectionId: ANN, text: frame, cause: "error" },
    answered({ answer: "error", because: "TypeError: x is not a function" }),
  ]);

  expect(lines).toEqual([
    "pAB-E    ✗ sendmessage failed after 27 ms: TypeError: x is not a function",
    `${BELOW}      at handler (/chat/send.ts:18:11)`,
    `pAB-E  ! ${frame}`,
  ]);
});

test("says what is wrong with a result that API Gateway does not take", () => {
  const lines = tell([
    ...invocation("sendmessage", "MESSAGE", returned({ ok: true })),
    errorFrame,
    answered({ answer: "error", because: 'the result has the unknown key "ok"' }),
  ]);

  expect(lines).toEqual([
    'pAB-E    ✓ sendmessage 27 ms returned {"ok":true}',
    'pAB-E  ! {"message": "Internal server error"}',
    'pAB-E      because the result has the unknown key "ok"',
  ]);
});

test.each([
  ["that no route has invoked", { room: 7 }],
  ["that an authorizer has asked", authorizerEvent()],
])("takes any result of a function %s", (_, payload) => {
  const about = { functionName: "worker", awsRequestId: "a1", requestId: undefined };
  const ended = { initMs: undefined, handlerMs: 27, durationMs: 27, maxMemoryMb: undefined };
  const event = payload as unknown as Extract<Fact, { type: "function.started" }>["event"];

  const lines = tell([
    { type: "function.started", ...about, connectionId: undefined, cold: false, event },
    { type: "function.ended", ...about, connectionId: undefined, ...ended, ...returned(null) },
  ]);

  expect(lines).toEqual(["         ✓ worker 27 ms"]);
});

test("shows rejected calls of functions, and events that are retried or dropped", () => {
  const call = { functionName: "connect", connectionId: ANN, invocationType: "Event" };
  const about = { functionName: "worker", awsRequestId: "a1" };

  const lines = tell([
    { type: "invoke.answered", ...call, target: "worker", statusCode: 202, errorType: undefined },
    {
      type: "invoke.answered",
      ...call,
      target: "wroker",
      statusCode: 404,
      errorType: "ResourceNotFoundException",
    },
    { type: "event.requeued", ...about, attempt: 1, delayMs: 60_000 },
    { type: "event.dropped", ...about, attempts: 3, because: "retries-exhausted" },
    { type: "event.dropped", ...about, attempts: 1, because: "stopped" },
  ]);

  expect(lines).toEqual([
    "pAB-E    ✗ Invoke wroker (Event) answered 404 ResourceNotFoundException · called by connect",
    "       ! worker: attempt 1 failed; Lambda retries in 1 min 0 s",
    "       ✗ worker: Lambda drops the event after 3 attempts: Lambda does not retry again",
    "       ✗ worker: Lambda drops the event after 1 attempt: the gateway stops",
  ]);
});

test("shows a status that the client of a message never learns", () => {
  const result = returned({ statusCode: 500, body: "Failed to unmarshal request" });

  expect(tell(invocation("sendmessage", "MESSAGE", result))).toEqual([
    "pAB-E    ✗ sendmessage 27 ms returned 500: Failed to unmarshal request",
  ]);
});

test("says that a route timed out", () => {
  const late = answered({ answer: "error", because: "integration-timeout" });

  expect(tell([errorFrame, late]).at(-1)).toBe(
    "pAB-E      because the handler took longer than its route allows",
  );
  expect(tell([late])).toEqual([
    "pAB-E    ✗ error after the client left because the handler took longer than its route allows",
  ]);
});

test("marks the response of a two-way route", () => {
  expect(tell([{ type: "frame.sent", connectionId: ANN, text: "pong", cause: "reply" }])).toEqual([
    "pAB-E  < pong · response of the route",
  ]);
});

test("counts the copies of a broadcast after the first three", () => {
  const copies = Array.from({ length: 50 }, () => posted(ANN, '"all"')).flat();

  expect(tell([...copies, received("next")])).toEqual([
    'pAB-E  < "all"',
    'pAB-E  < "all"',
    'pAB-E  < "all"',
    "       < the same to 47 more connections",
    "pAB-E  > next",
  ]);
});

test("a second broadcast of another text is not taken for the first", () => {
  const facts = [posted(ANN, "a"), posted(BOB, "a"), posted(ANN, "b"), posted(BOB, "a")].flat();

  expect(tell(facts)).toEqual(["pAB-E  < a", "9A1Zg  < a", "pAB-E  < b", "9A1Zg  < a"]);
});

test.each<[string, Partial<Extract<Fact, { type: "connection.closed" }>>, string]>([
  [
    "the client with code and reason",
    { code: 4001, reason: "bye" },
    'closed by the client with 4001 "bye"',
  ],
  [
    "the client without a code",
    { code: 1005, reason: "Client-side close frame status not set" },
    "closed by the client without a code (1005)",
  ],
  [
    "nobody who said so",
    { code: 1006, because: "lost" },
    "lost: the client left without a close frame (1006)",
  ],
  [
    "the gateway for idleness",
    { code: 1001, reason: "Going away", by: "gateway", because: "idle" },
    'closed by the gateway with 1001 "Going away" because it was idle too long',
  ],
  [
    "the gateway for a binary message",
    { code: 1003, by: "gateway", because: "binary-message" },
    "! closed by the gateway with 1003 because the client sent a binary message",
  ],
  [
    "the gateway for text that is not UTF-8",
    { code: 1007, by: "gateway", because: "invalid-utf8" },
    "! closed by the gateway with 1007 because the client sent a message that is not UTF-8",
  ],
  [
    "the gateway for a broken frame",
    { code: 1002, by: "gateway", because: "protocol-error" },
    "! closed by the gateway with 1002 because the client broke the WebSocket protocol",
  ],
  [
    "the gateway for a cause it does not know",
    { code: 1008, by: "gateway", because: "new-cause" },
    "closed by the gateway with 1008 because new cause",
  ],
])("explains a connection closed by %s", (_, how, line) => {
  const closed: Fact = {
    type: "connection.closed",
    connectionId: ANN,
    code: 1000,
    reason: "",
    by: "client",
    because: "client-closed",
    ...how,
  };

  expect(tell([closed])).toEqual([`pAB-E  ${line}`]);
});

test("shows management calls other than successful posts", () => {
  const call = (method: string, statusCode: number, because: string): Fact => {
    return {
      type: "management.answered",
      method,
      connectionId: ANN,
      functionName: "sweep",
      statusCode,
      because,
    };
  };

  expect(
    tell([
      call("DELETE", 204, "removed"),
      call("POST", 410, "gone"),
      call("POST", 403, "unsigned"),
    ]),
  ).toEqual([
    "pAB-E    DELETE @connections answered 204 · called by sweep",
    "pAB-E    ✗ POST @connections answered 410 because the connection is gone · called by sweep",
    "pAB-E    ✗ POST @connections answered 403 because the call is not signed · called by sweep",
  ]);
});

test("tells what happens to the project", () => {
  expect(
    tell([
      { type: "code.reloaded", functionNames: ["sendmessage", "connect"], file: "src/table.ts" },
      { type: "project.changed", file: "wsgw.config.ts", needsRestart: [] },
      { type: "project.changed", file: "wsgw.config.ts", needsRestart: ["tables", "stage"] },
      { type: "project.broken", message: "Two faults:\n- one\n- two", hint: "Mend them." },
      { type: "function.queued", functionName: "sendmessage", waiting: 3, environments: 4 },
      {
        type: "function.unfinished",
        functionName: "sendmessage",
        awsRequestId: "a",
        requestId: undefined,
        connectionId: undefined,
        work: [{ kind: "request", count: 1, details: ["POST https://localhost/dev"] }],
        calls: ["POST https://localhost/dev"],
      },
      {
        type: "fault.injected",
        fault: "post().gone()",
        connectionId: undefined,
        functionName: "sendmessage",
      },
      { type: "fault.unused", fault: "disconnect().never()" },
      { type: "warning", message: "Beware." },
    ]),
  ).toEqual([
    "       ↻ src/table.ts changed and is live: sendmessage, connect",
    "       ↻ wsgw.config.ts changed and is live",
    "       ! wsgw.config.ts changed: restart wsgw dev to apply tables, stage",
    "       ✗ Two faults:",
    `${BELOW}  - one`,
    `${BELOW}  - two`,
    `${BELOW}  Mend them.`,
    "       ! sendmessage: 3 events wait because all 4 environments are busy",
    "         ! sendmessage returned with work still pending: 1 request (POST https://localhost/dev)",
    `${BELOW}    As on Lambda, it is frozen until this environment gets its next event, if any. Await it or cancel it.`,
    "         ⚡ fault post().gone() · sendmessage",
    "       ! fault disconnect().never() did not occur before the gateway stopped",
    "       ! Beware.",
  ]);
});

test("numbers clients in the order in which they ask to connect, and names them by ids when verbose", () => {
  const second = { ...requested("/v1"), connectionId: BOB } as Fact;
  const facts = [requested("/v1"), second, ...posted(BOB, "to bob"), received("from ann")];

  expect(tell(facts)).toEqual(["#2     < to bob", "#1     > from ann"]);
  expect(tell(facts, { detail: "verbose" })).toContain("9A1Zg  < to bob");
});

test("names a connection that never was by a part of its id", () => {
  expect(tell([requested("/v1"), ...posted("wrong", "hi")])).toEqual(["wrong  < hi"]);
});

test("folds long lines to the terminal, and hangs further rows below the first", () => {
  const outcome = {
    kind: "failed",
    errorType: "TypeError",
    errorMessage: "Cannot read properties of undefined (reading 'connectionId')",
    trace: [],
  } as const;
  const logged: Fact = {
    type: "function.logged",
    functionName: "sendmessage",
    awsRequestId: undefined,
    requestId: undefined,
    connectionId: ANN,
    stream: "stdout",
    text: "a line of a handler with many words in it, and then a few more",
  };

  const lines = tell(invocation("sendmessage", "MESSAGE", { outcome }, [logged]), { columns: 70 });

  expect(lines).toEqual([
    "pAB-E    │ sendmessage  a line of a handler with many",
    `${BELOW}  │ words in it, and then a few more`,
    "pAB-E    ✗ sendmessage failed after 27 ms: TypeError:",
    `${BELOW}    Cannot read properties of undefined (reading`,
    `${BELOW}    'connectionId')`,
  ]);
});

test("prints whole lines where there is no terminal", () => {
  const message = "A warning of many words. ".repeat(20).trimEnd();

  expect(tell([{ type: "warning", message }])).toEqual([`       ! ${message}`]);
});

test("marks what a client got as an error, whatever the function returned", () => {
  const connected = { connectionId: ANN, durationMs: 1 };
  const marks = (facts: readonly Fact[]) =>
    tell(facts).map((line) =>
      line
        .slice(BELOW.length - 14)
        .trim()
        .slice(0, 1),
    );

  expect(
    marks([{ type: "connection.refused", ...connected, statusCode: 403, because: "x" }]),
  ).toEqual(["!"]);
  expect(marks(invocation("f", "MESSAGE", returned({ statusCode: 500 })))).toEqual(["✗"]);
  expect(marks([errorFrame])).toEqual(["!"]);
});

test("says once why the handler of a rejected handshake failed", () => {
  const outcome = { kind: "failed", errorType: "Error", errorMessage: "no", trace: [] } as const;

  const lines = tell([
    requested("/v1"),
    ...invocation("connect", "CONNECT", { outcome }),
    {
      type: "connection.refused",
      connectionId: ANN,
      statusCode: 502,
      because: "Error: no",
      durationMs: 3,
    },
  ]);

  expect(lines).toEqual([
    "#1       ✗ connect failed after 27 ms: Error: no",
    "#1     ! rejected with 502 from 127.0.0.1 because its $connect handler failed",
  ]);
});

test("cuts long frames to the terminal and tells their size", () => {
  const [line] = tell([received("x".repeat(5000))], { columns: 60 });

  expect(line).toBe(`pAB-E  > ${"x".repeat(22)}… (5,000 bytes)`);
  expect(`${TIME}  ${line}`).toHaveLength(60);
});

test("keeps frames from steering the terminal", () => {
  expect(tell([received("a\u001b[2J\r\nb\u0007")])).toEqual(["pAB-E  > a\\x1b[2J\\r\\nb\\x07"]);
});

test("indents the lines of a handler's output and keeps its colours where there are some", () => {
  const fact: Fact = {
    type: "function.logged",
    functionName: "f",
    awsRequestId: undefined,
    requestId: undefined,
    connectionId: undefined,
    stream: "stderr",
    text: "\u001b[31mred\u001b[39m\n\u001b[2Jnext",
  };

  expect(tell([fact])).toEqual(["         │ f  red", `${BELOW}  │ \\x1b[2Jnext`]);
  expect(tell([fact], { colours: true })[0]).toContain("\u001b[31mred\u001b[39m\u001b[0m");
});

test("verbose masks what would let a reader of the log in, and nothing else", () => {
  const headers = {
    Authorization: 'Bearer "a" \\',
    cookie: "s=1",
    "X-Api-Key": "k",
    Accept: "*/*",
  };
  const event = {
    requestContext: { eventType: "CONNECT", identity: { apiKey: "k", apiKeyId: "mine" } },
    headers,
    multiValueHeaders: { Authorization: ["a]", "b"], cookie: ["s=1"], "Sec-WebSocket-Key": ["q"] },
    queryStringParameters: { "X-Amz-Signature": "f00", "X-Amz-Security-Token": "t", token: "mine" },
    body: '{"cookie":"in a body"}',
  } as unknown as WebSocketEvent;
  const call = {
    functionName: "connect",
    awsRequestId: "8d3f",
    requestId: "r1",
    connectionId: ANN,
  };
  const url = "/v1?X-Amz-Security-Token=t&token=mine&X-Amz-Signature=f00";

  const text = tell(
    [
      requested(url),
      { type: "function.started", ...call, cold: false, event },
      ...invocation(
        "connect",
        "CONNECT",
        returned({ headers: { "Set-Cookie": "s=2", ETag: "e" } }),
      ),
    ],
    { detail: "verbose" },
  ).join("\n");

  for (const secret of ["Bearer", "s=1", "s=2", '"k"', '"a]"', "f00", '"t"', "Token=t"]) {
    expect(text).not.toContain(secret);
  }
  for (const open of ["*/*", '"q"', "token=mine", '"mine"', "in a body", '"ETag":"e"']) {
    expect(text).toContain(open);
  }
  expect(text).toContain("GET /v1?X-Amz-Security-Token=***&token=mine&X-Amz-Signature=*** from");
});

test("verbose adds events, results and management calls, and cuts nothing", () => {
  const lines = tell(
    [received("x".repeat(500)), ...invocation("sendmessage", "MESSAGE", {}, posted(BOB, "hi"))],
    { detail: "verbose" },
  );

  const indent = `${BELOW}    `;
  expect(lines).toEqual([
    `pAB-E  > ${"x".repeat(500)}`,
    "pAB-E    START RequestId: 8d3f1c2a-0b Version: $LATEST",
    "pAB-E    event for sendmessage, request 8d3f1c2a-0b",
    `${indent}{`,
    `${indent}  "requestContext": {`,
    `${indent}    "eventType": "MESSAGE"`,
    `${indent}  },`,
    `${indent}  "isBase64Encoded": false`,
    `${indent}}`,
    "9A1Zg  < hi",
    "9A1Zg    POST @connections answered 200 · called by sendmessage",
    "pAB-E    ✓ sendmessage 27 ms",
    'pAB-E    result of sendmessage: {"statusCode":200}',
    "pAB-E    END RequestId: 8d3f1c2a-0b",
    "pAB-E    REPORT RequestId: 8d3f1c2a-0b  Duration: 26.60 ms  Billed Duration: 27 ms  Memory Size: 128 MB",
  ]);
});

test("shows a blocked call to AWS, and how to allow it", () => {
  const stopped = { type: "aws.stopped", host: "b.s3.us-east-1.amazonaws.com" } as const;

  const lines = tell([
    {
      ...stopped,
      service: "s3",
      operation: "PutObject",
      functionName: "sendmessage",
      connectionId: ANN,
    },
    {
      ...stopped,
      service: "cognito-idp",
      operation: "GetUser",
      functionName: undefined,
      connectionId: undefined,
    },
    {
      ...stopped,
      service: "cognito-idp",
      operation: "GET /eu-west-1_AbCdEf123/.well-known/jwks.json",
      functionName: undefined,
      connectionId: undefined,
    },
  ]);

  expect(lines).toEqual([
    "pAB-E    ✗ s3 PutObject stopped: no service on this machine answers for b.s3.us-east-1.amazonaws.com · called by sendmessage",
    `${BELOW}    Add endpoints: { s3: "http://localhost:4566" } to the definition, or start wsgw dev with --allow-aws to call AWS.`,
    "         ✗ cognito-idp GetUser stopped: no service on this machine answers for b.s3.us-east-1.amazonaws.com",
    `${BELOW}    Add endpoints: { "cognito-idp": "http://localhost:4566" } to the definition, or start wsgw dev with --allow-aws to call AWS.`,
    "         ✗ cognito-idp GET /eu-west-1_AbCdEf123/.well-known/jwks.json stopped: no service on this machine answers for b.s3.us-east-1.amazonaws.com",
    `${BELOW}    Start wsgw dev with --cognito POOL-ID to use tokens that wsgw signs (wsgw token), or with --allow-aws to use Cognito's own.`,
  ]);
});

test("shows what a role does not allow, and the statement that is missing", () => {
  const statement = {
    Effect: "Allow",
    Action: "dynamodb:PutItem",
    Resource: { "Fn::GetAtt": ["Table", "Arn"] },
  };
  const missing = {
    type: "permission.missing",
    functionName: "sendmessage",
    action: "dynamodb:PutItem",
    resource: "arn:aws:dynamodb:us-east-1:123456789012:table/items",
    decision: "implicit-deny",
    because: undefined,
    statement,
    add: "Add to a Statement in the policies of sendmessage: - { Effect: Allow }",
    refused: true,
  } as const;
  const denied = {
    ...missing,
    decision: "explicit-deny",
    because: "statement 1 of own denies it",
    statement: undefined,
    add: undefined,
    refused: false,
  } as const;

  expect(tell([missing, denied])).toEqual([
    "         ✗ dynamodb:PutItem on arn:aws:dynamodb:us-east-1:123456789012:table/items rejected: the role of sendmessage does not allow it",
    `${BELOW}    ${missing.add}`,
    "         ! dynamodb:PutItem on arn:aws:dynamodb:us-east-1:123456789012:table/items allowed here, rejected on AWS: the role of sendmessage does not allow it",
    `${BELOW}    statement 1 of own denies it`,
  ]);
});

test("shows what the built-in DynamoDB does not support, and how to get it", () => {
  const unsupported = { type: "dynamodb.unsupported", functionName: "sendmessage" } as const;

  const lines = tell(
    [
      { ...unsupported, operation: "TransactWriteItems", parameter: undefined },
      {
        ...unsupported,
        operation: "PutItem",
        parameter: "ReturnValuesOnConditionCheckFailure",
        functionName: undefined,
      },
    ],
    { detail: "quiet" },
  );

  const wayOut = `${BELOW}    Use one that does, such as DynamoDB Local, with --dynamodb-endpoint URL.`;
  expect(lines).toEqual([
    "         ! The built-in DynamoDB does not support TransactWriteItems · called by sendmessage",
    wayOut,
    "         ! The built-in DynamoDB does not support ReturnValuesOnConditionCheckFailure of PutItem",
    wayOut,
  ]);
});

test("quiet keeps only what went wrong", () => {
  const lines = tell(
    [
      requested("/v1"),
      { type: "connection.opened", connectionId: ANN, durationMs: 1 },
      received("hi"),
      matched,
      ...invocation("sendmessage", "MESSAGE", returned({ statusCode: 500 })),
      { type: "warning", message: "Beware." },
    ],
    { detail: "quiet" },
  );

  expect(lines).toEqual(["#1       ✗ sendmessage 27 ms returned 500", "       ! Beware."]);
});

test("gives neighbouring connections different colours, and one connection always the same", () => {
  const second = { ...requested("/v1"), connectionId: BOB } as Fact;
  const facts = [requested("/v1"), second, received("a"), ...posted(BOB, "b"), received("c")];
  const lines = tell(facts, { colours: true });

  const [cyan, magenta] = ["\u001b[36m", "\u001b[35m"];
  expect(lines.map((line) => [line.includes(cyan), line.includes(magenta)])).toEqual([
    [true, false],
    [false, true],
    [true, false],
  ]);
});

const HOSTILE = "a\u001b[31mb\u001b]0;c\u0007\u009b2J\u202e\u2066d";

/** A value that a description takes, with hostile text wherever it takes any text; each choice of it in turn. */
function hostileValues(schema: unknown): readonly unknown[] {
  const described = v.parse(DESCRIPTION, schema);
  switch (described.type) {
    case "variant":
    case "union":
      return (described.options ?? []).flatMap(hostileValues);
    case "picklist":
      return described.options ?? [];
    case "literal":
      return [described.literal];
    case "number":
      return [500];
    case "boolean":
      return [true];
    case "array":
      return hostileValues(described.item).map((item) => [item, item]);
    case "undefinedable":
    case "optional":
    case "exact_optional":
      return hostileValues(described.wrapped);
    case "unknown":
      return [{ text: HOSTILE }];
    case "string":
      return [HOSTILE];
    default: {
      const fields = Object.entries(described.entries ?? {}).map(
        ([name, field]) => [name, hostileValues(field)] as const,
      );
      const most = Math.max(...fields.map(([, values]) => values.length));
      return Array.from({ length: most }, (_, index) =>
        Object.fromEntries(fields.map(([name, values]) => [name, values[index % values.length]])),
      );
    }
  }
}

const DESCRIPTION = v.looseObject({
  type: v.string(),
  options: v.optional(v.array(v.unknown())),
  entries: v.optional(v.record(v.string(), v.unknown())),
  item: v.optional(v.unknown()),
  wrapped: v.optional(v.unknown()),
  literal: v.optional(v.unknown()),
});

test.each(Object.values(FACTS).flatMap(hostileValues))(
  "lets no text of a fact steer the terminal: $type (%#)",
  (fact) => {
    const lines = tell([fact as Fact], { detail: "verbose", project: projectWith("$connect") });

    // biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is the point
    expect(lines.join("")).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
  },
);

test("an integration has a line with what it called, and one that is recorded alone says what would answer", () => {
  const ended = {
    type: "integration.answered",
    connectionId: ANN,
    requestId: "r1",
    routeKey: "order",
    target: "sqs SendMessage",
    isRecorded: false,
    durationMs: 4,
  } as const;

  expect(
    tell(
      [
        { ...ended, outcome: { kind: "answered", statusCode: 200, body: "{}" }, isRecorded: true },
        { ...ended, outcome: { kind: "answered", statusCode: 400, body: '{"Error":1}' } },
        { ...ended, outcome: { kind: "failed", because: "nothing listens on that port" } },
        { ...ended, outcome: { kind: "timed-out" } },
      ],
      { detail: "verbose" },
    ),
  ).toEqual([
    'pAB-E    sqs SendMessage answered 200 in 4 ms · only recorded. To answer it, add endpoints: { sqs: "http://localhost:4566" } to the definition',
    'pAB-E    ✗ sqs SendMessage answered 400 {"Error":1} in 4 ms',
    "pAB-E    ✗ sqs SendMessage failed: nothing listens on that port in 4 ms",
    "pAB-E    ✗ sqs SendMessage timed out in 4 ms",
  ]);
});
