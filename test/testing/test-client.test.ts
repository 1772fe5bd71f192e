import { expect, test } from "vitest";
import type { TestClient, WsgwError } from "../../src/testing/index.ts";
import { api, ok, started, startedFrom, startedPosting, startedWith } from "./gateways.ts";

/** A client whose every message comes back `times` over. */
async function echoed(): Promise<TestClient> {
  const gateway = await startedWith(async (event) => ({
    statusCode: 200,
    body: "body" in event ? JSON.parse(event.body).say : "",
  }));
  return gateway.connect();
}

const say = (client: TestClient, ...texts: readonly string[]) => {
  for (const text of texts) client.sendJson({ action: "ask", say: text });
};

const failureOf = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: WsgwError) => error,
  );

test("returns messages once, in order, and all of them are in received", async () => {
  const ann = await echoed();

  say(ann, "a", '{"n":1}');

  expect(await ann.next()).toBe("a");
  expect(await ann.nextJson()).toEqual({ n: 1 });
  expect(ann.received).toEqual(["a", '{"n":1}']);
});

test("expectNext takes the next message and no other", async () => {
  const ann = await echoed();
  say(ann, '{"type":"greeting","at":5}', "b");

  await ann.expectNext({ type: "greeting", at: expect.any(Number) });
  const error = await failureOf(ann.expectNext(/^c/));

  expect(error).toMatchObject({ code: "EXPECTATION_FAILED" });
  expect(error?.message).toContain('The next message should be /^c/, but is "b".');
  expect(error?.message).toContain("What happened last:");
});

test("expectMessage takes a message that may come after others, which stay", async () => {
  const ann = await echoed();
  const awaited = ann.expectMessage((text) => text.startsWith("b"));

  say(ann, "a", "bee", "c");

  expect(await awaited).toBe("bee");
  expect([await ann.next(), await ann.next()]).toEqual(["a", "c"]);
});

test("a wait that is over says what was awaited, what was received and what happened", async () => {
  const ann = await echoed();
  say(ann, "a");
  await expect.poll(() => ann.received).toEqual(["a"]);

  const error = await failureOf(ann.expectMessage({ type: "b" }, { timeoutMs: 50 }));

  expect(error).toMatchObject({ code: "WAIT_TIMED_OUT" });
  expect(error?.message).toContain(
    `No message like { type: 'b' } came within 50 ms; received "a".`,
  );
  expect(error?.message).toMatch(/client 1 is sent "a" \(reply\)/);
});

test("a limit of its own is kept by each wait", async () => {
  const ann = await echoed();

  expect((await failureOf(ann.next({ timeoutMs: 5 })))?.message).toContain("within 5 ms");
  expect((await failureOf(ann.expectClosed(1000, "", { timeoutMs: 5 })))?.message).toContain(
    "was not closed within 5 ms",
  );
});

test("expectNothing fails on a message that was not returned, without waiting for a time", async () => {
  const ann = await echoed();
  await ann.expectNothing();

  say(ann, "a", "b");
  await ann.expectNext("a");
  const error = await failureOf(ann.expectNothing());

  expect(error?.message).toContain('No message should come, but "b" did.');
  await ann.expectNext("b");
  await ann.expectNothing();
});

test("expectClosed compares code and reason", async () => {
  const gateway = await startedWith(ok);
  const ann = await gateway.connect();
  await gateway.clock.advance("10m");

  expect(await ann.expectClosed(1001, /^Going/)).toEqual({ code: 1001, reason: "Going away" });
  const error = await failureOf(ann.expectClosed(1000));

  expect(error?.message).toContain('should be closed with 1000, but was with 1001 "Going away".');
});

test("waiting on a connection that has ended fails at once, after what came before has been taken", async () => {
  const ann = await echoed();
  say(ann, "a");
  await ann.expectMessage("a");
  const waiting = failureOf(ann.next());

  await ann.close(4000, "enough");

  expect(await waiting).toMatchObject({ code: "CONNECTION_CLOSED" });
  expect((await waiting)?.message).toContain('closed with 4000 "enough" before message came');
});

test("fragments arrive as one message", async () => {
  const bodies: unknown[] = [];
  const gateway = await startedWith(async (event) => {
    if ("body" in event) bodies.push(event.body);
    return { statusCode: 200 };
  });
  const ann = await gateway.connect();

  ann.sendFragments(["one ", "two ", "three"]);
  await gateway.settled();

  expect(bodies).toEqual(["one two three"]);
});

test("a client that vanishes is seen to be lost, by no close frame", async () => {
  const gateway = await startedWith(ok);
  const ann = await gateway.connect();

  ann.vanish();

  expect(await gateway.fact("connection.closed")).toMatchObject({ code: 1006, because: "lost" });
});

test("each client has the source address and the user agent that the test gives it", async () => {
  const gateway = await startedWith(ok);
  await gateway.connect({ sourceIp: "203.0.113.7", userAgent: "ann/1" });
  await gateway.connect({ sourceIp: "2001:db8::1" });
  await gateway.connect();

  const events = gateway.invocations("all").map(({ event }) => event);
  expect(events.map(({ requestContext }) => requestContext.identity)).toEqual([
    { userAgent: "ann/1", sourceIp: "203.0.113.7" },
    { sourceIp: "2001:db8::1" },
    { sourceIp: "127.0.0.1" },
  ]);
  expect(events[0]).toMatchObject({ headers: { "X-Forwarded-For": "203.0.113.7" } });
  expect(JSON.stringify(events)).not.toMatch(/x-wsgw/i);
  expect(gateway.connections.map(({ sourceIp }) => sourceIp)).toEqual([
    "203.0.113.7",
    "2001:db8::1",
    "127.0.0.1",
  ]);
  expect((await failureOf(gateway.connect({ sourceIp: "here" })))?.message).toContain(
    'sourceIp "here" is not an IP address.',
  );
});

