import {
  GetItemCommand,
  ListTablesCommand,
  PutItemCommand,
  ScanCommand,
} from "@aws-sdk/client-dynamodb";
import { expect, test } from "vitest";
import { createRandom, fuzzedCall } from "./fuzz.ts";
import { call, chat, running } from "./tables.ts";

const TableName = chat.name;

test.each([
  [
    "an item with null in a list",
    "PutItem",
    '{"TableName":"chat","Item":{"id":{"S":"x"},"l":{"L":[null]}}}',
  ],
  ["an attribute that is null", "PutItem", '{"TableName":"chat","Item":{"id":{"S":"x"},"l":null}}'],
  ["a key that is null", "DeleteItem", '{"TableName":"chat","Key":{"id":null}}'],
  ["a body that is null", "GetItem", "null"],
  ["a body that is null, without parameters", "ListTables", "null"],
  ["a body that is a list", "ListTables", "[]"],
  ["an empty body", "ListTables", ""],
  ["half a body", "GetItem", '{"TableName":'],
  [
    "a list of tags with a tag without a value",
    "TagResource",
    '{"ResourceArn":"arn:aws:dynamodb:eu-west-1:123456789012:table/chat","Tags":[{"Key":"a"}]}',
  ],
  [
    "an item nested too deep",
    "PutItem",
    `{"TableName":"chat","Item":{"id":{"S":"x"},"l":${'{"L":['.repeat(5000)}${"]}".repeat(5000)}}}`,
  ],
  [
    "an expression that is too long",
    "Scan",
    `{"TableName":"chat","FilterExpression":"a = ${"a".repeat(5000)}"}`,
  ],
  ["a request for null keys", "BatchGetItem", '{"RequestItems":{"chat":{"Keys":[null]}}}'],
])("answers %s with 400, as AWS does, and goes on", async (_, operation, body) => {
  const { endpoint, client, facts } = await running();

  const answer = await call(endpoint, operation, body);

  expect([answer.status, JSON.parse(answer.body).__type]).toEqual([
    400,
    expect.stringMatching(/#(SerializationException|ValidationException)$/),
  ]);
  expect((await client().send(new ListTablesCommand({}))).TableNames).toEqual(["chat"]);
  expect(facts("warning")).toEqual([]);
});

test.each([null, undefined])("refuses %s in a list of an SDK's item", async (nothing) => {
  const { client } = await running();
  const list = { L: [nothing] } as unknown as { L: [] };

  await expect(
    client().send(new PutItemCommand({ TableName, Item: { id: { S: "x" }, list } })),
  ).rejects.toMatchObject({ name: "ValidationException" });
});

test.each([
  ["open parentheses", "(".repeat(400)],
  ["parentheses in parentheses", `${"(a = :a AND ".repeat(9)}a = :a${")".repeat(9)}`],
  ["negations of negations", `${"NOT (".repeat(9)}a = :a${")".repeat(9)}`],
])(
  "refuses a filter of too many %s at once, and names another DynamoDB",
  async (_, FilterExpression) => {
    const { client, facts } = await running();
    const ExpressionAttributeValues = { ":a": { S: "a" } };

    await expect(
      client().send(new ScanCommand({ TableName, FilterExpression, ExpressionAttributeValues })),
    ).rejects.toMatchObject({
      name: "ValidationException",
      message: expect.stringContaining("--dynamodb-endpoint"),
    });
    expect(facts("dynamodb.unsupported")).toMatchObject([{ parameter: "FilterExpression" }]);
  },
);

test("takes a filter with as many parentheses as people write", async () => {
  const { client } = await running();
  const FilterExpression =
    "(attribute_exists(a) AND (a = :a OR (b = :a AND NOT (c = :a)))) OR (size(d) > :n AND (begins_with(e, :a) OR contains(f, :a)))";
  const ExpressionAttributeValues = { ":a": { S: "a" }, ":n": { N: "1" } };

  const found = await client().send(
    new ScanCommand({ TableName, FilterExpression, ExpressionAttributeValues }),
  );

  expect(found.Count).toBe(0);
});

test("answers thousands of malformed calls and serves the others meanwhile", async () => {
  const { endpoint, client, facts } = await running();
  const random = createRandom(20260101);
  const dynamoDb = client();
  const statuses = new Map<number, number>();

  for (let round = 0; round < 60; round += 1) {
    const calls = Array.from({ length: 50 }, () => fuzzedCall(random));
    const answers = await Promise.all(
      calls.map(({ operation, body }) => call(endpoint, operation, body)),
    );
    for (const { status } of answers) statuses.set(status, (statuses.get(status) ?? 0) + 1);
    await dynamoDb.send(new PutItemCommand({ TableName, Item: { id: { S: "mine" } } }));
  }

  const mine = await dynamoDb.send(new GetItemCommand({ TableName, Key: { id: { S: "mine" } } }));
  expect(mine.Item).toEqual({ id: { S: "mine" } });
  expect([...statuses.keys()].filter((status) => status !== 200 && status !== 400)).toEqual([]);
  expect(facts("warning")).toEqual([]);
}, 60_000);
