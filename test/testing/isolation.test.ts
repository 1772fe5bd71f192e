import { expect, test } from "vitest";
import { project } from "../readers/projects.ts";
import { api, ok, started } from "./gateways.ts";

/** Keeps, as many do, all that it has from its environment at the top of the module. */
const KEEPS = `
const { DynamoDBClient, PutItemCommand } = require("@aws-sdk/client-dynamodb");
const client = new DynamoDBClient({});
const TableName = process.env.TABLE;
let count = 0;
globalThis.wsgwLeak = undefined;
exports.handler = async ({ requestContext: { connectionId, eventType } }) => {
  count += 1;
  process.env.MARK = (process.env.MARK ?? "") + "x";
  if (eventType === "CONNECT") await client.send(new PutItemCommand({ TableName, Item: { id: { S: connectionId } } }));
  return { statusCode: 200, body: JSON.stringify({ count, mark: process.env.MARK }) };
};
`;

const withTable = api({ connectionTable: { environmentVariable: "TABLE", attribute: "id" } });

test("gateways side by side share neither tables nor modules nor variables", {
  tags: ["journey"],
}, async () => {
  const { root } = project({ "app.js": KEEPS, "package.json": "{}" });
  const environments = { maxEnvironments: 1, keep: 1 };
  const start = (count: number) =>
    Promise.all(Array.from({ length: count }, () => started(withTable, { root, environments })));
  // Two bundle the SDK, at the same time; the others find it there.
  const gateways = [...(await start(2)), ...(await start(6))];

  const clients = await Promise.all(gateways.map((gateway) => gateway.connect()));
  for (const client of clients) client.sendJson({ action: "ask" });

  for (const [at, gateway] of gateways.entries()) {
    const { connectionId } = clients[at]!;
    await clients[at]!.expectNext({ count: 2, mark: "xx" });
    expect(await gateway.table("connections").items()).toEqual([{ id: connectionId }]);
    expect(gateway.connections).toMatchObject([{ connectionId }]);
  }
  expect(new Set(gateways.map(({ port }) => port)).size).toBe(8);
  expect(process.env.MARK).toBeUndefined();
});

test("one after the other a gateway starts with modules that have run nothing", {
  tags: ["journey"],
}, async () => {
  const { root } = project({ "app.js": KEEPS, "package.json": "{}" });
  const first = await started(withTable, { root });
  await first.connect();
  await first.stop();
  const second = await started(withTable, { root });
  const ann = await second.connect();

  ann.sendJson({ action: "ask" });

  await ann.expectNext({ count: 2 });
  expect(await second.table("connections").items()).toHaveLength(1);
});

test("the keys of one gateway are of no use at another", async () => {
  const options = { handlers: { all: ok } };
  const [one, other] = [await started(withTable, options), await started(withTable, options)];

  expect(one.credentials).not.toEqual(other.credentials);
  expect(one.dynamodbEndpoint).not.toBe(other.dynamodbEndpoint);
});