test("no header of a client's own changes its address", async () => {
  const gateway = await startedWith(ok);

  await gateway.connect({
    headers: { "X-Forwarded-For": "203.0.113.7", "x-wsgw-source": "1.2.3.4" },
  });

  expect(gateway.connections[0]?.sourceIp).toBe("127.0.0.1");
});

test("a rejected handshake is a value, and an error if a client is expected", async () => {
  const gateway = await startedWith(async () => ({ statusCode: 401 }));

  expect(await gateway.handshake()).toMatchObject({ kind: "refused", statusCode: 401 });
  const error = await failureOf(gateway.connect());

  expect(error).toMatchObject({ code: "CONNECTION_REFUSED" });
  expect(error?.message).toContain("rejected the handshake with HTTP 401");
  expect(error?.message).toContain("client 2 is rejected with HTTP 401");
});

test("a handshake that is accepted gives the same kind of client", async () => {
  const gateway = await startedWith(ok);

  const result = await gateway.handshake();

  expect(result).toMatchObject({
    kind: "open",
    client: { connectionId: gateway.connections[0]?.connectionId },
  });
});

test("the table is read, filled and emptied in plain values, under either of its names", async () => {
  const gateway = await started(
    api({ connectionTable: { environmentVariable: "TABLE", attribute: "id" } }),
    { handlers: { all: ok } },
  );
  const table = gateway.table("connections");

  await table.put({ id: "a", count: 1, tags: new Set(["x"]), nested: { list: [true, null] } });
  await table.put({ id: "b" });
  expect(await table.items()).toEqual(
    expect.arrayContaining([
      { id: "a", count: 1, tags: new Set(["x"]), nested: { list: [true, null] } },
      { id: "b" },
    ]),
  );
  const nameOnAws = gateway.project.tables.connections?.name ?? "";
  expect(nameOnAws).not.toBe("connections");
  expect(await gateway.table(nameOnAws).items()).toHaveLength(2);
  await table.clear();

  expect(await table.items()).toEqual([]);
  expect(() => gateway.table("people")).toThrow(
    'The API has no table "people". It has connections.',
  );
});

test("invocations tell event, result, logs, duration and whether they were cold", async () => {
  const gateway = await startedFrom(`
    exports.handler = async (event) => {
      if (event.body === "fail") throw new TypeError("no");
      console.log("saw", event.requestContext.eventType);
      return { statusCode: 200, body: "done" };
    };`);
  const ann = await gateway.connect();
  ann.send("fail");
  await gateway.settled();

  expect(gateway.invocations("all")).toMatchObject([
    {
      functionName: "all",
      connectionId: ann.connectionId,
      event: { requestContext: { eventType: "CONNECT" } },
      state: "returned",
      result: { statusCode: 200, body: "done" },
      error: undefined,
      logs: ["saw CONNECT"],
      durationMs: 0,
      cold: true,
    },
    {
      event: { body: "fail" },
      state: "failed",
      result: undefined,
      error: { errorType: "TypeError", errorMessage: "no" },
      cold: false,
    },
  ]);
  expect(() => gateway.invocations("al")).toThrow('The API has no function "al". It has all.');
});

test("posts tell text and status, also of those to a connection that is gone", async () => {
  const gateway = await startedPosting();
  const ann = await gateway.connect();
  const gone = "Xux7aeaAFiACHZQ=";

  ann.sendJson({ to: [ann.connectionId, gone], data: "hi" });
  await gateway.settled();

  expect(gateway.posts(ann.connectionId)).toEqual([
    { connectionId: ann.connectionId, statusCode: 200, text: "hi", functionName: "all" },
  ]);
  expect(gateway.posts(gone)).toMatchObject([{ statusCode: 410, text: undefined }]);
  expect(gateway.posts()).toHaveLength(2);
});

test("selects facts by their values, which may contain matchers, or by a function", async () => {
  const ann = await echoed();
  const bob = await echoed();
  say(ann, "a", "b");
  say(bob, "c");
  await ann.expectMessage("b");
  const gateway = await startedWith(ok, { waitMs: 5 });
  await gateway.connect();

  expect(gateway.facts("connection.opened")).toHaveLength(1);
  expect(gateway.facts("connection.requested", { url: "/dev" })).toHaveLength(1);
  expect(gateway.facts("connection.requested", { url: /other/ })).toHaveLength(0);
  expect(gateway.facts("function.ended", ({ outcome }) => outcome.kind === "failed")).toEqual([]);
  const error = await failureOf(gateway.fact("connection.closed", { code: 1000 }));

  expect(error?.message).toContain(
    'No fact "connection.closed" with { code: 1000 } came within 5 ms.',
  );
  expect(error?.message).toContain("client 1 is open");
});

test("the parameters of `query` are added to those of the path", async () => {
  const gateway = await startedWith(ok);

  await gateway.connect({ path: "/dev?room=a&x=1", query: { x: "2", y: ["3", "4"] } });

  const [connect] = gateway.invocations("all");
  expect(connect?.event).toMatchObject({
    multiValueQueryStringParameters: { room: ["a"], x: ["1", "2"], y: ["3", "4"] },
  });
});
