import { once } from "node:events";
import { get, type IncomingMessage } from "node:http";
import { DynamoDBClient, ListTablesCommand, ScanCommand } from "@aws-sdk/client-dynamodb";
import { expect, onTestFinished, test } from "vitest";
import { openClient } from "../../src/client/client.ts";
import { type Emulator, type EmulatorOptions, startEmulator } from "../../src/emulator/emulator.ts";
import { presignHandshake } from "../../src/emulator/iam/rules/sign-handshake.ts";
import { stopChecked } from "../checked-facts.ts";
import { project } from "../readers/projects.ts";
import { factLines, showWhenFailed } from "../show-when-failed.ts";
import { startGate } from "./gate.ts";

const route = (name: string) => ({ function: name, routeResponse: true });

/** A project of one API, written as that of several. */
function definition(more: object = {}) {
  return {
    name: "shop",
    apis: { chat: chat() },
    functions: { tell: { handler: "tell.handler", timeout: 20 } },
    ...more,
  };
}

function chat(more: object = {}) {
  return {
    routeSelectionExpression: "$request.body.action",
    stages: { v1: {} },
    routes: { tell: route("tell") },
    ...more,
  };
}

/** Handlers that answer with the value of an expression. */
const answering = (expression: string) =>
  `exports.handler = async () => ({ statusCode: 200, body: String(${expression}) });`;

async function start(
  files: Readonly<Record<string, string>>,
  options: Partial<EmulatorOptions> = {},
): Promise<Emulator> {
  const { root } = project({ "package.json": "{}", ...files });
  const emulator = await startEmulator({
    definition: definition(),
    root,
    port: 0,
    runtime: "in-process",
    ...options,
  });
  onTestFinished(() => stopChecked(emulator));
  showWhenFailed("The facts of its gateway:", () => factLines(emulator.journal.entries()));
  return emulator;
}

