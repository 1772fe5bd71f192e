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
  [
    "Query",
    {
      TableName: "other",
      IndexName: "byG",
      KeyConditionExpression: "g BETWEEN :n AND :n",
      ProjectionExpression: "id, #n",
      ExpressionAttributeNames: { "#n": "n" },
      ExpressionAttributeValues: { ":n": values[":n"] },
      Select: "SPECIFIC_ATTRIBUTES",
      ReturnConsumedCapacity: "INDEXES",
    },
  ],
  [
    "PutItem",
    {
      TableName: "chat",
      Item: { ...item, ss: { SS: ["a", "b"] }, ns: { NS: ["1", "2"] }, b: { B: "YQ==" } },
      ReturnItemCollectionMetrics: "SIZE",
      ReturnConsumedCapacity: "TOTAL",
    },
  ],
  [
    "UpdateItem",
    {
      TableName: "chat",
      Key: key,
      UpdateExpression: "ADD n :n, ss :s DELETE ns :d SET m.b = :l, l[1] = n + :n",
      ConditionExpression: "size(l) < :n OR NOT (begins_with(id, :a) AND n IN (:n, :a))",
      ExpressionAttributeValues: { ...values, ":s": { SS: ["c"] }, ":d": { NS: ["2"] } },
      ReturnValues: "UPDATED_NEW",
    },
  ],
  [
    "DeleteItem",
    {
      TableName: "chat",
      Key: key,
      Expected: { n: { Exists: true, Value: { N: "1" } }, l: { ComparisonOperator: "NOT_NULL" } },
      ConditionalOperator: "OR",
    },
  ],
  ["GetItem", { TableName: "chat", Key: key, AttributesToGet: ["id", "n"], ConsistentRead: true }],
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

/** What a body has in place of a value; no object of JavaScript says it. */
const RAW: Readonly<Record<string, string>> = {
  "raw: huge": "1e999",
  "raw: long": "9".repeat(400),
  "raw: deep": `${'{"L":['.repeat(3000)}${"]}".repeat(3000)}`,
  "raw: wide": `{"L":[${'{"S":""},'.repeat(200_000)}{"S":""}]}`,
  "raw: broken": "{,",
};

const ODD: readonly unknown[] = [
  ...Object.keys(RAW),
  null,
  true,
  0,
  -1,
  0.5,
  1e308,
  "",
  "a",
  "a".repeat(5000),
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
  { N: "1e999999999" },
  { N: "9".repeat(5000) },
  { N: "" },
  { B: "!" },
  { SS: [] },
  { SS: [null] },
  { NS: ["1", "1"] },
  { L: [null] },
  { M: { a: null } },
  { M: null },
  { S: "a", N: "1" },
  { NULL: false },
  JSON.parse('{"__proto__":{"S":"a"}}'),
  { M: JSON.parse('{"__proto__":{"M":{"a":null}}}') },
  { M: { constructor: { S: "a" }, hasOwnProperty: { N: "1" } } },
  nested(40),
  "😀",
];

const NAMES = ["constructor", "__proto__", "toString", "x", "S", "M", "L", "N", "Item", ""];

/** What expressions are made of, and what they are not. */
const TOKENS =
  "( ) , . [0] [99999999999] = <> < + - AND OR NOT IN BETWEEN SET REMOVE ADD DELETE a n l m.a #n #m :a :n :l size( contains( begins_with( attribute_exists( attribute_type( if_not_exists( list_append( __proto__ constructor 😀 1".split(
    " ",
  );

/** An attribute that holds another, that many times. */
function nested(levels: number): object {
  return levels === 0 ? { S: "a" } : { M: { a: nested(levels - 1) } };
}

type Pick = <T>(list: readonly T[]) => T;
/** Where a value is: the object or array that holds it, and its name or index there. */
type Place = { readonly holder: object; readonly name: string };

/** A call that is malformed at one to three places, anywhere in it. */
export function fuzzedCall(random: Random): { readonly operation: string; readonly body: string } {
  const pick: Pick = (list) => list[Math.floor(random() * list.length)] as (typeof list)[number];
  const [operation, input] = pick(CALLS);
  const call = { input: structuredClone(input) as unknown };
  const times = random() < 0.05 ? 0 : 1 + Math.floor(random() * 3);
  for (let time = 0; time < times; time += 1) {
    const [root, ...inside] = placesIn(call);
    const place = inside.length === 0 || random() < 0.01 ? root : pick(inside);
    if (place !== undefined) changeAt(place, pick, random);
  }
  let body = JSON.stringify(call.input) ?? "";
  for (const [name, raw] of Object.entries(RAW)) body = body.replaceAll(`"${name}"`, raw);
  if (random() < 0.01) body = body.slice(0, Math.floor(random() * body.length));
  return { operation, body };
}

function placesIn(holder: object): readonly Place[] {
  return Object.entries(holder).flatMap(([name, value]) => [
    { holder, name },
    ...(typeof value === "object" && value !== null ? placesIn(value) : []),
  ]);
}

function changeAt({ holder, name }: Place, pick: Pick, random: Random): void {
  const value: unknown = Reflect.get(holder, name);
  const other = Array.isArray(holder) ? String(holder.length) : pick(NAMES);
  const isExpression = typeof value === "string" && /Expression$/.test(name);
  const change = pick(["replace", "replace", "replace", "remove", "rename", "double", "wrap"]);
  if (isExpression && random() < 0.9) put(holder, name, garbled(value, pick, random));
  else if (change === "replace") put(holder, name, structuredClone(pick(ODD)));
  else if (change === "wrap")
    put(holder, name, pick([[value], { L: [value] }, { M: { a: value } }]));
  else {
    if (change !== "double") Reflect.deleteProperty(holder, name);
    if (change !== "remove") put(holder, other, value);
  }
}

/** An own property, also where it is named `__proto__`. */
function put(holder: object, name: string, value: unknown): void {
  const property = { value, enumerable: true, configurable: true, writable: true };
  Object.defineProperty(holder, name, property);
}

/** An expression with some of its words replaced, repeated or left out, and others put between them. */
function garbled(expression: string, pick: Pick, random: Random): string {
  const words = expression.match(/[\w#:]+\(?|\S/g) ?? [];
  const changes = 1 + Math.floor(random() * 4);
  for (let change = 0; change < changes; change += 1) {
    const at = Math.floor(random() * (words.length + 1));
    const times = random() < 0.1 ? 2 ** Math.floor(random() * 10) : 1;
    const more = Array.from({ length: times }, () => pick(TOKENS));
    const same = Array.from({ length: times }, () => more[0] ?? "");
    words.splice(at, Math.floor(random() * 2), ...pick([more, same]));
  }
  return words.join(" ");
}
