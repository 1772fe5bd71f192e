import { expect, test } from "vitest";
import { createManualClock } from "../../../src/clock.ts";
import type { CallFacts } from "../../../src/emulator/apigateway/ports.ts";
import type { FactId } from "../../../src/emulator/journal/journal.ts";
import type { Outcome } from "../../../src/emulator/lambda/function-call.ts";
import { createIds } from "../../../src/ids.ts";
import { ALL, api, contextOf, held, MINUTE, OK, route, start } from "./started-gateway.ts";

const body = (text: string) => Buffer.from(text);

test("nothing can be posted to a connection before its 101 is out", async () => {
  const seen: unknown[] = [];
  const { gateway, connect } = start(ALL, {
    connect: async (call) => {
      const { connectionId } = contextOf(call);
      seen.push(gateway.post(connectionId, body("early")));
      seen.push(gateway.describe(connectionId), gateway.remove(connectionId));
      return OK;
    },
  });

  const ann = await connect();

  expect(seen).toEqual([{ kind: "gone" }, undefined, false]);
  expect(gateway.post(ann.connectionId, body("now"))).toEqual({ kind: "delivered" });
  expect(ann.sent).toEqual(["now"]);
});

test("the same connection id is in all events, with new request ids", async () => {
  const { calls, connect, gateway } = start();
  const ann = await connect();
  await ann.say('{"action":"join"}');
  await ann.say('{"action":"join"}');
  gateway.closed(ann.connectionId, 1001, "");
  await gateway.idle();

  const contexts = calls.map(contextOf);
  expect(new Set(contexts.map(({ connectionId }) => connectionId))).toEqual(
    new Set([ann.connectionId]),
  );
  expect(new Set(contexts.map(({ connectedAt }) => connectedAt)).size).toBe(1);
  expect(new Set(contexts.map(({ requestId }) => requestId)).size).toBe(4);
  expect(
    contexts.every(({ requestId, extendedRequestId }) => requestId === extendedRequestId),
  ).toBe(true);
});

test("messages of one connection run side by side, and replies come as they are ready", async () => {
  const first = held();
  const second = held();
  const queue = [first, second];
  const { connect, calls } = start(ALL, {
    ask: () => queue.shift()?.promise ?? Promise.resolve(OK),
  });
  const ann = await connect();

  const one = ann.say('{"action":"ask","n":1}');
  const two = ann.say('{"action":"ask","n":2}');
  expect(calls.filter((call) => call.functionName === "ask")).toHaveLength(2);
  second.release({ kind: "returned", payload: '{"statusCode":200,"body":"two"}' });
  await two;
  first.release({ kind: "returned", payload: '{"statusCode":200,"body":"one"}' });
  await one;

  expect(ann.sent).toEqual(["two", "one"]);
});

test("no route and no $default: a Forbidden frame, no function called, the connection stays open", async () => {
  const { connect, calls } = start();
  const ann = await connect();
  const before = calls.length;

  await ann.say("hello");

  expect(ann.sent).toHaveLength(1);
  expect(ann.sent[0]).toMatch(
    /^\{"message": "Forbidden", "connectionId":"[^"]{20}", "requestId":"[^"]{16}"\}$/,
  );
  expect(ann.sent[0]).toContain(ann.connectionId);
  expect(calls).toHaveLength(before);
  expect(ann.closes).toEqual([]);
});

test("the error frame names the failed message's own request id", async () => {
  const failure: Outcome = { kind: "failed", errorType: "Error", errorMessage: "boom", trace: [] };
  const { connect, calls } = start(ALL, { join: () => Promise.resolve(failure) });
  const ann = await connect();

  await ann.say('{"action":"join"}');

  const { requestId } = contextOf(calls.at(-1)!);
  expect(ann.sent).toEqual([
    `{"message": "Internal server error", "connectionId":"${ann.connectionId}", "requestId":"${requestId}"}`,
  ]);
  expect(ann.closes).toEqual([]);
});

test("after 29 seconds the client hears of a timeout, while the function runs on", async () => {
  const slow = held();
  const { connect, clock, gateway } = start(ALL, { ask: () => slow.promise });
  const ann = await connect();
  const answered = ann.say('{"action":"ask"}');

  clock.advance(28_999);
  expect(ann.sent).toEqual([]);
  clock.advance(1);
  await answered;
  slow.release({ kind: "returned", payload: '{"statusCode":200,"body":"late"}' });
  await gateway.idle();

  expect(ann.sent).toHaveLength(1);
  expect(ann.sent[0]).toContain('"Endpoint request timed out"');
});

