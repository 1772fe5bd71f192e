import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { createServer, type RequestListener } from "node:http";
import { createRequire } from "node:module";
import { connect } from "node:net";
import { join } from "node:path";
import {
  DescribeTableCommand,
  DynamoDBClient,
  GetItemCommand,
  ListTablesCommand,
  PutItemCommand,
} from "@aws-sdk/client-dynamodb";
import { expect, onTestFinished, test } from "vitest";
import type { ApiTable } from "../../../src/definition/project.ts";
import { openTables, type TableStore, type Tables } from "../../../src/emulator/dynamodb/table.ts";
import {
  createSigningKeys,
  type SignableRequest,
} from "../../../src/emulator/iam/rules/sign-request.ts";
import {
  readAuthorization,
  verifySignature,
} from "../../../src/emulator/iam/rules/verify-signature.ts";
import { listen } from "../../listen.ts";
import { temporaryDirectory } from "../../temporary-directory.ts";
import { createQueue } from "../queue.ts";
import { chat } from "./tables.ts";

const connections: ApiTable = {
  ...chat,
  logicalName: "connections",
  name: "chat-connections",
  partitionKey: { name: "connectionId", type: "S" },
  capacity: { read: 5, write: 5 },
  timeToLive: undefined,
};
const messages: ApiTable = {
  ...connections,
  logicalName: "messages",
  name: "chat-messages",
  partitionKey: { name: "room", type: "S" },
  sortKey: { name: "at", type: "N" },
  indexes: { byUser: { partitionKey: { name: "user", type: "S" } } },
  capacity: "on-demand",
};
const LOCAL: TableStore = {
  kind: "local",
  data: undefined,
  region: "eu-west-1",
  accountId: "123456789012",
  secretFor: () => undefined,
  journal: { record: () => 0 },
  invocationOf: () => undefined,
  steps: [],
};
const CREDENTIALS = { accessKeyId: "a", secretAccessKey: "b" };

async function start(tables: ApiTable[], store: Partial<TableStore> = {}): Promise<Tables> {
  const opened = await openTables({ ...LOCAL, ...store } as TableStore);
  onTestFinished(() => opened.stop());
  await opened.create(tables);
  return opened;
}

/** Makes the tables in a DynamoDB that is no business of the test's. */
async function createIn(store: TableStore, tables: ApiTable[]): Promise<void> {
  const { create } = await openTables(store);
  await create(tables);
}

function client(endpoint: string): DynamoDBClient {
  const made = new DynamoDBClient({ endpoint, region: "eu-west-1", credentials: CREDENTIALS });
  onTestFinished(() => made.destroy());
  return made;
}

function directoryOfTables(): string {
  const directory = temporaryDirectory();
  return join(directory, "data");
}

const item = { connectionId: { S: "one" } };
const put = new PutItemCommand({ TableName: connections.name, Item: item });
const get = new GetItemCommand({ TableName: connections.name, Key: item });

test("makes every table, and it can be used at once", async () => {
  const { endpoint } = await start([connections, messages]);
  const dynamoDb = client(endpoint);

  await dynamoDb.send(put);
  const described = await dynamoDb.send(new DescribeTableCommand({ TableName: messages.name }));

  expect(endpoint).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  expect((await dynamoDb.send(get)).Item).toEqual(item);
  expect(described.Table).toMatchObject({
    TableStatus: "ACTIVE",
    KeySchema: [
      { AttributeName: "room", KeyType: "HASH" },
      { AttributeName: "at", KeyType: "RANGE" },
    ],
    GlobalSecondaryIndexes: [{ IndexName: "byUser" }],
    BillingModeSummary: { BillingMode: "PAY_PER_REQUEST" },
  });
});

test("a table that is removed is gone, so that it can be made again at once", async () => {
  const tables = await start([connections]);
  await client(tables.endpoint).send(put);

  await tables.remove([connections]);
  expect(await tables.create([connections])).toEqual([connections]);

  expect((await client(tables.endpoint).send(get)).Item).toBeUndefined();
});

test("lets those wait who call before it is loaded, and answers them then", async () => {
  const tables = await openTables(LOCAL);
  onTestFinished(() => tables.stop());
  const { port } = new URL(tables.endpoint);
  const body = JSON.stringify({ TableName: connections.name });
  const socket = connect(Number(port), "127.0.0.1");
  await once(socket, "connect");
  socket.write(
    `POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`,
  );

  await tables.create([connections]);

  let answer = "";
  for await (const chunk of socket) answer += chunk;
  expect(answer).toMatch(/^HTTP\/1\.1 \d+ /);
});

test("stops also if it has never been loaded, whatever waits", async () => {
  const tables = await openTables(LOCAL);
  const socket = connect(Number(new URL(tables.endpoint).port), "127.0.0.1");
  socket.on("error", () => {});
  await once(socket, "connect");

  await Promise.all([tables.stop(), once(socket, "close")]);

  await expect(fetch(tables.endpoint)).rejects.toThrow();
});

test("keeps a connection open for a minute and more", async () => {
  const { endpoint } = await start([]);

  const response = await fetch(endpoint);

  const seconds = Number(/timeout=(\d+)/.exec(response.headers.get("keep-alive") ?? "")?.[1]);
  expect(seconds).toBeGreaterThanOrEqual(65);
});

test("keeps items in its directory from one start to the next", async () => {
  const data = directoryOfTables();
  const first = await start([connections], { data });
  await client(first.endpoint).send(put);
  await first.stop();

  const second = await start([connections], { data });

  expect((await client(second.endpoint).send(get)).Item).toEqual(item);
});

