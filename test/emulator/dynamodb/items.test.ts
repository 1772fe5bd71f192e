import { createServer, type IncomingHttpHeaders } from "node:http";
import { createServer as createSecureServer } from "node:https";
import { expect, test } from "vitest";
import { callDynamoDb } from "../../../src/emulator/dynamodb/dynamodb-call.ts";
import { openItems, openTestTable } from "../../../src/emulator/dynamodb/items.ts";
import { readItems, readItemsFile } from "../../../src/emulator/dynamodb/items-file.ts";
import { loadCertificates } from "../../../src/emulator/network/certificates/certificates.ts";
import { listen } from "../../listen.ts";
import { chat } from "./tables.ts";

type Asked = { readonly operation: string; readonly input: Record<string, unknown> };

/** A DynamoDB that gives these answers, one after another, and keeps what it was asked. */
async function answering(...answers: readonly (object | string)[]) {
  const asked: Asked[] = [];
  const headers: IncomingHttpHeaders[] = [];
  const left = [...answers];
  const server = createServer(async (request, response) => {
    let text = "";
    for await (const chunk of request) text += chunk;
    headers.push(request.headers);
    const operation = String(request.headers["x-amz-target"]).split(".")[1] ?? "";
    asked.push({ operation, input: JSON.parse(text) });
    const answer = left.shift() ?? {};
    const refused = typeof answer === "string" || "__type" in answer;
    response.statusCode = refused ? 400 : 200;
    response.end(typeof answer === "string" ? answer : JSON.stringify(answer));
  });
  const endpoint = `http://127.0.0.1:${await listen(server)}`;
  const credentials = { accessKeyId: "AKIA", secretAccessKey: "secret" };
  const dynamoDb = { endpoint, region: "eu-west-1", credentials };
  return { asked, headers, endpoint, dynamoDb };
}

const item = (id: string) => ({ id: { S: id }, more: { N: "1" } });
const Scan = { TableName: "chat", ConsistentRead: true };

test("reads a table page by page", async () => {
  const { asked, dynamoDb } = await answering(
    { Items: [item("a"), item("b")], LastEvaluatedKey: { id: { S: "b" } } },
    { Items: [item("c")] },
  );

  const found: unknown[] = [];
  for await (const each of openItems(dynamoDb, chat).all()) found.push(each);

  expect(found).toEqual(["a", "b", "c"].map(item));
  expect(asked).toEqual([
    { operation: "Scan", input: Scan },
    { operation: "Scan", input: { ...Scan, ExclusiveStartKey: { id: { S: "b" } } } },
  ]);
});

test("counts items without fetching them", async () => {
  const { asked, dynamoDb } = await answering(
    { Count: 2, LastEvaluatedKey: { id: { S: "b" } } },
    { Count: 1 },
  );

  expect(await openItems(dynamoDb, chat).count()).toBe(3);
  expect(asked[0]?.input).toEqual({ ...Scan, Select: "COUNT" });
});

test("puts 25 items at a time, and again what was not processed", async () => {
  const put = (id: string) => ({ PutRequest: { Item: item(id) } });
  const { asked, dynamoDb } = await answering({ UnprocessedItems: { chat: [put("7")] } });
  const items = Array.from({ length: 26 }, (_, at) => item(String(at)));

  expect(await openItems(dynamoDb, chat).put(items)).toBe(26);

  const batches = asked.map(({ input }) => (input.RequestItems as { chat: unknown[] }).chat);
  expect(asked.map(({ operation }) => operation)).toEqual(Array(3).fill("BatchWriteItem"));
  expect(batches.map(({ length }) => length)).toEqual([25, 1, 1]);
  expect(batches[0]?.[0]).toEqual(put("0"));
  expect(batches.slice(1)).toEqual([[put("7")], [put("25")]]);
});

test("puts nothing by no call", async () => {
  const { asked, dynamoDb } = await answering();

  expect(await openItems(dynamoDb, chat).put([])).toBe(0);
  expect(asked).toEqual([]);
});

test("gets and removes one item", async () => {
  const { asked, dynamoDb } = await answering(
    { Item: item("a") },
    {},
    { Attributes: item("a") },
    {},
  );
  const items = openItems(dynamoDb, chat);
  const key = { id: { S: "a" } };

  expect([await items.get(key), await items.get(key)]).toEqual([item("a"), undefined]);
  expect([await items.remove(key), await items.remove(key)]).toEqual([true, false]);
  expect(asked.slice(1, 3)).toEqual([
    { operation: "GetItem", input: { TableName: "chat", Key: key, ConsistentRead: true } },
    { operation: "DeleteItem", input: { TableName: "chat", Key: key, ReturnValues: "ALL_OLD" } },
  ]);
});