test("a route's own integration timeout comes first", async () => {
  const slow = held();
  const { connect, clock } = start([route("ask", { integrationTimeout: 50 })], {
    ask: () => slow.promise,
  });
  const ann = await connect();
  const answered = ann.say('{"action":"ask"}');

  clock.advance(50);
  await answered;

  expect(ann.sent[0]).toContain('"Endpoint request timed out"');
  slow.release(OK);
});

test("rejects with 504 if $connect takes more than 29 seconds", async () => {
  const slow = held();
  const { gateway, clock } = start(ALL, { connect: () => slow.promise });
  const decision = gateway.connect({ url: "/dev", rawHeaders: [], sourceIp: "127.0.0.1" });

  clock.advance(29_000);

  expect(await decision).toMatchObject({ kind: "reject", statusCode: 504 });
  slow.release(OK);
});

test("without a $connect route every client is accepted", async () => {
  const { connect, calls } = start([route("join")]);

  await connect();

  expect(calls).toEqual([]);
});

test("a rejected handshake leaves no connection, and $disconnect does not run", async () => {
  const { gateway, calls, disconnects } = start(ALL, {
    connect: () => Promise.resolve({ kind: "returned", payload: '{"statusCode":401}' }),
  });

  const decision = await gateway.connect({ url: "/dev", rawHeaders: [], sourceIp: "127.0.0.1" });
  await gateway.stop();

  expect(decision).toMatchObject({ kind: "reject", statusCode: 401 });
  expect(calls).toHaveLength(1);
  expect(disconnects()).toEqual([]);
});

test("a client that left while $connect ran is disconnected with 1006 after it", async () => {
  const { gateway, disconnects } = start();
  const decision = await gateway.connect({ url: "/dev", rawHeaders: [], sourceIp: "127.0.0.1" });
  if (decision.kind === "reject") throw new Error(decision.because);

  gateway.abandon(decision.connectionId);
  gateway.abandon(decision.connectionId);
  await gateway.idle();

  expect(disconnects()).toHaveLength(1);
  expect(contextOf(disconnects()[0]!)).toMatchObject({
    disconnectStatusCode: 1006,
    disconnectReason: "",
  });
});

type Started = ReturnType<typeof start>;
type Client = Awaited<ReturnType<Started["connect"]>>;

test.each<[string, number, string, (started: Started, client: Client) => unknown]>([
  [
    "a close without a status",
    1005,
    "Client-side close frame status not set",
    ({ gateway }, { connectionId }) => gateway.closed(connectionId, 1005, ""),
  ],
  [
    "a page that was left",
    1001,
    "",
    ({ gateway }, { connectionId }) => gateway.closed(connectionId, 1001, ""),
  ],
  [
    "a close with a code and a reason",
    4000,
    "bye",
    ({ gateway }, { connectionId }) => gateway.closed(connectionId, 4000, "bye"),
  ],
  [
    "a lost line",
    1006,
    "",
    ({ gateway }, { connectionId }) => gateway.closed(connectionId, 1006, ""),
  ],
  [
    "DELETE @connections",
    1000,
    "Connection Closed Normally",
    ({ gateway }, { connectionId }) => gateway.remove(connectionId),
  ],
  ["ten idle minutes", 1001, "Going away", ({ clock }) => clock.advance(10 * MINUTE)],
  [
    "a binary message",
    1003,
    "Binary is not supported",
    ({ gateway }, { connectionId }) => gateway.message(connectionId, { kind: "binary", bytes: 1 }),
  ],
  [
    "a frame that is too large",
    1009,
    "",
    ({ gateway }, { connectionId }) => gateway.oversized(connectionId),
  ],
  [
    "text that is not UTF-8",
    1007,
    "",
    ({ gateway }, { connectionId }) => gateway.broken(connectionId, "invalid-utf8"),
  ],
  [
    "a frame that the protocol does not allow",
    1002,
    "",
    ({ gateway }, { connectionId }) => gateway.broken(connectionId, "protocol-error"),
  ],
  ["two hours", 1001, "Going away", talkFor2Hours],
  ["a message that is too large", 1009, "", (_, { say }) => say("x".repeat(131_073))],
  ["the end of the gateway", 1001, "Going away", ({ gateway }) => gateway.stop()],
])("$disconnect runs exactly once after %s and gets %i %j", async (_, code, reason, closeIt) => {
  const started = start();
  const ann = await started.connect();

  await closeIt(started, ann);
  started.gateway.closed(ann.connectionId, 1005, "");
  await started.gateway.stop();

  expect(started.disconnects()).toHaveLength(1);
  expect(contextOf(started.disconnects()[0]!)).toMatchObject({
    eventType: "DISCONNECT",
    disconnectStatusCode: code,
    disconnectReason: reason,
  });
  expect(started.gateway.post(ann.connectionId, body("x"))).toEqual({ kind: "gone" });
  expect(started.gateway.describe(ann.connectionId)).toBeUndefined();
  expect(started.gateway.remove(ann.connectionId)).toBe(false);
});

