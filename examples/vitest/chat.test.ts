import { expect, onTestFinished, test } from "vitest";
import { type GatewayOptions, startGateway } from "wsgw/testing";

async function startChat(options: GatewayOptions = {}) {
  const gateway = await startGateway("wsgw.config.ts", options);
  onTestFinished(() => gateway.stop());
  const connect = () => gateway.connect({ query: { token: "letmein" } });
  return { gateway, connect };
}

test("what one says, all hear", async () => {
  const { connect } = await startChat();
  const [ann, bob] = [await connect(), await connect()];

  ann.sendJson({ action: "say", text: "hello" });

  await expect(ann).toHaveReceivedJson({ text: "hello" });
  await expect(bob).toHaveReceivedJson({ text: "hello" });
});

test("a connection that is gone is forgotten", async () => {
  const { gateway, connect } = await startChat();
  const ann = await connect();
  const gone = "Xux7aeaAFiACHZQ=";
  await gateway.table("connections").put({ connectionId: gone });

  ann.sendJson({ action: "say", text: "hello" });
  await ann.expectNext({ text: "hello" });
  await gateway.settled();

  expect(gateway.posts(gone)).toMatchObject([{ statusCode: 410 }]);
  expect(await gateway.table("connections").items()).toEqual([{ connectionId: ann.connectionId }]);
});

test("who is silent for ten minutes is closed, and leaves no row", async () => {
  const { gateway, connect } = await startChat();
  const ann = await connect();

  await gateway.clock.advance("10m");

  await expect(ann).toBeClosedWith(1001, "Going away");
  await expect(gateway).toHaveInvoked("disconnect");
  expect(await gateway.table("connections").items()).toEqual([]);
});

test("who brings no token is refused", async () => {
  const { gateway } = await startChat();

  const handshake = await gateway.handshake({ query: { token: "wrong" } });

  await expect(handshake).toBeRefusedWith(401);
  expect(gateway.connections).toEqual([]);
});

test("handlers wait for all that they begin", async () => {
  const { gateway, connect } = await startChat();
  const ann = await connect();

  ann.sendJson({ action: "say", text: "hello" });
  await gateway.settled();
  expect(gateway.facts("function.unfinished")).toEqual([]);

  ann.sendJson({ action: "sayCarelessly", text: "hello" });
  await gateway.settled();
  expect(gateway.facts("function.unfinished")).toMatchObject([
    { functionName: "sayCarelessly", calls: [expect.stringMatching(/^POST .*@connections/)] },
  ]);
});
