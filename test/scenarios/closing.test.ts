import { expect, onTestFinished, test } from "vitest";
import { WebSocket } from "ws";
import type {
  DisconnectEvent,
  TestClient,
  TestGateway,
  WebSocketEvent,
} from "../../src/testing/index.ts";
import { startGateway } from "../../src/testing/index.ts";
import { stopChecked } from "../checked-facts.ts";
import { apiOf, gatewayFor } from "./support.ts";

async function start() {
  const gateway = await gatewayFor(apiOf(["$connect", "$disconnect", "$default"]));
  const events = () =>
    gateway.invocations("disconnect").map(({ event }) => event as DisconnectEvent);
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
  ["a binary message", 1003, "Binary is not supported", (client) => client.send(Buffer.from("x"))],
  [
    "an empty binary message",
    1003,
    "Binary is not supported",
    (client) => client.send(Buffer.alloc(0)),
  ],
  [
    "text that is not UTF-8",
    1007,
    "",
    (client) => client.sendFragments(["x", Buffer.from([0xff])]),
  ],
  ["a frame of 32,769 bytes", 1009, "", (client) => client.send("x".repeat(32_769))],
  ["the end of the gateway", 1001, "Going away", (_, gateway) => gateway.stop()],
])("$disconnect runs once after %s and gets %i %j", async (_, code, reason, leave) => {
  const { gateway, events } = await start();
  const ann = await gateway.connect();

  await leave(ann, gateway);
  await gateway.settled();

  expect(gateway.invocations("default")).toEqual([]);
  expect(events()).toHaveLength(1);
  expect(events()[0]?.requestContext).toMatchObject({
    routeKey: "$disconnect",
    eventType: "DISCONNECT",
    connectionId: ann.connectionId,
    disconnectStatusCode: code,
    disconnectReason: reason,
  });
  expect(events()[0]?.headers).toEqual({
    Host: gateway.apis[0]?.domainName,
    "x-api-key": "",
    "X-Forwarded-For": "",
    "x-restapi": "",
  });
});

test.each<[string, number, string, Leave]>([
  ["ten minutes of silence", 1001, "Going away", (_, gateway) => gateway.clock.advance("10m")],
  ["a binary message", 1003, "Binary is not supported", (client) => client.send(Buffer.from("x"))],
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
  const ann = await gateway.connect();

  ann.sendFragments(framesOf(bytes));
  await gateway.settled();

  expect(gateway.facts("message.received").map((fact) => fact.bytes)).toEqual(
    passes ? [bytes] : [],
  );
  if (passes) await expect(ann).not.toBeClosedWith(1009);
  else await expect(ann).toBeClosedWith(1009);
});

/** So many bytes in frames of the largest size. */
function framesOf(bytes: number): string[] {
  const largest = 32_768;
  return Array.from({ length: Math.ceil(bytes / largest) }, (_, at) =>
    "x".repeat(Math.min(largest, bytes - at * largest)),
  );
}

test("a connection that talks on is closed after two hours", async () => {
  const { gateway } = await start();
  const ann = await gateway.connect();

  for (let minutes = 0; minutes < 117; minutes += 9) {
    await gateway.clock.advance("9m");
    ann.send("{}");
    await gateway.settled();
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

test("a function of $disconnect that API Gateway may not invoke does not run, and the log says so", async () => {
  const denied = "the function bye may not be invoked by API Gateway";
  const gateway = await startGateway(
    {
      name: "closing",
      apis: {
        closing: {
          routeSelectionExpression: "$request.body.action",
          stages: { dev: {} },
          routes: {
            $disconnect: { integration: { type: "lambda-proxy", function: "bye", denied } },
          },
        },
      },
      functions: { bye: { handler: "unused.bye" } },
    },
    { handlers: { bye: async () => ({ statusCode: 200 }) } },
  );
  onTestFinished(() => stopChecked(gateway));
  const client = await gateway.connect();

  await client.close();

  const warning = await gateway.fact("warning");
  expect(warning.message).toBe(`$disconnect does not run: ${denied}`);
  expect(gateway.invocations()).toEqual([]);
});
