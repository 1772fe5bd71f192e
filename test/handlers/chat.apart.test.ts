import { PutItemCommand } from "@aws-sdk/client-dynamodb";
import type { APIGatewayProxyWebsocketEventV2 } from "aws-lambda";
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from "vitest";
import { type Answer, startManagement, startTable } from "./aws.apart.ts";

/** Each test gets the handlers as a new execution environment would load them. */
async function loadHandlers() {
  vi.resetModules();
  const [connect, disconnect, sendmessage] = await Promise.all([
    import("../../src/handlers/connect.ts"),
    import("../../src/handlers/disconnect.ts"),
    import("../../src/handlers/sendmessage.ts"),
  ]);
  return { connect: connect.handler, disconnect: disconnect.handler, send: sendmessage.handler };
}

function eventOf(
  connectionId: string,
  fields: { readonly body?: string; readonly domainName?: string } = {},
): APIGatewayProxyWebsocketEventV2 {
  const { domainName = "abcdef1234.execute-api.us-east-1.amazonaws.com", ...rest } = fields;
  return {
    requestContext: {
      routeKey: "sendmessage",
      messageId: "Xux7ceaBliACHZQ=",
      eventType: "MESSAGE",
      extendedRequestId: "Xux7cExqliAFojw=",
      requestTime: "31/Aug/2022:13:34:53 +0000",
      messageDirection: "IN",
      stage: "v1",
      connectedAt: 1661952892000,
      requestTimeEpoch: 1661952893123,
      requestId: "Xux7cExqliAFojw=",
      domainName,
      connectionId,
      apiId: "abcdef1234",
    },
    isBase64Encoded: false,
    ...rest,
  };
}

const message = (data: string) => `{"message":"sendmessage", "data":${data}}`;

let environment: NodeJS.ProcessEnv;
beforeEach(() => {
  environment = { ...process.env };
});
afterEach(() => {
  for (const name of Object.keys(process.env)) {
    if (!(name in environment)) delete process.env[name];
  }
  Object.assign(process.env, environment);
});

test("connect puts the connection's id into the table, disconnect takes it out", async () => {
  const table = await startTable();
  const { connect, disconnect } = await loadHandlers();

  expect(await connect(eventOf("ann="))).toMatchObject({ statusCode: 200 });
  await connect(eventOf("bob="));
  expect(await table.items()).toEqual(["ann=", "bob="]);

  expect(await disconnect(eventOf("ann="))).toMatchObject({ statusCode: 200 });
  expect(await table.items()).toEqual(["bob="]);
});

test("connect fails if the table does not exist, so that the client is rejected", async () => {
  await startTable();
  process.env.CONNECTIONS_TABLE = "no-such-table";
  const { connect } = await loadHandlers();

  await expect(connect(eventOf("ann="))).rejects.toMatchObject({
    name: "ResourceNotFoundException",
  });
});

/** A chat in which these are connected. */
async function chat(
  ids: readonly string[],
  answer?: (connectionId: string) => Answer | Promise<Answer>,
) {
  const table = await startTable();
  const management = await startManagement(answer);
  const { connect, send } = await loadHandlers();
  await Promise.all(ids.map((id) => connect(eventOf(id))));
  return {
    table,
    ...management,
    send: (body?: string) => {
      const { domainName } = management;
      return send(eventOf("ann=", body === undefined ? { domainName } : { domainName, body }));
    },
  };
}

test("sendmessage posts to every connection, its sender's too", async () => {
  const { send, posts } = await chat(["ann=", "bob=", "c-_d="]);

  expect(await send(message('"hello world !"'))).toMatchObject({ statusCode: 200 });

  expect(Object.fromEntries(posts)).toEqual({
    "ann=": '"hello world !"',
    "bob=": '"hello world !"',
    "c-_d=": '"hello world !"',
  });
});

