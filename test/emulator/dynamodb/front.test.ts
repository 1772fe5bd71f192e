import { crc32 } from "node:zlib";
import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  CreateTableCommand,
  DeleteItemCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  type DynamoDBClient,
  ExecuteStatementCommand,
  GetItemCommand,
  ListTablesCommand,
  ListTagsOfResourceCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  TransactGetItemsCommand,
  TransactWriteItemsCommand,
  UntagResourceCommand,
  UpdateItemCommand,
  UpdateTimeToLiveCommand,
  waitUntilTableExists,
} from "@aws-sdk/client-dynamodb";
import { expect, test } from "vitest";
import { temporaryDirectory } from "../../temporary-directory.ts";
import { ACCOUNT, ARN, call, chat, REGION, rawCall, running, SIGNED } from "./tables.ts";

/** Asks again at once; the SDK itself sleeps 20 s when a table is not there yet. */
const SOON = { minDelay: 0.02, maxDelay: 0.5, maxWaitTime: 30 };

const Item = { id: { S: "a" }, n: { N: "1" } };
const Key = { id: { S: "a" } };
const TableName = chat.name;
const put = (more: object = {}) => new PutItemCommand({ TableName, Item, ...more });
const wayOut = "start wsgw with --dynamodb-endpoint URL";

test.each([
  [
    "TransactWriteItems",
    new TransactWriteItemsCommand({ TransactItems: [{ Put: { TableName, Item } }] }),
  ],
  [
    "TransactGetItems",
    new TransactGetItemsCommand({ TransactItems: [{ Get: { TableName, Key } }] }),
  ],
  ["ExecuteStatement", new ExecuteStatementCommand({ Statement: 'SELECT * FROM "chat"' })],
  ["DescribeTimeToLive", new DescribeTimeToLiveCommand({ TableName })],
  [
    "UpdateTimeToLive",
    new UpdateTimeToLiveCommand({
      TableName,
      TimeToLiveSpecification: { AttributeName: "ttl", Enabled: true },
    }),
  ],
] as const)(
  "says that the built-in DynamoDB does not support %s, and how to get it",
  async (operation, command) => {
    const { client, facts } = await running();

    const sending: Promise<unknown> = client().send(
      command as Parameters<DynamoDBClient["send"]>[0],
    );

    await expect(sending).rejects.toMatchObject({
      name: "UnknownOperationException",
      message: expect.stringMatching(new RegExp(`does not support ${operation}\\..*${wayOut}`)),
      $metadata: { httpStatusCode: 400 },
    });
    expect(facts("dynamodb.unsupported")).toEqual([
      {
        type: "dynamodb.unsupported",
        operation,
        parameter: undefined,
        functionName: "send",
        traceParent: undefined,
      },
    ]);
  },
);

test("reports an unsupported parameter instead of ignoring it", async () => {
  const { client, facts } = await running();
  const returned = {
    ConditionExpression: "attribute_not_exists(id)",
    ReturnValuesOnConditionCheckFailure: "ALL_OLD",
  };

  await expect(client().send(put(returned))).rejects.toMatchObject({
    name: "ValidationException",
    message: expect.stringContaining("support ReturnValuesOnConditionCheckFailure of PutItem."),
  });
  await client().send(put({ ...returned, ReturnValuesOnConditionCheckFailure: "NONE" }));

  expect(facts("dynamodb.unsupported")).toMatchObject([
    {
      operation: "PutItem",
      parameter: "ReturnValuesOnConditionCheckFailure",
      functionName: "send",
    },
  ]);
});

test("says that a table with a stream is not supported", async () => {
  const { client } = await running();
  const table = {
    TableName: "streamed",
    BillingMode: "PAY_PER_REQUEST",
    AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
    KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
    StreamSpecification: { StreamEnabled: true, StreamViewType: "NEW_IMAGE" },
  } as const;

  await expect(
    client().send(
      new CreateTableCommand({
        ...table,
        KeySchema: [...table.KeySchema],
        AttributeDefinitions: [...table.AttributeDefinitions],
      }),
    ),
  ).rejects.toThrow("does not support StreamSpecification of CreateTable");
});

