import { expect, test } from "vitest";
import { ask, startedWithSteps, withTable } from "./faulty-gateways.ts";
import { startedFrom } from "./gateways.ts";

test("a throttled table is a ProvisionedThroughputExceededException of the SDK", async () => {
  const gateway = await startedWithSteps();
  const ann = await gateway.connect();
  gateway.faults.table("connections", { operation: "PutItem", nth: 1 }).throttles();

  ann.sendJson(ask({ do: "put", id: "x" }, { do: "scan" }, { do: "put", id: "y" }));

  expect(await ann.nextJson()).toEqual([
    {
      name: "ProvisionedThroughputExceededException",
      status: 400,
      attempts: expect.any(Number),
      message: expect.stringContaining("throughput for the table was exceeded"),
    },
    "ok",
    "ok",
  ]);
  expect(await gateway.table("connections").items()).toEqual(
    expect.arrayContaining([{ id: "y" }, { id: ann.connectionId }]),
  );
});

test("a condition fails only where there is one", async () => {
  const gateway = await startedWithSteps();
  const ann = await gateway.connect();
  const fault = gateway.faults.table("connections").conditionalCheckFails();

  ann.sendJson(ask({ do: "put", id: "x" }, { do: "put", id: "y", once: true }));

  expect(await ann.nextJson()).toEqual([
    "ok",
    {
      name: "ConditionalCheckFailedException",
      status: 400,
      attempts: 1,
      message: "The conditional request failed",
    },
  ]);
  expect(fault.fired).toBe(1);
});

test("the SDK retries an internal error", async () => {
  const gateway = await startedWithSteps();
  const ann = await gateway.connect();
  gateway.faults.table("connections", { function: "all", attempts: 1 }).fails();

  ann.sendJson(ask({ do: "scan" }));

  await ann.expectNext(["ok"]);
  expect(gateway.facts("fault.injected")).toMatchObject([{ functionName: "all" }]);
});

test("a slow table holds its function until the clock has moved", async () => {
  const gateway = await startedWithSteps();
  const ann = await gateway.connect();
  gateway.faults.table("connections").slow("1s");

  ann.sendJson(ask({ do: "put", id: "x" }));
  await gateway.fact("fault.injected");
  await gateway.clock.advance("1s");

  await ann.expectNext(["ok"]);
});

test("calls of the test itself go through", async () => {
  const gateway = await startedWithSteps();
  const fault = gateway.faults.table("connections").throttles();

  await gateway.table("connections").put({ id: "x" });

  expect(await gateway.table("connections").items()).toEqual([{ id: "x" }]);
  expect(fault.fired).toBe(0);
});

test("tables in an external DynamoDB cannot have faults", async () => {
  const other = await startedWithSteps();
  const gateway = await startedFrom("exports.handler = async () => ({});", withTable, {
    dynamodbEndpoint: other.dynamodbEndpoint!,
  });

  expect(() => gateway.faults.table("connections")).toThrow("another DynamoDB");
  expect(() => other.faults.table("conections")).toThrow(
    'The API has no table "conections". It has connections.',
  );
});