test.each([
  ['"hello world !"'],
  ['"quotes \\" and \\\\ and {braces}, [brackets]: \\u00fc ü"'],
  ['{"a": 1,  "data":[ 1 , {"b":"}"} ]}'],
  ["[1, 2,\n\t3]"],
  ["12345678901234567890.00"],
  ["false"],
  ['""'],
])("posts %s as it was written", async (data) => {
  const { send, posts } = await chat(["ann="]);

  await send(`{ "data" : ${data} , "message":"sendmessage"}`);

  expect(posts.get("ann=")).toBe(data);
});

test("of two fields of one name the last counts, as everywhere in JSON", async () => {
  const { send, posts } = await chat(["ann="]);

  await send('{"data":1,"d\\u0061ta":2,"x":{"data":3}}');

  expect(posts.get("ann=")).toBe("2");
});

test.each([
  ["no body", undefined, "Unexpected end of JSON input"],
  ["a body that is not JSON", "hello", "is not valid JSON"],
  ["a list", '["data"]', "it is not a JSON object"],
  ["a body without data", '{"message":"sendmessage"}', 'it has no "data"'],
  ["data deeper down only", '{"message":{"data":1}}', 'it has no "data"'],
  ["data of null", message("null"), 'it has no "data"'],
])("sendmessage rejects %s", async (_, body, reason) => {
  const { send, posts } = await chat(["ann="]);

  const result = await send(body);

  expect(result.statusCode).toBe(500);
  expect(result.body).toMatch(/^Failed to unmarshal request: /);
  expect(result.body).toContain(reason);
  expect(posts.size).toBe(0);
});

test("a connection that is gone is taken out of the table", async () => {
  const { send, table, posts } = await chat(["ann=", "gone=", "bob="], (id) =>
    id === "gone=" ? { status: 410, errorType: "GoneException" } : { status: 200 },
  );

  expect(await send(message("1"))).toMatchObject({ statusCode: 200 });

  expect(await table.items()).toEqual(["ann=", "bob="]);
  expect([...posts.keys()].sort()).toEqual(["ann=", "bob=", "gone="]);
});

test("any other failure is logged, keeps its row and does not keep the message from the rest", async () => {
  const warn = vi.spyOn(console, "warn").mockReturnValue();
  onTestFinished(() => warn.mockRestore());
  const { send, table, posts } = await chat(["ann=", "bad=", "bob="], (id) =>
    id === "bad=" ? { status: 403, errorType: "ForbiddenException" } : { status: 200 },
  );

  expect(await send(message("1"))).toMatchObject({ statusCode: 200 });

  expect(await table.items()).toEqual(["ann=", "bad=", "bob="]);
  expect(posts.size).toBe(3);
  expect(warn.mock.calls).toEqual([
    [expect.stringMatching(/^Failed to post to bad=: ForbiddenException/)],
  ]);
});

test("posts to all connections of a page at once", async () => {
  const ids = ["ann=", "bob=", "cid=", "dan=", "eve="];
  let letAllGo = () => {};
  const allCame = new Promise<void>((resolve) => {
    letAllGo = resolve;
  });
  const came = new Set<string>();
  const { send } = await chat(ids, async (id) => {
    if (came.add(id).size === ids.length) letAllGo();
    await allCame;
    return { status: 200 };
  });

  expect(await send(message("1"))).toMatchObject({ statusCode: 200 });
});

test("reaches the connections on every page of the table", { tags: ["journey"] }, async () => {
  const { send, table, posts } = await chat(["ann="]);
  // A page ends after 1 MB, so rows of 300 KB make several.
  const ids = Array.from({ length: 8 }, (_, i) => `c${i}=`);
  for (const id of ids) {
    const Item = { connectionID: { S: id }, filler: { S: "x".repeat(300_000) } };
    await table.client.send(new PutItemCommand({ TableName: table.name, Item }));
  }

  await send(message("1"));

  expect([...posts.keys()].sort()).toEqual(["ann=", ...ids].sort());
});
