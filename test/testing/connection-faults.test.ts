import { expect, test } from "vitest";
import { ask, startedWithSteps } from "./faulty-gateways.ts";

test("a line that is lost unnoticed has no $disconnect and takes posts until the idle limit", async () => {
  const gateway = await startedWithSteps();
  const [ann, bob] = [await gateway.connect(), await gateway.connect()];

  gateway.faults.vanish(bob);
  await gateway.settled();
  ann.sendJson(ask({ do: "post", to: bob.connectionId }));
  await ann.expectNext(["ok"]);
  expect(gateway.connections.map(({ connectionId }) => connectionId)).toContain(bob.connectionId);
  expect(await gateway.table("connections").items()).toHaveLength(2);
  await gateway.clock.advance("10m");
  await gateway.settled();

  expect(gateway.facts("connection.closed", { connectionId: bob.connectionId })).toMatchObject([
    { by: "gateway", because: "idle" },
  ]);
  expect(await gateway.table("connections").items()).toEqual([]);
});

test("without $disconnect the id stays in the table", async () => {
  const gateway = await startedWithSteps();
  const [ann, bob] = [await gateway.connect(), await gateway.connect()];
  gateway.faults.disconnect({ connection: ann }).never();

  ann.vanish();
  await bob.close();
  await gateway.settled();

  expect(await gateway.table("connections").items()).toEqual([{ id: ann.connectionId }]);
});

test("a late $disconnect comes when the clock has moved", async () => {
  const gateway = await startedWithSteps();
  const ann = await gateway.connect();
  gateway.faults.disconnect().late("5s");

  await ann.close();
  await gateway.settled();
  expect(await gateway.table("connections").items()).toHaveLength(1);
  await gateway.clock.advance("5s");
  await gateway.settled();

  expect(await gateway.table("connections").items()).toEqual([]);
});

test("a stale id is in the table and unknown to the gateway", async () => {
  const gateway = await startedWithSteps();
  const ann = await gateway.connect();

  const stale = await gateway.faults.staleConnection({ item: { room: "hall" } });
  expect(gateway.faults.unused().map(({ description }) => description)).toEqual([
    "staleConnection()",
  ]);
  ann.sendJson(ask({ do: "post", to: stale }));

  expect(await ann.nextJson()).toMatchObject([{ name: "GoneException", status: 410 }]);
  expect(await gateway.table("connections").items()).toContainEqual({ id: stale, room: "hall" });
  expect(stale).toHaveLength(ann.connectionId.length);
  gateway.faults.assertAllFired();
});

test("a message is handled while its sender is leaving", async () => {
  const gateway = await startedWithSteps();
  const [ann, bob] = [await gateway.connect(), await gateway.connect()];
  gateway.faults.function("all", { connection: ann }).senderLeaves({ disconnect: "first" });

  ann.sendJson(
    ask({ do: "post", to: ann.connectionId }, { do: "post", to: bob.connectionId, data: "bye" }),
  );
  await bob.expectNext("bye");
  await gateway.settled();

  const message = gateway.invocations("all").find(({ event }) => "body" in event)!;
  const [gone, delivered] = JSON.parse((message.result as { body: string }).body);
  expect(gone).toMatchObject({ name: "GoneException" });
  expect(delivered).toBe("ok");
  expect(gateway.facts("fault.injected", { connectionId: ann.connectionId })).toHaveLength(1);
  expect(await gateway.table("connections").items()).toEqual([{ id: bob.connectionId }]);
});

test("a cleared stale connection has no effect any more", async () => {
  const gateway = await startedWithSteps();
  const stale = await gateway.faults.staleConnection();

  gateway.faults.clear();
  const ann = await gateway.connect();
  ann.sendJson(ask({ do: "post", to: stale }));
  await gateway.settled();

  expect(gateway.posts(stale)).toMatchObject([{ statusCode: 410 }]);
  expect(gateway.facts("fault.injected")).toEqual([]);
});