function talkFor2Hours({ clock, gateway }: Started, { connectionId }: Client): void {
  for (let minutes = 0; minutes < 120; minutes += 5) {
    gateway.post(connectionId, body("tick"));
    clock.advance(5 * MINUTE);
  }
}

test("without a $disconnect route nothing happens after a close", async () => {
  const { gateway, connect, calls } = start([route("$connect")]);
  const ann = await connect();

  gateway.closed(ann.connectionId, 1000, "");
  await gateway.stop();

  expect(calls.map(({ functionName }) => functionName)).toEqual(["connect"]);
});

test("$disconnect runs while a message of the connection is still worked on", async () => {
  const slow = held();
  const { gateway, connect, disconnects } = start(ALL, { join: () => slow.promise });
  const ann = await connect();
  const answered = ann.say('{"action":"join"}');

  gateway.closed(ann.connectionId, 1000, "");

  expect(disconnects()).toHaveLength(1);
  slow.release(OK);
  await answered;
});

test("a route response on $connect and $disconnect answers nothing", async () => {
  const says = async (): Promise<Outcome> => ({
    kind: "returned",
    payload: '{"statusCode":200,"body":"hello"}',
  });
  const twoWay = [
    route("$connect", { routeResponse: true }),
    route("$disconnect", { routeResponse: true }),
  ];
  const { gateway, connect } = start(twoWay, { connect: says, disconnect: says });
  const ann = await connect();

  gateway.closed(ann.connectionId, 1000, "");
  await gateway.stop();

  expect(ann.sent).toEqual([]);
});

test("a connection whose $connect ends while the gateway stops is closed with 1001 and disconnected", async () => {
  const slow = held();
  const goodbye = held();
  const order: string[] = [];
  const { gateway, disconnects, journal } = start(ALL, {
    connect: () => slow.promise,
    disconnect: () => goodbye.promise.finally(() => order.push("disconnected")),
  });
  const closes: unknown[] = [];
  const socket = {
    send() {},
    isFull: () => false,
    close: (code: number, reason: string) => closes.push({ code, reason }),
  };
  const connecting = gateway
    .connect({ url: "/dev", rawHeaders: [], sourceIp: "127.0.0.1" })
    .then((decision) => decision.kind === "accept" && gateway.open(decision.connectionId, socket));

  const stopped = gateway.stop().then(() => order.push("stopped"));
  slow.release(OK);
  await connecting;
  await new Promise(setImmediate);
  goodbye.release(OK);
  await stopped;

  expect(closes).toEqual([{ code: 1001, reason: "Going away" }]);
  expect(order).toEqual(["disconnected", "stopped"]);
  expect(disconnects()).toHaveLength(1);
  expect(journal.entries().at(-1)).toMatchObject({ because: "gateway-stopped" });
});

test("while it drains connections stay open, however long they are silent", async () => {
  const { gateway, connect, clock } = start();
  const ann = await connect();

  gateway.drain();
  clock.advance(10 * MINUTE);

  expect(ann.closes).toEqual([]);
});

test("a gateway that has stopped has no timer left", async () => {
  const { gateway, connect, clock } = start();
  await connect();

  await gateway.stop();

  expect(clock.step(Number.POSITIVE_INFINITY)).toBe(false);
});

test("a refusal of the front door carries ids of its own in its headers", async () => {
  const ids = {
    ...createIds(createManualClock(0)),
    uuid: () => "a-uuid",
    requestId: () => "an-id",
  };
  const { gateway } = start(ALL, {}, { ids });
  gateway.drain();

  const decision = await gateway.connect({ url: "/dev", rawHeaders: [], sourceIp: "127.0.0.1" });

  expect(decision).toEqual({
    kind: "reject",
    statusCode: 503,
    headers: {
      "Content-Type": "application/json",
      "x-amzn-RequestId": "a-uuid",
      "x-amzn-ErrorType": "ServiceUnavailableException",
      "x-amz-apigw-id": "an-id",
    },
    body: '{"message":"Service Unavailable"}',
    because: "stopping",
  });
});

