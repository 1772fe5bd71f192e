/** Numbers from 0 up to 1, the same for a seed every time. */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

type Random = () => number;

const item = {
  id: { S: "a" },
  n: { N: "1" },
  l: { L: [{ S: "x" }] },
  m: { M: { a: { BOOL: true } } },
};
const key = { id: { S: "a" } };
const values = { ":a": { S: "a" }, ":n": { N: "1" }, ":l": { L: [{ S: "y" }] } };
const names = { "#n": "n", "#m": "m" };
const arn = "arn:aws:dynamodb:eu-west-1:123456789012:table/chat";

/** Sound calls, from which the fuzzed ones are made. */
const CALLS: readonly (readonly [operation: string, input: object])[] = [
  [
    "PutItem",
    {
      TableName: "chat",
      Item: item,
      ConditionExpression: "attribute_not_exists(#n)",
      ExpressionAttributeNames: { "#n": "n" },
    },
  ],
  [
    "PutItem",
    {
      TableName: "chat",
      Item: item,
      Expected: { n: { Value: { N: "1" } } },
      ReturnValues: "ALL_OLD",
    },
  ],
  [
    "UpdateItem",
    {
      TableName: "chat",
      Key: key,
      UpdateExpression: "SET #n = if_not_exists(#n, :n), l = list_append(l, :l) REMOVE #m",
      ExpressionAttributeNames: names,
      ExpressionAttributeValues: { ":n": values[":n"], ":l": values[":l"] },
    },
  ],
  [
    "UpdateItem",
    {
      TableName: "chat",
      Key: key,
      AttributeUpdates: { n: { Value: { N: "1" }, Action: "ADD" }, s: { Value: { SS: ["a"] } } },
    },
  ],
  ["DeleteItem", { TableName: "chat", Key: key, ReturnValues: "ALL_OLD" }],
  ["GetItem", { TableName: "chat", Key: key, ProjectionExpression: "id, m.a, l[0]" }],
  [
    "Query",
    {
      TableName: "chat",
      KeyConditionExpression: "id = :a",
      FilterExpression: "n > :n",
      ExpressionAttributeValues: { ":a": values[":a"], ":n": values[":n"] },
      Limit: 2,
      ScanIndexForward: false,
      ExclusiveStartKey: key,
    },
  ],
  [
    "Query",
    {
      TableName: "chat",
      KeyConditions: { id: { ComparisonOperator: "EQ", AttributeValueList: [{ S: "a" }] } },
    },
  ],
  [
    "Scan",
    {
      TableName: "chat",
      FilterExpression: "contains(l, :a) OR n BETWEEN :n AND :n",
      ExpressionAttributeValues: { ":a": values[":a"], ":n": values[":n"] },
      Segment: 0,
      TotalSegments: 2,
    },
  ],
  [
    "Scan",
    {
      TableName: "chat",
      ScanFilter: { n: { ComparisonOperator: "GT", AttributeValueList: [{ N: "0" }] } },
      Limit: 1,
    },
  ],
  [
    "BatchGetItem",
    { RequestItems: { chat: { Keys: [key, { id: { S: "b" } }], ProjectionExpression: "id" } } },
  ],
  [
    "BatchWriteItem",
    {
      RequestItems: {
        chat: [{ PutRequest: { Item: item } }, { DeleteRequest: { Key: { id: { S: "b" } } } }],
      },
    },
  ],
  ["DescribeTable", { TableName: "chat" }],
  ["ListTables", { Limit: 3, ExclusiveStartTableName: "aaa" }],
  ["TagResource", { ResourceArn: arn, Tags: [{ Key: "a", Value: "b" }] }],
  ["UntagResource", { ResourceArn: arn, TagKeys: ["a"] }],
  ["ListTagsOfResource", { ResourceArn: arn }],
  [
    "CreateTable",
    {
      TableName: "other",
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: [
        { AttributeName: "id", AttributeType: "S" },
        { AttributeName: "g", AttributeType: "N" },
      ],
      KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
      GlobalSecondaryIndexes: [
        {
          IndexName: "byG",
          KeySchema: [{ AttributeName: "g", KeyType: "HASH" }],
          Projection: { ProjectionType: "ALL" },
        },
      ],
    },
  ],
  [
    "UpdateTable",
    {
      TableName: "other",
      BillingMode: "PAY_PER_REQUEST",
      GlobalSecondaryIndexUpdates: [{ Delete: { IndexName: "byG" } }],
    },
  ],
  ["DeleteTable", { TableName: "other" }],
];

const ODD: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  1e308,
  "",
  "a",
  "__proto__",
  "constructor",
  "toString",
  [],
  {},
  [null],
  [[]],
  [{}],
  { S: null },
  { S: 1 },
  { N: "x" },
  { N: "1e400" },
  { N: "" },
  { B: "!" },
  { SS: [] },
  { NS: ["1", "1"] },
  { L: [null] },
  { M: { a: null } },
  { S: "a", N: "1" },
  { NULL: false },
  "#n",
  ":a",
  "size(",
  "a[99999999999]",
  "SET a = b",
  "NOT NOT a",
  "()",
  "😀",
  { M: { constructor: { S: "a" }, hasOwnProperty: { N: "1" } } },
];

/** A call with a few of its values replaced, removed, doubled or renamed. */
export function fuzzedCall(random: Random): { readonly operation: string; readonly body: string } {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const [operation, input] = pick(CALLS);
  let changed: unknown = structuredClone(input);
  const times = 1 + Math.floor(random() * 3);
  for (let time = 0; time < times; time += 1) changed = changeOne(changed, pick, random);
  let body = JSON.stringify(changed) ?? "null";
  if (random() < 0.03) body = body.slice(0, Math.floor(random() * body.length));
  return { operation, body };
}

function changeOne(value: unknown, pick: <T>(list: readonly T[]) => T, random: Random): unknown {
  if (typeof value !== "object" || value === null || random() < 0.12) return pick(ODD);
  if (Array.isArray(value)) {
    if (value.length === 0 || random() < 0.15) return [...value, pick(ODD)];
    const at = Math.floor(random() * value.length);
    return value.map((each, index) => (index === at ? changeOne(each, pick, random) : each));
  }
  const entries = Object.entries(value);
  if (entries.length === 0) return { [String(pick(ODD))]: pick(ODD) };
  const at = Math.floor(random() * entries.length);
  const kind = random();
  const next = entries.flatMap(([name, each], index): [string, unknown][] => {
    if (index !== at) return [[name, each]];
    if (kind < 0.1) return [];
    if (kind < 0.2) return [[pick(["constructor", "__proto__", "toString", "x", "S", "M"]), each]];
    if (kind < 0.3)
      return [
        [name, each],
        [pick(["L", "M", "constructor", "Item"]), pick(ODD)],
      ];
    return [[name, changeOne(each, pick, random)]];
  });
  return Object.fromEntries(next);
}