test("takes a table's ARN for its name in every operation", async () => {
  const { client, facts } = await running();
  const dynamoDb = client();

  await dynamoDb.send(new PutItemCommand({ TableName: ARN, Item }));
  await dynamoDb.send(
    new UpdateItemCommand({
      TableName: ARN,
      Key,
      UpdateExpression: "SET m = :m",
      ExpressionAttributeValues: { ":m": { N: "2" } },
    }),
  );
  const got = await dynamoDb.send(new GetItemCommand({ TableName: ARN, Key }));
  const scanned = await dynamoDb.send(new ScanCommand({ TableName: ARN }));
  const found = await dynamoDb.send(
    new QueryCommand({
      TableName: ARN,
      KeyConditionExpression: "id = :id",
      ExpressionAttributeValues: { ":id": { S: "a" } },
    }),
  );
  const described = await dynamoDb.send(new DescribeTableCommand({ TableName: ARN }));
  await dynamoDb.send(new ListTagsOfResourceCommand({ ResourceArn: ARN }));
  const batch = await dynamoDb.send(
    new BatchGetItemCommand({ RequestItems: { [ARN]: { Keys: [Key] } } }),
  );
  await dynamoDb.send(
    new BatchWriteItemCommand({ RequestItems: { [ARN]: [{ DeleteRequest: { Key } }] } }),
  );
  await dynamoDb.send(new DeleteItemCommand({ TableName: ARN, Key }));

  expect(got.Item).toMatchObject({ m: { N: "2" } });
  expect([scanned.Count, found.Count]).toEqual([1, 1]);
  expect(described.Table).toMatchObject({ TableName: "chat", TableArn: ARN });
  expect(batch.Responses).toEqual({ [ARN]: [got.Item] });
  expect(facts("table.written")).toMatchObject([
    { tableName: "chat", operation: "PutItem" },
    { tableName: "chat", operation: "UpdateItem" },
    { tableName: "chat", operation: "DeleteItem" },
    { tableName: "chat", operation: "DeleteItem" },
  ]);
});

test.each([
  ["another region", ARN.replace(REGION, "us-east-1")],
  ["another account", ARN.replace(ACCOUNT, "210987654321")],
])("finds no table by an ARN of %s", async (_, TableName) => {
  const { client } = await running();

  await expect(client().send(new GetItemCommand({ TableName, Key }))).rejects.toMatchObject({
    name: "ResourceNotFoundException",
  });
});

test("keeps the tables of each region apart, as AWS does", async () => {
  const { client } = await running();
  const elsewhere = client({ region: "us-east-1" });
  await client().send(put());

  await expect(elsewhere.send(new GetItemCommand({ TableName, Key }))).rejects.toMatchObject({
    name: "ResourceNotFoundException",
  });
  await elsewhere.send(
    new CreateTableCommand({
      TableName,
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
      KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
    }),
  );
  await waitUntilTableExists({ client: elsewhere, ...SOON }, { TableName });
  const other = await elsewhere.send(new DescribeTableCommand({ TableName }));

  expect(other.Table?.TableArn).toBe(ARN.replace(REGION, "us-east-1"));
  expect((await elsewhere.send(new ScanCommand({ TableName }))).Count).toBe(0);
});

test("takes a region that AWS cannot have, such as local, for its own", async () => {
  const { client } = await running();
  await client().send(put());

  expect((await client({ region: "local" }).send(new ScanCommand({ TableName }))).Count).toBe(1);
});

test("keeps the tables of every region in the directory", async () => {
  const data = temporaryDirectory();
  const first = await running({ data });
  const before = first.client({ region: "us-east-1" });
  await first.client().send(put());
  await before.send(
    new CreateTableCommand({
      TableName: "other",
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
      KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
    }),
  );
  await waitUntilTableExists({ client: before, ...SOON }, { TableName: "other" });
  await before.send(new PutItemCommand({ TableName: "other", Item }));
  await first.stop();

  const second = await running({ data });

  const after = second.client({ region: "us-east-1" });
  expect((await after.send(new ScanCommand({ TableName: "other" }))).Items).toEqual([Item]);
  expect((await after.send(new ListTablesCommand({}))).TableNames).toEqual(["other"]);
  expect((await second.client().send(new ScanCommand({ TableName }))).Items).toEqual([Item]);
});