test("clears a table by the keys of its items, and counts those that were there", async () => {
  const { asked, dynamoDb } = await answering(
    { Items: [item("a"), item("b")] },
    { Attributes: item("a") },
    {},
  );
  const table = { ...chat, sortKey: { name: "more", type: "N" } as const };

  expect(await openItems(dynamoDb, table).clear()).toBe(1);
  expect(asked[1]?.input).toMatchObject({ Key: item("a") });
});

test("a test writes and reads items in plain JavaScript", async () => {
  const { asked, dynamoDb } = await answering({}, { Items: [item("a")] }, { Items: [item("a")] });
  const table = openTestTable(dynamoDb, chat);

  await table.put({ id: "a", more: 1, none: undefined });
  expect(await table.items()).toEqual([{ id: "a", more: 1 }]);
  await table.clear();

  expect(table.name).toBe("chat");
  expect(asked[0]?.input).toEqual({
    RequestItems: { chat: [{ PutRequest: { Item: item("a") } }] },
  });
  expect(asked.at(-1)).toMatchObject({
    operation: "DeleteItem",
    input: { Key: { id: { S: "a" } } },
  });
});

test("signs a call, and reports a rejection in DynamoDB's words", async () => {
  const { headers, dynamoDb } = await answering(
    { __type: "com.amazonaws.dynamodb.v20120810#ResourceNotFoundException", message: "no" },
    { __type: "com.amazon.coral.service#AccessDeniedException", Message: "never" },
    { __type: 7 },
  );
  const refused = { kind: "rejected" } as const;

  expect(await callDynamoDb(dynamoDb, "ListTables", {})).toEqual({
    ...refused,
    errorType: "ResourceNotFoundException",
    message: "no",
  });
  expect(await callDynamoDb(dynamoDb, "ListTables", {})).toEqual({
    ...refused,
    errorType: "AccessDeniedException",
    message: "never",
  });
  expect(await callDynamoDb(dynamoDb, "ListTables", {})).toEqual({
    ...refused,
    errorType: "",
    message: "",
  });
  expect(headers[0]).toMatchObject({
    "content-type": "application/x-amz-json-1.0",
    "content-length": "2",
    "x-amz-target": "DynamoDB_20120810.ListTables",
    authorization: expect.stringMatching(
      /Credential=AKIA\/\d{8}\/eu-west-1\/dynamodb\/aws4_request/,
    ),
  });
});

test.each([
  ["what answers without JSON", "<html>", "it answers 400 without JSON"],
  ["what answers with a list", "[]", "it answers 400 without JSON"],
  [
    "a refusal",
    { __type: "x#ValidationException", message: "One sentence." },
    "table chat rejects it with ValidationException One sentence",
  ],
])("reports why %s cannot be used", async (_, answer, why) => {
  const { endpoint, dynamoDb } = await answering(answer);

  await expect(openItems(dynamoDb, chat).count()).rejects.toMatchObject({
    code: "TABLE_UNAVAILABLE",
    message: `DynamoDB at ${endpoint} cannot be used: ${why}.`,
  });
});

test.each(["localhost:8000", "ftp://localhost", "x"])("%s is not an endpoint", async (endpoint) => {
  const { dynamoDb } = await answering();

  await expect(callDynamoDb({ ...dynamoDb, endpoint }, "ListTables", {})).rejects.toThrow(
    `DynamoDB at ${endpoint} cannot be used: an endpoint must begin with http:// or https://.`,
  );
});

test("an endpoint with https is called by TLS", async () => {
  const { standard } = loadCertificates({ stateDir: undefined, now: Date.now() });
  const server = createSecureServer({ cert: standard.certificate, key: standard.key });
  const endpoint = `https://127.0.0.1:${await listen(server)}`;
  const { dynamoDb } = await answering();

  await expect(callDynamoDb({ ...dynamoDb, endpoint }, "ListTables", {})).rejects.toThrow(
    /cannot be used: .*certificate/,
  );
});

test.each([
  ["an array", ' \n[{"id":"a"},2]', [{ id: "a" }, 2]],
  ["one item", '{"id":\n"a"}', [{ id: "a" }]],
  ["one a line", '{"id":"a"}\r\n\n \n{"id":"b"}\n', [{ id: "a" }, { id: "b" }]],
  ["nothing", "", []],
])("items are written as %s", (_, text, items) => {
  expect(readItems(text)).toEqual({ kind: "items", items });
});

test.each([
  ["[1", "is not a JSON array of items"],
  ['{"id":"a"}\n\n{"id"', /^has invalid JSON in line 3: .*JSON/],
])("reports why %j contains no items", (text, problem) => {
  expect(readItems(text)).toEqual({
    kind: "unusable",
    problem: typeof problem === "string" ? problem : expect.stringMatching(problem),
  });
});

test("a file that is not there says so", () => {
  expect(readItemsFile("/nowhere/items.json")).toEqual({
    kind: "unusable",
    problem: expect.stringMatching(/^cannot be read: ./),
  });
});
