import { expect, test } from "vitest";
import { WebSocket } from "ws";
import type {
  DisconnectEvent,
  TestClient,
  TestGateway,
  WebSocketEvent,
} from "../../src/testing/index.ts";
import { apiOf, gatewayFor } from "./support.ts";

const ok = async () => ({ statusCode: 200 });

async function start() {
  const events: DisconnectEvent[] = [];
  const gateway = await gatewayFor(apiOf(["$connect", "$disconnect", "$default"]), {
    handlers: {
      connect: ok,
      default: ok,
      disconnect: async (event: WebSocketEvent) => {
        events.push(event as DisconnectEvent);
        return { statusCode: 200 };
      },
    },
  });
  return { gateway, events };
}

type Leave = (client: TestClient, gateway: TestGateway) => unknown;

test.each<[string, number, string, Leave]>([
  [
    "a close frame without a status",
    1005,
    "Client-side close frame status not set",
    (client) => client.close(),
  ],
  [
    "a code and a reason of the client's",
    4321,
    "done here",
    (client) => client.close(4321, "done here"),
  ],
  ["a lost line", 1006, "", (client) => client.vanish()],
  ["ten minutes of silence", 1001, "Going away", (_, gateway) => gateway.clock.advance("10m")],
  ["a binary message", 1003, "", (client) => client.send(Buffer.from("x"))],
  ["a frame of 32,769 bytes", 1009, "", (client) => client.send("x".repeat(32_769))],
  ["the end of the gateway", 1001, "Going away", (_, gateway) => gateway.stop()],
])("$disconnect runs once after %s and is told %i %j", async (_, code, reason, leave) => {
  const { gateway, events } = await start();
  const ann = await gateway.connect();

  await leave(ann, gateway);
  await gateway.fact("connection.closed");
  await gateway.stop();

  expect(events).toHaveLength(1);
  expect(events[0]?.requestContext).toMatchObject({
    routeKey: "$disconnect",
    eventType: "DISCONNECT",
    connectionId: ann.connectionId,
    disconnectStatusCode: code,
    disconnectReason: reason,
  });
  expect(events[0]?.headers).toEqual({
    Host: `localhost:${gateway.port}`,
    "x-api-key": "",
    "X-Forwarded-For": "",
    "x-restapi": "",
  });
});

test.each<[string, number, string, Leave]>([
  ["ten minutes of silence", 1001, "Going away", (_, gateway) => gateway.clock.advance("10m")],
  ["a binary message", 1003, "", (client) => client.send(Buffer.from("x"))],
  ["a frame of 32,769 bytes", 1009, "", (client) => client.send("x".repeat(32_769))],
  ["the end of the gateway", 1001, "Going away", (_, gateway) => gateway.stop()],
])("after %s the client sees %i %j", async (_, code, reason, leave) => {
  const { gateway } = await start();
  const ann = await gateway.connect();

  await leave(ann, gateway);

  expect(await ann.closed).toEqual({ code, reason });
});

test("a frame of exactly 32,768 bytes passes", async () => {
  const { gateway } = await start();
  const ann = await gateway.connect();

  ann.send("x".repeat(32_768));

  expect((await gateway.fact("message.received")).bytes).toBe(32_768);
});

test.each([
  ["100 KB in four frames", 100 * 1024, true],
  ["128 KB in four frames", 128 * 1024, true],
  ["129 KB in five frames", 129 * 1024, false],
])("a message of %s passes: %s", async (_, bytes, passes) => {
  const { gateway } = await start();
  const socket = new WebSocket(gateway.url);
  await new Promise((resolve) => socket.once("open", resolve));

  for (let left = bytes; left > 0; left -= 32_768) {
    socket.send("x".repeat(Math.min(left, 32_768)), { fin: left <= 32_768 });
  }

  if (passes) {
    expect((await gateway.fact("message.received")).bytes).toBe(bytes);
  } else {
    expect(await gateway.fact("connection.closed")).toMatchObject({
      code: 1009,
      because: "too-large",
    });
    expect(gateway.facts("message.received")).toEqual([]);
  }
  socket.terminate();
});

test("a connection that talks on is closed after two hours", async () => {
  const { gateway } = await start();
  const ann = await gateway.connect();

  for (let minutes = 0; minutes < 117; minutes += 9) {
    await gateway.clock.advance("9m");
    ann.send("{}");
    await gateway.fact(
      "message.answered",
      () => gateway.facts("message.answered").length === minutes / 9 + 1,
    );
  }
  await gateway.clock.advance("3m");

  expect(await ann.closed).toEqual({ code: 1001, reason: "Going away" });
  expect(gateway.facts("connection.closed")[0]).toMatchObject({ because: "age", by: "gateway" });
});

test("a client that goes away while $connect runs is disconnected after it", async () => {
  let letIn: (result: object) => void = () => {};
  const events: WebSocketEvent[] = [];
  const gateway = await gatewayFor(apiOf(["$connect", "$disconnect"]), {
    handlers: {
      connect: () =>
        new Promise((resolve) => {
          letIn = resolve;
        }),
      disconnect: async (event: WebSocketEvent) => {
        events.push(event);
        return { statusCode: 200 };
      },
    },
  });
  const socket = new WebSocket(gateway.url);
  socket.on("error", () => {});
  await gateway.fact("function.started");

  socket.terminate();
  await new Promise((resolve) => socket.once("close", resolve));
  letIn({ statusCode: 200 });
  await gateway.fact("connection.closed");
  await gateway.settled();

  expect(events[0]?.requestContext).toMatchObject({
    disconnectStatusCode: 1006,
    disconnectReason: "",
  });
});
