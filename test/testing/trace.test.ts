import { expect, test } from "vitest";
import { api, startedFrom, startedPosting } from "./gateways.ts";

test("a trace shows each fact below its cause, with the time since the start", async () => {
  const gateway = await startedPosting();
  const [ann, bob] = [await gateway.connect(), await gateway.connect({ sourceIp: "203.0.113.7" })];
  await gateway.clock.advance("1m30s");
  ann.sendJson({ to: [bob.connectionId], data: "hi" });
  await bob.expectNext("hi");
  await gateway.settled();
  ann.sendJson({ to: ["Xux7aeaAFiACHZQ="], data: "hi" });
  await gateway.settled();
  await bob.close(4000, "enough");
  await gateway.settled();

  expect(
    `\n${gateway.trace()}`.replaceAll(ann.connectionId, "ANN").replaceAll(bob.connectionId, "BOB"),
  ).toBe(`
    +0ms  client 1 (ANN) asks to connect from 127.0.0.1: /dev
    +0ms    all is invoked for $connect of client 1, cold
    +0ms      all returns {"statusCode":200}
    +0ms    client 1 is open
    +0ms  client 2 (BOB) asks to connect from 203.0.113.7: /dev
    +0ms    all is invoked for $connect of client 2
    +0ms      all returns {"statusCode":200}
    +0ms    client 2 is open
  +1m30s  client 1 sends '{"to":["BOB"],"data":"hi"}'
  +1m30s    goes to route $default (no-value)
  +1m30s    all is invoked for $default of client 1
  +1m30s      client 2 is sent "hi" (post)
  +1m30s      all returns {"statusCode":200}
  +1m30s    client 1 is answered with silence (one-way)
  +1m30s  client 1 sends '{"to":["Xux7aeaAFiACHZQ="],"data":"hi"}'
  +1m30s    goes to route $default (no-value)
  +1m30s    all is invoked for $default of client 1
  +1m30s      all calls POST @connections of Xux7aeaAFiACHZQ=: 410 (gone)
  +1m30s      all returns {"statusCode":200}
  +1m30s    client 1 is answered with silence (one-way)
  +1m30s  client 2 is closed by the client with 4000 "enough" (client-closed)
  +1m30s    all is invoked for $disconnect of client 2
  +1m30s      all returns {"statusCode":200}`);
});

test("a trace shows what a function writes to a table", { tags: ["journey"] }, async () => {
  const gateway = await startedFrom(
    `
    const { DynamoDBClient, PutItemCommand } = require("@aws-sdk/client-dynamodb");
    const client = new DynamoDBClient({});
    exports.handler = async () => {
      await client.send(new PutItemCommand({ TableName: process.env.TABLE, Item: { id: { S: "ann" } } }));
      return { statusCode: 200 };
    };`,
    api({ connectionTable: { environmentVariable: "TABLE", attribute: "id" } }),
  );
  await gateway.connect();
  await gateway.settled();

  expect(gateway.trace()).toContain(
    `    +0ms      all calls PutItem on harness-connections: {"id":{"S":"ann"}}\n`,
  );
});

test("every fact of a test is kept, however many there are", async () => {
  const gateway = await startedFrom(
    `exports.handler = async () => {
      for (let line = 0; line < 20_001; line += 1) console.log(line);
      return { statusCode: 200 };
    };`,
  );

  await gateway.connect();

  expect(gateway.facts("function.logged")).toHaveLength(20_001);
});
