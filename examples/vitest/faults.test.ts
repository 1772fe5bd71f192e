import { expect, onTestFinished, test } from "vitest";
import { type GatewayOptions, startGateway } from "wsgw/testing";

async function startChat(options: GatewayOptions = {}) {
  const gateway = await startGateway("wsgw.config.ts", options);
  onTestFinished(() => gateway.stop());
  const connect = () => gateway.connect({ query: { token: "letmein" } });
  return { gateway, connect };
}

test("a message comes five minutes later", async () => {
  const { gateway, connect } = await startChat({ virtualTime: true });
  const ann = await connect();

  ann.sendJson({ action: "sayLater", text: "hello", afterMs: 5 * 60_000 });
  await gateway.clock.advance("4m59s");
  expect(ann.received).not.toContain('{"text":"hello"}');
  await gateway.clock.advance("1s");

  await ann.expectMessage({ text: "hello" });
});

test("who speaks is told when somebody could not be reached", async () => {
  const { gateway, connect } = await startChat();
  const [ann, bob] = [await connect(), await connect()];
  gateway.faults.post({ connection: bob }).limitExceeded();

  ann.sendJson({ action: "say", text: "hello" });

  await expect(ann).toHaveReceivedJson({ message: "Internal server error" });
  gateway.faults.assertAllFired();
});

test("a client that left without a $disconnect is forgotten with the next message", async () => {
  const { gateway, connect } = await startChat();
  const [ann, bob] = [await connect(), await connect()];
  gateway.faults.disconnect({ connection: bob }).never();

  await bob.close();
  ann.sendJson({ action: "say", text: "hello" });
  await gateway.settled();

  expect(await gateway.table("connections").items()).toEqual([{ connectionId: ann.connectionId }]);
});