test("records each write with its function, its answer and the event that it belongs to", async () => {
  const { client, facts } = await running();
  const dynamoDb = client();
  dynamoDb.middlewareStack.add(
    (next) => (args) => {
      (args.request as { headers: Record<string, string> }).headers["X-Amzn-Trace-Id"] =
        "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=0";
      return next(args);
    },
    { step: "build" },
  );
  const rejected = put({ ConditionExpression: "attribute_not_exists(id)" });

  await dynamoDb.send(put());
  await expect(dynamoDb.send(rejected)).rejects.toThrow();
  await dynamoDb.send(
    new BatchWriteItemCommand({
      RequestItems: {
        chat: [{ PutRequest: { Item: { id: { S: "b" } } } }, { DeleteRequest: { Key } }],
      },
    }),
  );
  await client({ credentials: { accessKeyId: "tool" } }).send(put());

  const written = {
    type: "table.written",
    tableName: "chat",
    operation: "PutItem",
    functionName: "send",
    traceParent: "53995c3f42cd8ad8",
  };
  expect(facts("table.written")).toEqual([
    { ...written, statusCode: 200, item: Item },
    { ...written, statusCode: 400, item: Item },
    { ...written, statusCode: 200, item: { id: { S: "b" } } },
    { ...written, statusCode: 200, operation: "DeleteItem", item: Key },
    { ...written, statusCode: 200, item: Item, functionName: undefined, traceParent: undefined },
  ]);
});

test("records a write that a step rejects, with the answer of that step", async () => {
  const rejection = { statusCode: 500, type: "a#InternalServerError", message: "no" };
  const { client, facts } = await running({
    steps: [
      ({ operation }, proceed, reject) => (operation === "PutItem" ? reject(rejection) : proceed()),
    ],
  });

  await expect(client().send(put())).rejects.toMatchObject({ name: "InternalServerError" });

  expect(facts("table.written")).toMatchObject([{ statusCode: 500 }]);
});

test("leads a call through its steps in order, with what is known of the caller", async () => {
  const seen: unknown[] = [];
  const { client } = await running({
    steps: [
      ({ operation, functionName, region, input }, proceed) => {
        if (operation === "PutItem") seen.push(["first", functionName, region, input.TableName]);
        setImmediate(proceed);
      },
      ({ operation }, proceed) => {
        if (operation === "PutItem") seen.push("second");
        proceed();
      },
    ],
  });

  await client().send(new PutItemCommand({ TableName: ARN, Item }));

  expect(seen).toEqual([["first", "send", REGION, "chat"], "second"]);
});

test("rejects a wrong signature of a key that the gateway issued", async () => {
  const { client } = await running();

  const wrong = client({ credentials: { secretAccessKey: "wrong" } }).send(put());

  await expect(wrong).rejects.toMatchObject({ name: "InvalidSignatureException" });
});

test.each([
  ["unsigned", {}, "MissingAuthenticationTokenException"],
  [
    "without a signature",
    { authorization: "AWS4-HMAC-SHA256 Credential=a" },
    "IncompleteSignatureException",
  ],
])("rejects a call that is %s", async (_, headers, type) => {
  const { endpoint } = await running();
  const target = { "x-amz-target": "DynamoDB_20120810.ListTables" };

  const answer = await rawCall(endpoint, {
    headers: { "content-type": SIGNED["content-type"], ...target, ...headers },
    body: "{}",
  });

  expect([answer.status, JSON.parse(answer.body).__type]).toEqual([
    400,
    `com.amazon.coral.service#${type}`,
  ]);
});

test("answers with the headers that DynamoDB sends", async () => {
  const { endpoint } = await running();

  const { headers, body } = await call(endpoint, "ListTables", "{}");

  const { date, ...others } = headers;
  expect(others).toEqual({
    "content-type": "application/x-amz-json-1.0",
    "content-length": String(Buffer.byteLength(body)),
    "x-amz-crc32": String(crc32(body)),
    "x-amzn-requestid": expect.stringMatching(/^[A-Z\d]{52}$/),
    connection: "close",
  });
});

test("says that it is healthy to who asks", async () => {
  const { endpoint } = await running();

  const answer = await rawCall(endpoint, { method: "GET" });

  expect(answer).toMatchObject({
    status: 200,
    headers: { "content-type": "text/plain" },
    body: "healthy: dynamodb.us-east-1.amazonaws.com ",
  });
});