/** A client that asks for an action and resolves with the answer. */
async function connect({ url }: Pick<Emulator, "url">) {
  const opening = await openClient(url);
  if (opening.kind === "refused") throw new Error(opening.body);
  const { client } = opening;
  onTestFinished(() => client.terminate());
  return (action: string): Promise<string> => {
    client.send(JSON.stringify({ action }));
    return client.next();
  };
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

test("the process of a function that a changed definition drops ends after the event that it runs", {
  tags: ["journey"],
}, async () => {
  const gate = await startGate();
  const emulator = await start(
    {
      "tell.js": answering("process.pid"),
      "slow.js": `exports.handler = async () => {
        await fetch("${gate.url}");
        return { statusCode: 200, body: String(process.pid) };
      };`,
    },
    {
      runtime: "child-process",
      definition: definition({
        apis: { chat: chat({ routes: { tell: route("tell"), slow: route("slow") } }) },
        functions: { tell: { handler: "tell.handler" }, slow: { handler: "slow.handler" } },
      }),
    },
  );
  const ask = await connect(emulator);
  const slow = ask("slow");
  await gate.reachedBy(1);

  await emulator.update(definition());
  gate.open();

  const dropped = Number(await slow);
  await expect.poll(() => isRunning(dropped)).toBe(false);
  expect(isRunning(Number(await ask("tell")))).toBe(true);
});

test("a changed region and account take a restart, and references to them stay", async () => {
  const environment = { WHERE: { join: [{ ref: "region" }, " ", { ref: "accountId" }] } };
  const functions = { tell: { handler: "tell.handler", environment } };
  const emulator = await start(
    { "tell.js": answering("process.env.WHERE") },
    { definition: definition({ functions }) },
  );
  const ask = await connect(emulator);

  const changed = await emulator.update(
    definition({ functions, region: "eu-west-1", accountId: "210987654321" }),
  );

  expect(changed.needsRestart).toEqual(["region", "accountId"]);
  expect(emulator.project).toMatchObject({ region: "us-east-1", accountId: "123456789012" });
  expect(await ask("tell")).toBe("us-east-1 123456789012");
});

test("a changed region and account make no difference where the command line names others", async () => {
  const emulator = await start(
    { "tell.js": answering("1") },
    { region: "eu-north-1", accountId: "111111111111" },
  );

  const { needsRestart } = await emulator.update(
    definition({ region: "eu-west-1", accountId: "210987654321" }),
  );

  expect(needsRestart).toEqual([]);
});

test("APIs in another order take a restart, and the first stays the first", async () => {
  const emulator = await start(
    { "tell.js": answering("1") },
    { definition: definition({ apis: { chat: chat(), admin: chat() } }) },
  );

  const { needsRestart } = await emulator.update(
    definition({ apis: { admin: chat(), chat: chat() } }),
  );

  expect(needsRestart).toEqual(["apis"]);
  expect(emulator.apis.map(({ name }) => name)).toEqual(["chat", "admin"]);
});

test("what takes a restart is named as the long form calls it", async () => {
  const emulator = await start({ "tell.js": answering("1") });

  const { needsRestart } = await emulator.update(
    definition({
      name: "store",
      apis: { chat: chat({ stages: { v2: {} }, domainName: "localhost" }), admin: chat() },
    }),
  );

  expect(needsRestart).toEqual(["name", "apis.chat.stages", "apis.chat.domainName", "apis.admin"]);
});

test("a name that changes in the short form takes a restart, and is all that is named", async () => {
  const short = (name: string) => ({
    name,
    routeSelectionExpression: "$request.body.action",
    stage: { name: "v1" },
    routes: { tell: route("tell") },
    functions: { tell: { handler: "tell.handler" } },
  });
  const emulator = await start({ "tell.js": answering("1") }, { definition: short("shop") });

  const { needsRestart } = await emulator.update(short("store"));

  expect(needsRestart).toEqual(["name"]);
});

test("references mean what is served until the restart", async () => {
  const environment = { STAGE: { ref: "api.chat.stage" }, URL: { ref: "api.chat.callbackUrl" } };
  const functions = { tell: { handler: "tell.handler", environment } };
  const emulator = await start(
    { "tell.js": answering('process.env.STAGE + " " + process.env.URL') },
    { definition: definition({ functions }) },
  );
  const ask = await connect(emulator);
  const before = await ask("tell");

  const { needsRestart } = await emulator.update(
    definition({ functions, apis: { chat: chat({ name: "talk", stages: { v2: {} } }) } }),
  );

  expect(needsRestart).toEqual(["apis.chat.name", "apis.chat.stages"]);
  expect(before).toMatch(/^v1 https:\/\/\w+\.execute-api\.us-east-1\.amazonaws\.com\/v1$/);
  expect(await ask("tell")).toBe(before);
});

test("functions may refer to an API that comes with the restart", async () => {
  const emulator = await start({ "tell.js": answering("process.env.URL") });
  const ask = await connect(emulator);

  const { needsRestart } = await emulator.update(
    definition({
      apis: { chat: chat(), admin: chat() },
      functions: {
        tell: { handler: "tell.handler", environment: { URL: { ref: "api.admin.url" } } },
      },
    }),
  );

  expect(needsRestart).toEqual(["apis.admin"]);
  expect(emulator.apis.map(({ name }) => name)).toEqual(["chat"]);
  expect(await ask("tell")).toMatch(/^wss:.*\/v1$/);
});

test("an API that is dropped runs with its functions until the restart", async () => {
  const environment = { TABLE: { ref: "table.notes.name" } };
  const emulator = await start(
    { "tell.js": answering("1"), "list.js": answering("process.env.TABLE") },
    {
      definition: definition({
        apis: { chat: chat(), admin: chat({ routes: { list: route("list") } }) },
        functions: {
          tell: { handler: "tell.handler" },
          list: { handler: "list.handler", environment },
        },
        tables: { notes: { partitionKey: { name: "id", type: "S" } } },
      }),
    },
  );
  const [, admin] = emulator.apis;
  const ask = await connect({ url: admin?.stages[0]?.url ?? "" });

  const { needsRestart } = await emulator.update(definition());

  expect(needsRestart).toEqual(["apis.admin"]);
  expect(await ask("list")).toBe("shop-notes");
  expect(emulator.functions).toEqual([
    { name: "tell", runnable: true },
    { name: "list", runnable: true },
  ]);
});

test("the function of a dropped API is rebuilt like any other until the restart", async () => {
  const { root, write, path } = project({
    "package.json": "{}",
    "tell.js": answering("1"),
    "list.js": "exports.handler = ",
  });
  const emulator = await start(
    {},
    {
      root,
      definition: definition({
        apis: { chat: chat(), admin: chat({ routes: { list: route("list") } }) },
        functions: { tell: { handler: "tell.handler" }, list: { handler: "list.handler" } },
      }),
    },
  );
  const [, admin] = emulator.apis;
  const ask = await connect({ url: admin?.stages[0]?.url ?? "" });

  await emulator.update(definition());
  expect(emulator.fault()?.message).toContain("list.js");
  expect(await ask("list")).toContain("Internal server error");
  write("list.js", answering('"repaired"'));
  await emulator.reload([path("list.js")]);

  expect(await ask("list")).toBe("repaired");
});

const byId = { partitionKey: { name: "id", type: "S" } };

function tablesOf({ dynamodbEndpoint, credentials }: Emulator) {
  const client = new DynamoDBClient({
    endpoint: dynamodbEndpoint!,
    region: "us-east-1",
    credentials,
  });
  onTestFinished(() => client.destroy());
  return client;
}

test("a definition rejected for one table creates no other, and its seed comes with the next", async () => {
  const emulator = await start(
    { "tell.js": answering("1"), "rooms.json": '[{ "id": "lobby" }]' },
    { definition: definition({ tables: { notes: byId } }) },
  );
  const rooms = { ...byId, seed: "rooms.json" };
  const dynamoDb = tablesOf(emulator);

  const notes = { partitionKey: { name: "other", type: "S" } };
  await expect(emulator.update(definition({ tables: { rooms, notes } }))).rejects.toMatchObject({
    code: "TABLE_DIFFERS",
  });
  const { TableNames } = await dynamoDb.send(new ListTablesCommand({}));
  await emulator.update(definition({ tables: { rooms, notes: byId } }));

  expect(TableNames).toEqual(["shop-notes"]);
  const { Items } = await dynamoDb.send(new ScanCommand({ TableName: "shop-rooms" }));
  expect(Items).toEqual([{ id: { S: "lobby" } }]);
});

test("a definition with a seed that DynamoDB rejects creates no table, and names the seed's file", async () => {
  const { root, path, write } = project({
    "package.json": "{}",
    "tell.js": answering("1"),
    "rooms.json": '[{ "id": "lobby", "owner": 1 }]',
  });
  const emulator = await start({}, { root, definition: definition({ tables: { notes: byId } }) });
  const indexes = { byOwner: { partitionKey: { name: "owner", type: "S" } } };
  const next = definition({
    tables: { notes: byId, rooms: { ...byId, indexes, seed: "rooms.json" } },
  });
  const dynamoDb = tablesOf(emulator);

  await expect(emulator.update(next)).rejects.toMatchObject({
    message: expect.stringContaining("shop-rooms"),
    failureInputs: { read: [path("rooms.json")] },
  });
  const { TableNames } = await dynamoDb.send(new ListTablesCommand({}));
  write("rooms.json", '[{ "id": "lobby", "owner": "ann" }]');
  await emulator.update(next);

  expect(TableNames).toEqual(["shop-notes"]);
  expect(Object.keys(emulator.project.tables)).toEqual(["notes", "rooms"]);
  const { Items } = await dynamoDb.send(new ScanCommand({ TableName: "shop-rooms" }));
  expect(Items).toEqual([{ id: { S: "lobby" }, owner: { S: "ann" } }]);
});

test("a start with a seed that DynamoDB rejects leaves no table in its directory", async () => {
  const { root, path, write } = project({
    "package.json": "{}",
    "tell.js": answering("1"),
    "rooms.json": '[{ "id": "lobby" }, { "id": "lobby" }]',
  });
  const rooms = { ...byId, seed: "rooms.json" };
  const options = { root, dataDir: path("data"), definition: definition({ tables: { rooms } }) };
  await expect(start({}, options)).rejects.toMatchObject({
    failureInputs: { read: [path("rooms.json")] },
  });

  write("rooms.json", '[{ "id": "lobby" }]');
  const dynamoDb = tablesOf(await start({}, options));

  const { Items } = await dynamoDb.send(new ScanCommand({ TableName: "shop-rooms" }));
  expect(Items).toEqual([{ id: { S: "lobby" } }]);
});

test("an endpoint that is the gateway itself does not have it call itself", async () => {
  const emulator = await start({ "tell.js": answering("1") });
  const own = `http://localhost:${emulator.port}`;
  await emulator.update(definition({ endpoints: { "execute-api": own } }));
  const host = "abcdefghij.execute-api.us-east-1.amazonaws.com";

  const answered = get({ port: emulator.port, path: "/prod", headers: { host } });
  const [response] = (await once(answered, "response")) as [IncomingMessage];

  expect(response.statusCode).toBe(403);
  expect((await response.toArray()).join("")).toContain("add the host to hosts of its API");
});

test("5, 6: a changed definition has its keys, plans and limits count at once", async () => {
  const emulator = await start({ "tell.js": answering("1") });
  const $connect = { ...route("tell"), routeResponse: false, apiKeyRequired: true };
  const routes = { $connect, tell: route("tell") };
  const web = "web-0123456789-0123456789";
  const headers = { "x-api-key": [web] };
  const keyed = (throttle: object) => ({
    apis: { chat: chat({ routes, stages: { v1: { throttle } } }) },
    apiKeys: { web: { value: web } },
    usagePlans: { free: { apiKeys: ["web"] } },
  });
  const statusOf = async (given = {}) => {
    const opening = await openClient(emulator.url, given);
    if (opening.kind === "open") opening.client.terminate();
    return opening.kind === "open" ? 101 : opening.statusCode;
  };
  expect(await statusOf()).toBe(101);

  await emulator.update(definition(keyed({})));
  expect([await statusOf(), await statusOf({ headers })]).toEqual([403, 101]);
  await emulator.update(definition(keyed({ rateLimit: 0, burstLimit: 0 })));

  expect(await statusOf({ headers })).toBe(429);
});

test("4: keys of an identity count for the APIs that have it, and no longer than it is there", async () => {
  const emulator = await start({ "tell.js": answering("1") });
  const routes = { $connect: { function: "tell", authorizer: "AWS_IAM" }, tell: route("tell") };
  const guest = { statements: [{ Effect: "Deny", Action: "*", Resource: "*" }] };
  await emulator.update(definition({ apis: { chat: chat({ routes, identities: { guest } }) } }));
  const credentials = emulator.credentialsOf("guest");
  const rejection = async () => {
    const now = Date.now();
    const opening = await openClient(
      presignHandshake(emulator.url, { credentials, region: "us-east-1", now }),
    );
    return opening.kind === "refused" && opening.headers["x-amzn-errortype"];
  };
  expect(await rejection()).toBe("AccessDeniedException");

  await emulator.update(definition({ apis: { chat: chat({ routes }) } }));
  expect(await rejection()).toBe("UnrecognizedClientException");
});
