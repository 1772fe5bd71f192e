import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { test } from "node:test";
import { WebSocket } from "ws";
import { startGateway } from "wsgw/testing";

async function connected(t, parameters = {}) {
  const gateway = await startGateway({ template: "template.yaml", parameters });
  t.after(() => gateway.stop());
  const socket = new WebSocket(`${gateway.url}?room=tea`);
  await once(socket, "open");
  t.after(() => socket.close());
  return { gateway, socket };
}

async function answer(socket, message) {
  socket.send(JSON.stringify(message));
  const [text] = await once(socket, "message");
  return JSON.parse(String(text));
}

test("$connect and $disconnect keep the connections in the table", async (t) => {
  const { gateway, socket } = await connected(t);
  const table = gateway.table("Connections");

  const [{ connectionId }] = gateway.connections;
  const [item, ...others] = await table.items();
  assert.deepEqual(others, []);
  assert.equal(item.connectionId, connectionId);
  assert.equal(item.room, "tea");
  assert.ok(item.endsAt > gateway.clock.now() / 1000 + 7000);

  socket.close();
  await once(socket, "close");
  await gateway.settled();
  assert.deepEqual(await table.items(), []);
});

test("a ping is answered without any function", async (t) => {
  const { gateway, socket } = await connected(t);

  const [{ connectionId }] = gateway.connections;
  assert.deepEqual(await answer(socket, { action: "ping" }), { type: "pong", connectionId });
});

test("an order goes into the queue", async (t) => {
  const { gateway, socket } = await connected(t);

  socket.send('{ "action": "order", "what": "tea & milk" }');
  await gateway.fact("message.answered");

  const [call] = gateway.integrationCalls("order");
  assert.equal(call.target, "sqs SendMessage");
  const form = new URLSearchParams(call.body);
  assert.deepEqual(JSON.parse(form.get("MessageBody")), { action: "order", what: "tea & milk" });
});

test("a backend is asked, and answers", async (t) => {
  const seen = [];
  const backend = createServer(async (request, response) => {
    const body = Buffer.concat(await request.toArray());
    seen.push({ connection: request.headers["x-connection"], ...JSON.parse(body) });
    response.end('{"cents":250}');
  });
  await once(backend.listen(0, "127.0.0.1"), "listening");
  t.after(() => backend.close());
  const Backend = `http://127.0.0.1:${backend.address().port}`;
  const { gateway, socket } = await connected(t, { Backend });

  assert.deepEqual(await answer(socket, { action: "price", what: "tea" }), {
    type: "price",
    euros: 2.5,
  });

  const [{ connectionId }] = gateway.connections;
  assert.deepEqual(seen, [{ connection: connectionId, what: "tea" }]);
});
