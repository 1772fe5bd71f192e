import {
  GetItemCommand,
  ListTablesCommand,
  PutItemCommand,
  ScanCommand,
} from "@aws-sdk/client-dynamodb";
import { expect, test } from "vitest";
import { rounds } from "../../rounds.ts";
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

test.each([null, undefined])("rejects %s in a list of an SDK's item", async (nothing) => {
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
  "rejects a filter with too many %s at once, and names another DynamoDB",
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

test.each([
  ["are left open", "((((((a = :a"],
  ["are left open in a function", "((((((contains(a"],
  ["hold half a comparison", "((((((a =))))))"],
  ["hold nothing", "(((((())))))"],
  ["hold a condition that goes on", "((((((a = :a AND))))))"],
])("rejects a filter whose deep parentheses %s at once", async (_, FilterExpression) => {
  const { endpoint } = await running();
  const ExpressionAttributeValues = { ":a": { S: "a" } };
  const body = JSON.stringify({ TableName, FilterExpression, ExpressionAttributeValues });

  const cpu = process.cpuUsage();
  const answer = await call(endpoint, "Scan", body);
  const { user, system } = process.cpuUsage(cpu);

  expect([answer.status, JSON.parse(answer.body).message]).toEqual([
    400,
    expect.stringMatching(/^Invalid FilterExpression: Syntax error/),
  ]);
  expect(user + system).toBeLessThan(1_000_000);
});

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

test.each([
  ["an item of very many values", '{"id":{"S":"a"},"l":{"L":[', '{"S":""},', "]}}"],
  ["an item of very many attributes", '{"id":{"S":"a"}', ',"a":{"S":""}', "}"],
])(
  "rejects %s before it reads them, and names another DynamoDB",
  { tags: ["journey"] },
  async (_, begin, part, end) => {
    const { endpoint } = await running();
    const item = begin + part.repeat(1_000_000).replace(/,$/, "") + end;

    const cpu = process.cpuUsage();
    const answer = await call(endpoint, "PutItem", `{"TableName":"chat","Item":${item}}`);
    const { user, system } = process.cpuUsage(cpu);

    expect([answer.status, JSON.parse(answer.body)]).toEqual([
      400,
      {
        __type: "com.amazon.coral.validate#ValidationException",
        message: expect.stringContaining("so many values in one call. To use a DynamoDB that does"),
      },
    ]);
    expect(user + system).toBeLessThan(1_000_000);
  },
);

test("takes an item that is a long list", { tags: ["journey"] }, async () => {
  const { client } = await running();
  const list = { L: Array.from({ length: 40_000 }, (_, at) => ({ N: String(at) })) };
  const Item = { id: { S: "long" }, list };

  await client().send(new PutItemCommand({ TableName, Item }));
  const got = await client().send(new GetItemCommand({ TableName, Key: { id: Item.id } }));

  expect(got.Item).toEqual(Item);
});

test("answers many malformed calls as AWS does, each in time, and serves the others", {
  tags: ["journey"],
  timeout: 120_000,
}, async () => {
  const { endpoint, client, facts } = await running();
  const random = createRandom(20260101);
  const dynamoDb = client();
  const wrong: object[] = [];

  for (let at = 0; at < rounds(4_000); at += 1) {
    const { operation, body } = fuzzedCall(random);
    const cpu = process.cpuUsage();
    const answer = await call(endpoint, operation, body);
    const { user, system } = process.cpuUsage(cpu);
    const isRight = isAnswerOfAws(answer) && user + system < 1_000_000;
    if (!isRight) wrong.push({ operation, body: body.slice(0, 1_000), answer, user, system });
    if (at % 50 === 0) {
      await dynamoDb.send(new PutItemCommand({ TableName, Item: { id: { S: "mine" } } }));
    }
  }

  const mine = await dynamoDb.send(new GetItemCommand({ TableName, Key: { id: { S: "mine" } } }));
  expect(mine.Item).toEqual({ id: { S: "mine" } });
  expect(wrong).toEqual([]);
  expect(facts("warning")).toEqual([]);
});

test("answers malformed calls that come together, each once", {
  tags: ["journey"],
  timeout: 60_000,
}, async () => {
  const { endpoint, facts } = await running();
  const random = createRandom(20260102);
  const wrong: object[] = [];

  for (let round = 0; round < rounds(20); round += 1) {
    const calls = Array.from({ length: 50 }, () => fuzzedCall(random));
    const answers = await Promise.all(
      calls.map(({ operation, body }) => call(endpoint, operation, body)),
    );
    wrong.push(...answers.filter((answer) => !isAnswerOfAws(answer)));
  }

  expect(wrong).toEqual([]);
  expect(facts("warning")).toEqual([]);
});

/** A success, which may be empty, or a refusal that names an error of the service or of its front end. */
function isAnswerOfAws({
  status,
  body,
}: {
  readonly status: number;
  readonly body: string;
}): boolean {
  if (status === 200) return body === "" || typeof JSON.parse(body) === "object";
  return status === 400 && /^com\.amazon(aws)?\.[\w.]+#\w+$/.test(JSON.parse(body).__type);
}