test("rejects a directory that another process has open", async () => {
  const data = directoryOfTables();
  const require = createRequire(createRequire(import.meta.url).resolve("dynalite"));
  const script = `const { Level } = require(process.argv[1]);
    new Level(process.argv[2]).open().then(() => console.log("open"));
    process.stdin.resume();`;
  const holder: ChildProcess = spawn(process.execPath, [
    "-e",
    script,
    require.resolve("level"),
    data,
  ]);
  onTestFinished(() => {
    holder.kill();
  });
  await once(holder.stdout!, "data");

  await expect(start([connections], { data })).rejects.toMatchObject({
    code: "DATA_UNUSABLE",
    message: `wsgw cannot use the directory ${data}: another process is using it.`,
  });
});

test("rejects a directory that cannot be created", async () => {
  const data = directoryOfTables();
  writeFileSync(data, "a file");

  await expect(start([connections], { data: join(data, "below") })).rejects.toMatchObject({
    code: "DATA_UNUSABLE",
  });
});

test("survives a client that breaks off in its request", async () => {
  const { endpoint } = await start([connections]);
  const dynamoDb = client(endpoint);
  const socket = connect(Number(new URL(endpoint).port), "127.0.0.1");
  await once(socket, "connect");
  socket.write("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\npart");
  await dynamoDb.send(put); // by now the part has arrived

  socket.resetAndDestroy();
  await once(socket, "close");

  await dynamoDb.send(put);
  expect((await dynamoDb.send(get)).Item).toEqual(item);
});

test("makes only the tables that are missing in another DynamoDB, and leaves it running", async () => {
  const other = await start([connections]);
  await client(other.endpoint).send(put);

  const { endpoint, create, stop } = await openTables(external(other.endpoint));
  await create([connections, messages]);
  await stop();

  expect(endpoint).toBe(other.endpoint);
  expect((await client(endpoint).send(get)).Item).toEqual(item);
  await client(endpoint).send(new DescribeTableCommand({ TableName: messages.name }));
});

function external(endpoint: string): TableStore {
  return { kind: "external", endpoint, region: "eu-west-1", credentials: CREDENTIALS };
}

test("rejects a table of the same name with other keys", async () => {
  const { endpoint } = await start([connections]);
  const changed = { ...connections, partitionKey: { name: "id", type: "S" } } as const;

  await expect(createIn(external(endpoint), [changed])).rejects.toMatchObject({
    code: "TABLE_DIFFERS",
    message:
      "Table chat-connections exists with the key connectionId (S), but the definition has the key id (S).",
  });
});

test("creates no table if one of them is rejected", async () => {
  const { endpoint } = await start([connections]);
  const changed = { ...connections, partitionKey: { name: "id", type: "S" } } as const;

  await expect(createIn(external(endpoint), [messages, changed])).rejects.toMatchObject({
    code: "TABLE_DIFFERS",
  });

  const { TableNames } = await client(endpoint).send(new ListTablesCommand({}));
  expect(TableNames).toEqual([connections.name]);
});

test.each([
  ["nothing listens", "http://127.0.0.1:1", "ECONNREFUSED"],
  ["there is no scheme", "localhost:8000", "an endpoint must begin with http:// or https://"],
  ["it is no URL", "nonsense", "an endpoint must begin with http:// or https://"],
])("says that a DynamoDB cannot be used when %s", async (_, endpoint, why) => {
  await expect(createIn(external(endpoint), [connections])).rejects.toMatchObject({
    code: "TABLE_UNAVAILABLE",
    message: expect.stringMatching(new RegExp(`^DynamoDB at ${endpoint} cannot be used: .*${why}`)),
  });
});

test("signs what it sends to another DynamoDB", async () => {
  const seen = createQueue<SignableRequest>();
  const endpoint = await listening(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { method = "", url = "", rawHeaders } = request;
    seen.push({ method, url, rawHeaders, body: Buffer.concat(chunks) });
    response.end('{"Table":{"TableStatus":"ACTIVE"}}');
  });
  const credentials = { accessKeyId: "AKID", secretAccessKey: "secret", sessionToken: "token" };

  await createIn({ kind: "external", endpoint, region: "eu-west-1", credentials }, [connections]);

  const request = await seen.next();
  const signed = readAuthorization(request);
  expect(signed).toMatchObject({
    kind: "signed",
    accessKeyId: "AKID",
    scope: { region: "eu-west-1", service: "dynamodb" },
    signedHeaders: ["content-type", "host", "x-amz-date", "x-amz-security-token", "x-amz-target"],
  });
  if (signed.kind !== "signed") return;
  expect(verifySignature(request, signed, "secret", createSigningKeys())).toEqual({
    kind: "right",
  });
});

/** A server that answers everything alike. */
function answering(statusCode: number, body: string): Promise<string> {
  return listening((_, response) => response.writeHead(statusCode).end(body));
}

async function listening(listener: RequestListener): Promise<string> {
  return `http://127.0.0.1:${await listen(createServer(listener))}`;
}

test.each([
  [200, "<html>", "it answers 200 without JSON"],
  [
    400,
    '{"__type":"com.amazon.coral.service#UnrecognizedClientException","message":"The security token is invalid"}',
    "it rejects table chat-connections with UnrecognizedClientException The security token is invalid",
  ],
])("says that a DynamoDB which answers %i %s cannot be used", async (status, body, why) => {
  const endpoint = await answering(status, body);

  await expect(createIn(external(endpoint), [connections])).rejects.toMatchObject({
    code: "TABLE_UNAVAILABLE",
    message: `DynamoDB at ${endpoint} cannot be used: ${why}.`,
  });
});