const NOT_FOUND = {
  status: 404,
  headers: { "content-type": "text/xml" },
  body: "<UnknownOperationException/>\n",
};
const NO_OPERATION = {
  status: 400,
  headers: { "content-type": "application/json" },
  body: '{"__type":"com.amazon.coral.service#UnknownOperationException"}',
};

test.each([
  ["PUT", "application/json", "{}", NOT_FOUND],
  ["POST", "text/plain", "{}", NOT_FOUND],
  ["POST", "application/jsonx", "{}", NOT_FOUND],
  ["POST", "application/json; charset=utf-8", "{}", NO_OPERATION],
  [
    "POST",
    "text/plain",
    "",
    {
      status: 400,
      headers: { "content-type": "application/x-amz-json-1.0" },
      body: '{"__type":"com.amazon.coral.service#SerializationException"}',
    },
  ],
  ["OPTIONS", "text/plain", "", NOT_FOUND],
])("answers a %s of %s with the body %j", async (method, type, body, answer) => {
  const { endpoint } = await running();

  const got = await rawCall(endpoint, { method, headers: { "content-type": type }, body });

  expect(got).toMatchObject(answer);
});

test("answers with 413 to a body of more than 16 MB", { tags: ["journey"] }, async () => {
  const { endpoint } = await running();

  const answer = await call(endpoint, "PutItem", " ".repeat(16 * 1024 * 1024 + 1));

  expect(answer.status).toBe(413);
  const largest = await call(endpoint, "PutItem", " ".repeat(16 * 1024 * 1024));
  expect(largest.status).toBe(400);
});

const evil = "https://evil.example";
const SCAN = { ...SIGNED, "x-amz-target": "DynamoDB_20120810.Scan" };

test.each([
  ["a page of another site", { origin: evil }],
  ["a page without an origin of its own", { origin: "null" }],
  ["a page whose name leads here", { host: "evil.example:8000" }],
  ["a page of the network", { origin: "http://192.168.1.7:3000" }],
])("rejects %s, and reports it once", async (_, headers) => {
  const { endpoint, facts } = await running();

  const body = JSON.stringify({ TableName });
  const answer = await rawCall(endpoint, { headers: { ...SCAN, ...headers }, body });
  await rawCall(endpoint, { headers: { ...SCAN, ...headers }, body });

  expect(answer.status).toBe(403);
  expect(answer.headers).not.toHaveProperty("access-control-allow-origin");
  expect(JSON.parse(answer.body)).toEqual({
    __type: "com.amazon.coral.service#AccessDeniedException",
    message: expect.stringContaining(Object.values(headers)[0]!),
  });
  expect(facts("warning")).toHaveLength(1);
});

test("rejects the preflight request for a page of another site", async () => {
  const { endpoint } = await running();
  const asked = {
    "access-control-request-method": "POST",
    "access-control-request-headers": "authorization",
  };

  const answer = await rawCall(endpoint, {
    method: "OPTIONS",
    headers: { ...asked, origin: evil },
  });

  expect(answer.status).toBe(403);
  expect(Object.keys(answer.headers).filter((name) => name.startsWith("access-control"))).toEqual(
    [],
  );
});

test("lets a page of this machine in, by its own origin", async () => {
  const { endpoint } = await running();
  const origin = "http://localhost:5173";
  const asked = {
    "access-control-request-method": "POST",
    "access-control-request-headers": "authorization",
  };

  const preflight = await rawCall(endpoint, { method: "OPTIONS", headers: { ...asked, origin } });
  const answer = await rawCall(endpoint, {
    headers: { ...SCAN, origin },
    body: JSON.stringify({ TableName }),
  });

  expect(preflight).toMatchObject({
    status: 200,
    headers: {
      "access-control-allow-origin": origin,
      vary: "Origin",
      "access-control-allow-methods": "POST",
      "access-control-allow-headers": "authorization",
    },
  });
  expect(answer).toMatchObject({ status: 200, headers: { "access-control-allow-origin": origin } });
});

test.each([
  "localhost:8000",
  "tables.localhost",
  "127.0.0.1",
  "[::1]:8000",
  "host.docker.internal:8000",
  "dynamodb.eu-west-1.amazonaws.com",
  "123456789012.ddb.eu-west-1.amazonaws.com",
])("answers a program that calls it %s", async (host) => {
  const { endpoint } = await running();

  const headers = { ...SCAN, host };
  const answer = await rawCall(endpoint, { headers, body: JSON.stringify({ TableName }) });

  expect(answer.status).toBe(200);
});

