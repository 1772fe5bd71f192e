import { expect, test } from "vitest";
import type { WebSocketEvent } from "../../src/testing/index.ts";
import { api, started, startedFrom, startedWith } from "./gateways.ts";

const echo = async (event: WebSocketEvent) => ({
  statusCode: 200,
  body: "body" in event ? event.body : "",
});
const say = (text: string) => ({ action: "ask", text });
const ERROR = { message: "Internal server error" };

test("a function that fails is not called, and its client gets API Gateway's error", async () => {
  let calls = 0;
  const gateway = await startedWith(async () => {
    calls += 1;
    return { statusCode: 200, body: "fine" };
  });
  const ann = await gateway.connect();
  gateway.faults.function("all", { nth: 2 }).fails(new TypeError("no such luck"));

  for (let n = 1; n <= 3; n += 1) ann.sendJson(say(`${n}`));
  await gateway.settled();

  expect(ann.received.filter((text) => text === "fine")).toHaveLength(2);
  expect(ann.received.filter((text) => text.includes(ERROR.message))).toHaveLength(1);
  expect(calls).toBe(3);
  expect(gateway.invocations("all").find(({ state }) => state === "failed")?.error).toMatchObject({
    errorType: "TypeError",
    errorMessage: "no such luck",
  });
});

test("a function may have done its work when it fails or its process ends", async () => {
  let calls = 0;
  const gateway = await startedWith(async () => {
    calls += 1;
    return { statusCode: 200 };
  });
  const ann = await gateway.connect();
  gateway.faults.route("$default", { nth: 1 }).fails("after all", { work: "done" });
  gateway.faults.route("$default", { nth: 2 }).crashes({ work: "done" });

  ann.send("1");
  await ann.expectNext(expect.objectContaining(ERROR));
  ann.send("2");
  await ann.expectNext(expect.objectContaining(ERROR));
  ann.send("3");
  await gateway.settled();

  expect(calls).toBe(4);
  expect(gateway.invocations().map(({ error }) => error?.errorType)).toEqual([
    undefined,
    "Error",
    "Runtime.ExitError",
    undefined,
  ]);
});

test("a route whose function fails rejects the handshake", async () => {
  const gateway = await startedWith(echo);
  gateway.faults.route("$connect", { nth: 1 }).fails();

  expect(await gateway.handshake()).toMatchObject({ kind: "refused", statusCode: 502 });
  expect(await gateway.handshake()).toMatchObject({ kind: "open" });
});

test.each([{ work: "skipped" }, { work: "done" }] as const)(
  "a function that times out does so at its own limit, with its work %o",
  async (options) => {
    const gateway = await startedFrom(
      "exports.handler = async () => { console.log('called'); return { statusCode: 200 }; };",
      api({ functions: { all: { handler: "app.handler", timeout: 7 } } }),
    );
    const ann = await gateway.connect();
    gateway.faults.route("ask").timesOut(options);

    ann.sendJson(say("x"));
    await gateway.fact("fault.injected");
    await gateway.clock.advance(6_999);
    expect(ann.received).toEqual([]);
    await gateway.clock.advance(1);

    await ann.expectNext(expect.objectContaining(ERROR));
    const [, asked] = gateway.invocations("all");
    expect(asked).toMatchObject({ state: "failed", durationMs: 7_000 });
    expect(asked?.error?.errorMessage).toMatch(/Task timed out after 7.00 seconds$/);
    expect(asked?.logs).toEqual(options.work === "done" ? ["called"] : []);
  },
);

test("only a cold start is slow, by the clock", async () => {
  const gateway = await startedWith(echo);
  const fault = gateway.faults.function("all").startsSlowly("3s");

  const opening = gateway.connect();
  await gateway.fact("fault.injected");
  await gateway.clock.advance("3s");
  const ann = await opening;
  ann.sendJson(say("x"));
  await ann.next();

  const [cold, warm] = gateway.facts("function.ended");
  expect([cold?.durationMs, warm?.durationMs]).toEqual([3_000, 0]);
  expect(cold?.initMs).toBeGreaterThanOrEqual(3_000);
  expect(fault.fired).toBe(1);
});

test("an environment that ended before it had started does not run the event later", async () => {
  const ran: string[] = [];
  const gateway = await startedWith(async (event) => {
    ran.push(event.requestContext.eventType);
    return { statusCode: 200 };
  });
  gateway.faults.route("$connect").startsSlowly("1h");

  const opening = gateway.handshake();
  await gateway.fact("fault.injected");
  await gateway.clock.advance("1m");
  expect((await opening).kind).toBe("refused");
  await gateway.clock.advance("2h");
  await gateway.settled();

  expect(ran).toEqual([]);
});

test("answers come out of order when the first is held", async () => {
  const gateway = await startedWith(echo);
  const ann = await gateway.connect();
  const first = gateway.faults.route("ask", { nth: 1 }).holdsAnswer();

  ann.sendJson(say("first"));
  ann.sendJson(say("second"));
  await ann.expectNext(expect.objectContaining({ text: "second" }));
  first.release();

  await ann.expectNext(expect.objectContaining({ text: "first" }));
});

test("answers that come after the release are not held", async () => {
  const gateway = await startedWith(echo);
  const ann = await gateway.connect();
  const held = gateway.faults.route("ask").holdsAnswer();

  held.release();
  ann.sendJson(say("after it"));

  await ann.expectNext(expect.objectContaining({ text: "after it" }));
});

test("a late answer waits for the gateway's clock", async () => {
  const gateway = await startedWith(echo);
  const [ann, bob] = [await gateway.connect(), await gateway.connect()];
  gateway.faults.route("ask", { connection: ann }).answersLate("5s");

  ann.sendJson(say("late"));
  bob.sendJson(say("at once"));
  await bob.next();
  await gateway.clock.advance(4_999);
  expect(ann.received).toEqual([]);
  await gateway.clock.advance(1);

  await ann.next();
});

test("an answer that is later than its route waits is an error for the client", async () => {
  const ask = { function: "all", routeResponse: true, integrationTimeout: 10_000 };
  const gateway = await started(api({ routes: { ask } }), { handlers: { all: echo } });
  const ann = await gateway.connect();
  gateway.faults.route("ask").answersLate("15s");

  ann.sendJson(say("x"));
  await gateway.clock.advance("10s");

  await ann.expectNext(expect.objectContaining({ message: "Endpoint request timed out" }));
});
