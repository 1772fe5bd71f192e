import { expect, test } from "vitest";
import type { WebSocketEvent } from "../../src/testing/index.ts";
import { api, ok, startedFrom, startedWith } from "./gateways.ts";

test("stopping closes connections as wsgw dev does, and waits for their $disconnect", async () => {
  const left: string[] = [];
  const gateway = await startedWith(async ({ requestContext }) => {
    await new Promise((resolve) => setImmediate(resolve));
    if (requestContext.eventType === "DISCONNECT") left.push(requestContext.connectionId);
    return { statusCode: 200 };
  });
  const ann = await gateway.connect();

  await gateway.stop();

  expect(left).toEqual([ann.connectionId]);
  expect(await ann.closed).toMatchObject({ code: 1001 });
  expect(gateway.facts("connection.closed")).toMatchObject([{ because: "gateway-stopped" }]);
  expect(gateway.invocations().map(({ state }) => state)).toEqual(["returned", "returned"]);
});

test("time runs out for a handler that never ends, and then $disconnect runs", async () => {
  const gateway = await startedWith(({ requestContext: { eventType } }: WebSocketEvent) =>
    eventType === "MESSAGE" ? new Promise(() => {}) : ok(),
  );
  const ann = await gateway.connect();
  ann.send("stuck");
  await gateway.fact("route.selected");

  await gateway.stop();

  expect(gateway.facts("connection.closed")).toMatchObject([{ because: "gateway-stopped" }]);
  expect(gateway.invocations()).toMatchObject([
    { state: "returned" },
    { state: "failed", error: { errorMessage: expect.stringContaining("timed out") } },
    { state: "returned" },
  ]);
});

test("stopping tells nothing when every $disconnect has ended", async () => {
  const gateway = await startedWith(ok);
  await gateway.connect();

  await gateway.stop();

  expect(gateway.facts("warning")).toEqual([]);
});

test("a handler in a process of its own gets to its end when the gateway stops", async () => {
  const slow = `exports.handler = async () => {
    await new Promise((resolve) => setTimeout(resolve, 50));
    return { statusCode: 200 };
  };`;
  const gateway = await startedFrom(slow, api(), { runtime: "child-process" });
  await gateway.connect();

  await gateway.stop();

  expect(gateway.invocations().map(({ state }) => state)).toEqual(["returned", "returned"]);
});

test("an open connection tells who opened it", async () => {
  const gateway = await startedWith(ok);
  const { connectionId } = await gateway.connect({ sourceIp: "203.0.113.7", userAgent: "browser" });
  await gateway.connect();

  expect(gateway.connections).toMatchObject([
    { connectionId, sourceIp: "203.0.113.7", userAgent: "browser" },
    { userAgent: undefined },
  ]);
});