test("keeps an attribute named __proto__ like any other", async () => {
  const { client, facts } = await running();
  const dynamoDb = client();
  const named = JSON.parse(
    '{"id":{"S":"p"},"__proto__":{"S":"x"},"m":{"M":{"__proto__":{"N":"1"}}}}',
  );

  await dynamoDb.send(new PutItemCommand({ TableName, Item: { id: { S: "p" } } }));
  await dynamoDb.send(
    new UpdateItemCommand({
      TableName,
      Key: { id: { S: "p" } },
      UpdateExpression: "SET #p = :x",
      ExpressionAttributeNames: { "#p": "__proto__" },
      ExpressionAttributeValues: { ":x": { S: "x" } },
    }),
  );
  expect(facts("table.written")).toHaveLength(2);
  const { endpoint } = { endpoint: await dynamoDb.config.endpoint!() };
  const url = `http://${endpoint.hostname}:${endpoint.port}`;
  await call(url, "PutItem", `{"TableName":"chat","Item":${JSON.stringify(named)}}`);

  const answer = await call(url, "GetItem", '{"TableName":"chat","Key":{"id":{"S":"p"}}}');
  expect(JSON.stringify(JSON.parse(answer.body).Item)).toBe(JSON.stringify(named));
});

test.each([
  ["an expression", "UpdateItem", { UpdateExpression: "SET __proto__ = :x" }],
  ["a document path", "UpdateItem", { UpdateExpression: "SET m.__proto__ = :x" }],
])("finds an attribute that is named __proto__ in %s", async (_, operation, update) => {
  const { endpoint, client } = await running();
  await client().send(put({ Item: { ...Item, m: { M: {} } } }));

  const values = { ExpressionAttributeValues: { ":x": { S: "x" } } };
  await call(endpoint, operation, JSON.stringify({ TableName, Key, ...update, ...values }));
  const path = update.UpdateExpression.split(" ")[1];
  const projected = JSON.stringify({ TableName, Key, ProjectionExpression: path });
  const filtered = JSON.stringify({ TableName, FilterExpression: `${path} = :x`, ...values });

  expect((await call(endpoint, "GetItem", projected)).body).toContain('"__proto__":{"S":"x"}');
  expect(JSON.parse((await call(endpoint, "Scan", filtered)).body).Count).toBe(1);
});

test("keeps an attribute that is named __proto__ in escapes", async () => {
  const { endpoint } = await running();

  const Escaped = '{"id":{"S":"a"},"\\u005f\\u005fproto__":{"S":"x"}}';
  await call(endpoint, "PutItem", `{"TableName":"chat","Item":${Escaped}}`);
  const answer = await call(endpoint, "GetItem", JSON.stringify({ TableName, Key }));

  expect(answer.body).toBe('{"Item":{"id":{"S":"a"},"__proto__":{"S":"x"}}}');
});

test("keeps a text that says __proto__ as it is, and compares it so", async () => {
  const { endpoint, client } = await running();
  await client().send(put({ Item: { id: { S: "a" }, s: { S: "__proto__" } } }));

  const begins = { FilterExpression: "begins_with(s, :s) AND size(s) = :n" };
  const values = { ":s": { S: "__p" }, ":n": { N: "9" } };
  const body = JSON.stringify({ TableName, ...begins, ExpressionAttributeValues: values });

  expect(JSON.parse((await call(endpoint, "Scan", body)).body)).toMatchObject({
    Count: 1,
    Items: [{ s: { S: "__proto__" } }],
  });
});

test("answers nothing to a call that has no output, as SDKs expect", async () => {
  const { endpoint, client } = await running();
  const Tags = [{ Key: "team", Value: "chat" }];

  const raw = await call(endpoint, "TagResource", JSON.stringify({ ResourceArn: ARN, Tags }));
  await client().send(new UntagResourceCommand({ ResourceArn: ARN, TagKeys: ["other"] }));
  const { Tags: listed } = await client().send(new ListTagsOfResourceCommand({ ResourceArn: ARN }));

  expect([raw.status, raw.body]).toEqual([200, ""]);
  expect(listed).toEqual(Tags);
});

test("lists its tables", async () => {
  const { client } = await running();

  expect((await client().send(new ListTablesCommand({}))).TableNames).toEqual(["chat"]);
});
