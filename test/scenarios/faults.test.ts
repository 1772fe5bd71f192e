import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { gatewayFor } from "./support.ts";

const config = fileURLToPath(new URL("../../wsgw.config.ts", import.meta.url));
const HELLO = { message: "sendmessage", data: "hello" };

test("the chat forgets a connection whose $disconnect never came", async () => {
  const gateway = await gatewayFor(config);
  const ann = await gateway.connect();
  const stale = await gateway.faults.staleConnection();

  ann.sendJson(HELLO);
  await gateway.settled();

  expect(gateway.posts(stale)).toMatchObject([{ statusCode: 410 }]);
  expect(await gateway.table("connections").items()).toEqual([{ connectionID: ann.connectionId }]);
});

test("one connection that is throttled does not keep the others from hearing", {
  tags: ["journey"],
}, async () => {
  const gateway = await gatewayFor(config);
  const [ann, bob] = [await gateway.connect(), await gateway.connect()];
  gateway.faults.post({ connection: bob }).limitExceeded();

  ann.sendJson(HELLO);
  await ann.expectNext('"hello"');
  await gateway.settled();

  expect(bob.received).toEqual([]);
  expect(gateway.invocations("sendmessage")[0]?.logs[0]).toMatch(/LimitExceededException/);
  gateway.faults.assertAllFired();
});

test("a process that is killed in the middle of an event is followed by another, which meets the same faults", {
  tags: ["journey"],
}, async () => {
  const gateway = await gatewayFor(config, { runtime: "child-process" });
  const ann = await gateway.connect();
  gateway.faults.function("sendmessage", { nth: 1 }).crashes();

  ann.sendJson(HELLO);
  await ann.expectNext({ message: "Internal server error" });
  ann.sendJson(HELLO);
  await ann.expectNext('"hello"');

  const bob = await gateway.connect();
  gateway.faults.post({ connection: bob, nth: 1 }).gone();
  gateway.faults.route("sendmessage", { nth: 2 }).fails("out of luck");
  gateway.faults.disconnect({ connection: ann }).never();

  ann.sendJson(HELLO);
  await gateway.settled();
  ann.sendJson(HELLO);
  await ann.expectMessage({ message: "Internal server error" });
  await ann.close();
  await gateway.settled();

  expect(bob.received).toEqual([]);
  expect(await gateway.table("connections").items()).toEqual([{ connectionID: ann.connectionId }]);
  gateway.faults.assertAllFired();
});
