import { expect, test } from "vitest";
import { ask, startedWithSteps } from "./faulty-gateways.ts";

test("a post that is gone is what the SDK calls a GoneException, and nothing arrives", async () => {
  const gateway = await startedWithSteps();
  const [ann, bob] = [await gateway.connect(), await gateway.connect()];
  gateway.faults.post({ connection: bob, nth: 2 }).gone();
  const post = { do: "post", to: bob.connectionId };

  ann.sendJson(ask({ ...post, data: "1" }, { ...post, data: "2" }, { ...post, data: "3" }));

  const [first, second, third] = (await ann.nextJson()) as object[];
  expect([first, third]).toEqual(["ok", "ok"]);
  expect(second).toMatchObject({ name: "GoneException", status: 410, attempts: 1 });
  expect(bob.received).toEqual(["1", "3"]);
  expect(gateway.posts(bob.connectionId).map(({ statusCode }) => statusCode)).toEqual([
    200, 410, 200,
  ]);
});

test("a throttled post is a LimitExceededException after every attempt of the SDK", {
  tags: ["journey"],
}, async () => {
  const gateway = await startedWithSteps();
  const ann = await gateway.connect();
  const fault = gateway.faults.post({ nth: 1, function: "all" }).limitExceeded();
  const post = { do: "post", to: ann.connectionId };

  ann.sendJson(ask(post, post));

  const [, told] = [await ann.expectNext("hi"), (await ann.nextJson()) as object[]];
  expect(told[0]).toMatchObject({ name: "LimitExceededException", status: 429, attempts: 2 });
  expect(told[1]).toBe("ok");
  expect(fault.fired).toBe(2);
});

test("a call of which only the first attempt fails goes well in the end", async () => {
  const gateway = await startedWithSteps();
  const ann = await gateway.connect();
  const fault = gateway.faults.post({ attempts: 1 }).limitExceeded();

  ann.sendJson(ask({ do: "post", to: ann.connectionId }));

  await ann.expectMessage(["ok"]);
  expect(fault.fired).toBe(1);
  expect(ann.received[0]).toBe("hi");
});

test("a slow post is delivered at once and answered when the clock has moved", async () => {
  const gateway = await startedWithSteps();
  const [ann, bob] = [await gateway.connect(), await gateway.connect()];
  gateway.faults.post({ connection: bob }).slow("2s");

  ann.sendJson(ask(...["1", "2"].map((data) => ({ do: "post", to: bob.connectionId, data }))));
  await bob.expectNext("1");
  await gateway.clock.advance(1_999);
  expect(gateway.invocations("all").at(-1)?.state).toBe("running");
  await gateway.clock.advance(2_001);

  await ann.expectNext(["ok", "ok"]);
  expect(bob.received).toEqual(["1", "2"]);
  expect(gateway.invocations("all").at(-1)?.durationMs).toBe(4_000);
});

test("a post that is delivered late misses a client that has left meanwhile", async () => {
  const gateway = await startedWithSteps();
  const [ann, bob] = [await gateway.connect(), await gateway.connect()];
  gateway.faults.post({ connection: bob }).deliveredLate("2s");

  ann.sendJson(ask({ do: "post", to: bob.connectionId }));
  await gateway.fact("fault.injected");
  await bob.close();
  await gateway.clock.advance("2s");

  expect(await ann.nextJson()).toMatchObject([{ name: "GoneException" }]);
});
