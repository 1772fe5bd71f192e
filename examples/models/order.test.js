import assert from "node:assert/strict";
import { once } from "node:events";
import { test } from "node:test";
import { WebSocket } from "ws";
import { startGateway } from "wsgw/testing";

const to = { street: "Main Street 1", city: "Cork" };

async function connected(t) {
  const gateway = await startGateway("template.yaml");
  t.after(() => gateway.stop());
  const socket = new WebSocket(gateway.url);
  await once(socket, "open");
  t.after(() => socket.close());
  return { gateway, socket };
}

async function answer(socket, order) {
  socket.send(JSON.stringify({ action: "order", ...order }));
  const [message] = await once(socket, "message");
  return String(message);
}

test("an order that fits its model is taken", async (t) => {
  const { socket } = await connected(t);

  assert.equal(await answer(socket, { kind: "parcel", to, grams: 500 }), "parcel to Cork");
  assert.equal(await answer(socket, { kind: "letter", to }), "letter to Cork");
});

test("an order that does not fit is refused, and the function does not run", async (t) => {
  const { gateway, socket } = await connected(t);

  for (const order of [
    { kind: "parcel", to, grams: 0 },
    { kind: "parcel", to: { city: "Cork" }, grams: 500 },
    { kind: "telegram", to },
  ]) {
    assert.equal(JSON.parse(await answer(socket, order)).message, "Invalid request body");
  }

  assert.deepEqual(gateway.invocations("Order"), []);
  assert.deepEqual(
    gateway.facts("message.answered").map(({ because }) => because),
    [
      "the message does not match the model parcel: [numeric instance is not strictly greater than the required minimum 0]",
      'the message does not match the model parcel: [object has missing required properties (["street"])]',
      'the route has no model for "telegram"',
    ],
  );
});