test("the journal tells how long handshakes and answers took", async () => {
  const late = (answer: Outcome, ms: number) => async (): Promise<Outcome> => {
    started.clock.advance(ms);
    return answer;
  };
  const refusal: Outcome = { kind: "returned", payload: '{"statusCode":401}' };
  const connects = [late(OK, 20), late(refusal, 70)];
  const started = start(ALL, { connect: () => connects.shift()!(), ask: late(OK, 30) });
  const { gateway, connect, journal } = started;

  const ann = await connect();
  await ann.say('{"action":"ask"}');
  await gateway.connect({ url: "/dev", rawHeaders: [], sourceIp: "127.0.0.1" });

  const timed = journal.entries().filter((entry) => "durationMs" in entry);
  expect(timed).toMatchObject([
    { type: "connection.opened", connectionId: ann.connectionId, durationMs: 20 },
    { type: "message.answered", connectionId: ann.connectionId, durationMs: 30 },
    { type: "connection.refused", statusCode: 401, durationMs: 70 },
  ]);
});

test("rejects a handshake with 503 while the gateway stops", async () => {
  const { gateway } = start();
  gateway.drain();

  const decision = await gateway.connect({ url: "/dev", rawHeaders: [], sourceIp: "127.0.0.1" });

  expect(decision).toMatchObject({ kind: "reject", statusCode: 503 });
});

test("a post that is not UTF-8 is delivered with replacement characters, and a warning", async () => {
  const { gateway, connect, journal } = start();
  const ann = await connect();

  gateway.post(ann.connectionId, Buffer.from([0x61, 0xff]));

  expect(ann.sent).toEqual(["a\ufffd"]);
  expect(journal.entries().filter(({ type }) => type === "warning")).toHaveLength(1);
});

test("a call of the management API gets its effect, which has its cause", async () => {
  const { gateway, connect, journal } = start();
  const ann = await connect();
  const [posting, removing]: CallFacts[] = [{ because: 7 as FactId }, { because: 8 as FactId }];

  gateway.post(ann.connectionId, body("x"), posting);
  gateway.post(ann.connectionId, Buffer.from([0xff]), { because: 9 as FactId });
  gateway.remove(ann.connectionId, removing);
  const late: CallFacts = { because: 10 as FactId };
  expect(gateway.remove(ann.connectionId, late)).toBe(false);

  const [sent] = journal.entries().filter(({ type }) => type === "frame.sent");
  const closed = journal.entries().find(({ type }) => type === "connection.closed");
  const warning = journal.entries().find(({ type }) => type === "warning");
  expect([sent?.causedBy, closed?.causedBy, warning?.causedBy]).toEqual([7, 8, 9]);
  expect([posting?.effect, removing?.effect]).toEqual([sent?.id, closed?.id]);
  expect(warning).toMatchObject({
    message: `A post to ${ann.connectionId} was not UTF-8; wsgw replaced its invalid bytes.`,
  });
  expect(late.effect).toBeUndefined();
});

test("lists the open connections, oldest first", async () => {
  const { gateway, connect, clock } = start();
  const ann = await connect();
  clock.advance(5);
  const bob = await connect();
  const described = { stage: "dev", sourceIp: "127.0.0.1", userAgent: undefined };
  const [at, later] = [clock.now() - 5, clock.now()];

  expect(gateway.list()).toEqual([
    { connectionId: ann.connectionId, ...described, connectedAt: at, lastActiveAt: at },
    { connectionId: bob.connectionId, ...described, connectedAt: later, lastActiveAt: later },
  ]);
});

test("inside $disconnect the connection is gone already", async () => {
  const seen: unknown[] = [];
  const { gateway, connect } = start(ALL, {
    disconnect: async (call) => {
      const { connectionId } = contextOf(call);
      seen.push(gateway.post(connectionId, body("bye")));
      return OK;
    },
  });
  const ann = await connect();

  gateway.closed(ann.connectionId, 1000, "");
  await gateway.idle();

  expect(seen).toEqual([{ kind: "gone" }]);
});

test("a $disconnect that fails affects no other client and is not retried", async () => {
  const failure: Outcome = { kind: "failed", errorType: "Error", errorMessage: "boom", trace: [] };
  const { gateway, connect, disconnects } = start(ALL, {
    disconnect: () => Promise.resolve(failure),
  });
  const [ann, bob] = [await connect(), await connect()];

  gateway.closed(ann.connectionId, 1000, "");
  await gateway.idle();

  expect(disconnects()).toHaveLength(1);

  expect(gateway.post(bob.connectionId, body("still here"))).toEqual({ kind: "delivered" });
});

test.each<[string, (started: Started, client: Client) => unknown]>([
  ["a message from the client", (_, { say }) => say('{"action":"join"}')],
  ["a message that no route takes", (_, { say }) => say("hello")],
  [
    "a post from the server",
    ({ gateway }, { connectionId }) => gateway.post(connectionId, body("x")),
  ],
])("%s restarts the ten idle minutes", async (_, speak) => {
  const started = start();
  const ann = await started.connect();

  started.clock.advance(9 * MINUTE);
  await speak(started, ann);
  started.clock.advance(9 * MINUTE);
  expect(ann.closes).toEqual([]);
  started.clock.advance(MINUTE);

  expect(ann.closes).toEqual([{ code: 1001, reason: "Going away" }]);
});

test.each([
  [false, 1],
  [true, 0],
])(
  "pings put the idle limit off only if the setting says so: %s",
  async (pingsResetIdle, closes) => {
    const { connect, clock, gateway } = start(ALL, {}, { pingsResetIdle });
    const ann = await connect();

    clock.advance(9 * MINUTE);
    gateway.pinged(ann.connectionId);
    clock.advance(MINUTE);

    expect(ann.closes).toHaveLength(closes);
  },
);

test("a connection that talks on is closed after two hours", async () => {
  const { connect, clock, gateway, journal } = start();
  const ann = await connect();

  for (let minutes = 0; minutes < 115; minutes += 5) {
    clock.advance(5 * MINUTE);
    gateway.post(ann.connectionId, body("tick"));
  }
  expect(ann.closes).toEqual([]);
  clock.advance(5 * MINUTE);

  expect(ann.closes).toEqual([{ code: 1001, reason: "Going away" }]);
  expect(journal.entries().find(({ type }) => type === "connection.closed")).toMatchObject({
    because: "age",
  });
});

test("each connection has its own idle limit", async () => {
  const { connect, clock } = start();
  const ann = await connect();
  clock.advance(4 * MINUTE);
  const bob = await connect();

  clock.advance(6 * MINUTE);
  expect([ann.closes.length, bob.closes.length]).toEqual([1, 0]);
  clock.advance(4 * MINUTE);

  expect(bob.closes).toHaveLength(1);
});

test("describing a connection tells when it was last active, and does not make it active", async () => {
  const { connect, clock, gateway } = start();
  const ann = await connect();
  const connectedAt = clock.now();
  clock.advance(2500);
  await ann.say('{"action":"join"}');
  clock.advance(MINUTE);

  gateway.describe(ann.connectionId);

  expect(gateway.describe(ann.connectionId)).toEqual({
    sourceIp: "127.0.0.1",
    userAgent: undefined,
    connectedAt,
    lastActiveAt: connectedAt + 2500,
  });
});

test("a reply to a client that has left goes nowhere", async () => {
  const slow = held();
  const { connect, gateway } = start(ALL, { ask: () => slow.promise });
  const ann = await connect();
  const answered = ann.say('{"action":"ask"}');

  gateway.closed(ann.connectionId, 1001, "");
  slow.release({ kind: "returned", payload: '{"statusCode":200,"body":"late"}' });
  await answered;

  expect(ann.sent).toEqual([]);
});

test("messages in flight when the connection closed are dropped", async () => {
  const { connect, gateway, calls } = start();
  const ann = await connect();
  gateway.oversized(ann.connectionId);
  const before = calls.length;

  await ann.say('{"action":"join"}');

  expect(calls).toHaveLength(before);
});

test("an updated definition decides the next message; open connections stay", async () => {
  const { connect, gateway, calls } = start();
  const ann = await connect();

  gateway.update(api([route("$disconnect"), route("leave")]));
  await ann.say('{"action":"leave"}');

  expect(calls.at(-1)?.functionName).toBe("leave");
  expect(ann.closes).toEqual([]);
});

test("the journal tells a message's way with the reason of the route", async () => {
  const { connect, journal } = start([...ALL, route("$default")]);
  const ann = await connect();

  await ann.say("hello");

  const facts = journal.entries().filter((entry) => entry.seq > 2);
  expect(facts.map(({ type }) => type)).toEqual([
    "message.received",
    "route.selected",
    "message.answered",
  ]);
  expect(facts[1]).toMatchObject({ selection: { routeKey: "$default", because: "not-json" } });
  expect(facts[2]).toMatchObject({ answer: "silence", because: "one-way", routeKey: "$default" });
});

test("a bug in the way of a message is not hushed up", async () => {
  const { connect } = start(ALL, { join: () => Promise.reject(new Error("a bug")) });
  const ann = await connect();

  await expect(ann.say('{"action":"join"}')).rejects.toThrow("a bug");
});
