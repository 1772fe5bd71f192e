import { spawnSync } from "node:child_process";
import { createServer } from "node:net";
import { join } from "node:path";
import {
  ApiGatewayManagementApiClient,
  PostToConnectionCommand,
} from "@aws-sdk/client-apigatewaymanagementapi";
import { expect, onTestFinished, test } from "vitest";
import { openClient } from "../../src/client/client.ts";
import { createManualClock } from "../../src/clock.ts";
import { type Emulator, type EmulatorOptions, startEmulator } from "../../src/emulator/emulator.ts";
import { stopChecked } from "../checked-facts.ts";
import { listen } from "../listen.ts";
import { project } from "../readers/projects.ts";
import { factLines, showWhenFailed } from "../show-when-failed.ts";
import { startGate } from "./gate.ts";
import { frameBytes, handshakeBytes, openSocket, readUntil } from "./servers.ts";

const ECHO = `
const { ApiGatewayManagementApiClient, PostToConnectionCommand } = require("@aws-sdk/client-apigatewaymanagementapi");
exports.handler = async ({ requestContext: { domainName, stage, connectionId }, body }) => {
  const api = new ApiGatewayManagementApiClient({ endpoint: \`https://\${domainName}/\${stage}\` });
  await api.send(new PostToConnectionCommand({ ConnectionId: connectionId, Data: body }));
  return { statusCode: 200 };
};
`;

function definition(more: object = {}) {
  return {
    name: "whole",
    routeSelectionExpression: "$request.body.action",
    stage: { name: "dev" },
    functions: { echo: { handler: "echo.handler", timeout: 20 } },
    routes: { $default: { function: "echo" } },
    ...more,
  };
}

async function start(options: Partial<EmulatorOptions> = {}): Promise<Emulator> {
  const { root } = project({ "echo.js": ECHO, "package.json": "{}" });
  const emulator = await startEmulator({ definition: definition(), root, port: 0, ...options });
  onTestFinished(() => stopChecked(emulator));
  showWhenFailed("The facts of its gateway:", () => factLines(emulator.journal.entries()));
  return emulator;
}

async function connect(url: string, ca?: string) {
  const opening = await openClient(url, ca === undefined ? {} : { ca });
  if (opening.kind === "refused") throw new Error(opening.body);
  onTestFinished(() => opening.client.terminate());
  return opening.client;
}

const AGES = `
const loadedAt = Date.now();
exports.handler = async () => ({
  statusCode: 200,
  body: JSON.stringify({ pid: process.pid, loadedAt }),
});
`;

/** The processes of environments that this process has started. */
function environments(): number[] {
  const ours = ["-P", String(process.pid), "-f", "lambda-child"];
  const { stdout } = spawnSync("pgrep", ours, { encoding: "utf8" });
  return stdout.split("\n").filter(Boolean).map(Number);
}

test.each([
  ["ahead of the first event", 1],
  ["by the first event", 0],
])(
  "starts an environment %s when %i is to be warm, and loads its code no sooner than that",
  async (_, warm) => {
    const { root } = project({ "ages.js": AGES, "package.json": "{}" });
    const emulator = await startEmulator({
      definition: definition({
        functions: { ages: { handler: "ages.handler" } },
        routes: { $default: { function: "ages", routeResponse: true } },
        connectionTable: { environmentVariable: "TABLE", attribute: "id" },
      }),
      root,
      port: 0,
      warm,
    });
    onTestFinished(() => stopChecked(emulator));
    const client = await connect(emulator.url);
    const ahead = environments();
    const sentAt = Date.now();

    client.send("{}");

    const { pid, loadedAt } = JSON.parse(await client.next());
    expect(ahead).toEqual(warm === 1 ? [pid] : []);
    expect(loadedAt).toBeGreaterThanOrEqual(sentAt);
  },
);

test("starts the second environment that is to be warm ahead of its first event too", {
  tags: ["journey"],
}, async () => {
  const enter = "exports.connect = async () => ({ statusCode: 200 });";
  const { root } = project({ "ages.js": `${AGES}${enter}`, "package.json": "{}" });
  const emulator = await startEmulator({
    definition: definition({
      functions: { enter: { handler: "ages.connect" }, ages: { handler: "ages.handler" } },
      routes: {
        $connect: { function: "enter" },
        $default: { function: "ages", routeResponse: true },
      },
    }),
    root,
    port: 0,
    warm: 2,
  });
  onTestFinished(() => stopChecked(emulator));
  const client = await connect(emulator.url);
  await expect.poll(environments).toHaveLength(2);
  const ahead = environments();
  const sentAt = Date.now();

  client.send("{}");

  const { pid, loadedAt } = JSON.parse(await client.next());
  expect(ahead).toContain(pid);
  expect(loadedAt).toBeGreaterThanOrEqual(sentAt);
});

test.each(["child-process", "in-process"] as const)(
  "a handler without an SDK of its own posts over https to https://{domainName}/{stage} (%s)",
  { tags: ["journey"] },
  async (runtime) => {
    const emulator = await start({ runtime });
    const client = await connect(emulator.url);

    client.send("hello");

    expect(await client.next()).toBe("hello");
  },
);

test("one port speaks ws, wss, http and https with the emulator's own authority", async () => {
  const emulator = await start();
  const plain = await connect(emulator.url);
  const secure = await connect(emulator.secureUrl, emulator.caPem);

  plain.send("over ws");
  secure.send("over wss");

  expect(await plain.next()).toBe("over ws");
  expect(await secure.next()).toBe("over wss");
  expect(new URL(emulator.url).port).toBe(new URL(emulator.secureUrl).port);
});

test("a message that meets a busy environment runs in another one, without its module state", async () => {
  const gate = await startGate();
  const { root } = project({
    "package.json": "{}",
    "count.js": `
let count = 0;
exports.handler = async () => {
  count += 1;
  await fetch("${gate.url}");
  return { statusCode: 200, body: process.pid + " " + count };
};`,
  });
  const emulator = await start({
    root,
    definition: definition({
      functions: { count: { handler: "count.handler", timeout: 20 } },
      routes: { $default: { function: "count", routeResponse: true } },
    }),
  });
  const client = await connect(emulator.url);

  client.send("one");
  client.send("the other");
  await gate.reachedBy(2);
  gate.open();
  const answers = [await client.next(), await client.next()].map((text) => text.split(" "));

  expect(answers.map(([, count]) => count)).toEqual(["1", "1"]);
  expect(new Set(answers.map(([pid]) => pid)).size).toBe(2);
});

test("items kept with dataDir are there after a new start", async () => {
  const { root } = project({ "echo.js": ECHO, "package.json": "{}" });
  const dataDir = join(root, "data");
  const withTable = definition({ tables: { notes: { partitionKey: { name: "id", type: "S" } } } });
  const { DynamoDBClient, GetItemCommand, PutItemCommand } = await import(
    "@aws-sdk/client-dynamodb"
  );
  const use = async (run: (client: InstanceType<typeof DynamoDBClient>) => Promise<unknown>) => {
    const emulator = await startEmulator({ definition: withTable, root, port: 0, dataDir });
    const client = new DynamoDBClient({
      endpoint: emulator.dynamodbEndpoint!,
      region: "us-east-1",
      credentials: emulator.credentials,
    });
    try {
      return await run(client);
    } finally {
      client.destroy();
      await emulator.stop();
    }
  };
  const Key = { id: { S: "1" } };

  await use((client) => client.send(new PutItemCommand({ TableName: "whole-notes", Item: Key })));
  const found = await use((client) =>
    client.send(new GetItemCommand({ TableName: "whole-notes", Key })),
  );

  expect(found).toMatchObject({ Item: Key });
});

test("reports errors of the definition and of its handlers together", async () => {
  const { root } = project({ "echo.js": "exports.other = 1;\n", "package.json": "{}" });
  const failure = await startEmulator({
    root,
    port: 0,
    source: "wsgw.config.ts",
    definition: definition({
      functions: { echo: { handler: "echo.handler" }, lost: { handler: "src/lost.handler" } },
      routes: { $conect: { function: "echo" }, join: { function: "lost" } },
    }),
  }).catch((error: unknown) => error);

  expect(failure).toMatchObject({ name: "WsgwError", code: "CONFIG_INVALID" });
  const { message } = failure as Error;
  expect(message).toContain('Did you mean "$connect"');
  expect(message).toContain("src/lost");
  expect(message).toContain('Export "handler"');
});

test("reports an invalid handler once", async () => {
  const { root } = project({ "echo.js": "exports.handler = 1;\n", "package.json": "{}" });
  const failure = await startEmulator({
    root,
    port: 0,
    source: "wsgw.config.ts",
    definition: definition({ functions: { echo: { handler: "echo.js" } } }),
  }).catch((error: unknown) => error);

  expect(failure).toMatchObject({
    message:
      'wsgw.config.ts: functions.echo.handler: "echo.js" is not path.export. Omit the extension: "echo.handler".',
  });
});

test("a port in use is one clear error, and nothing stays open behind it", async () => {
  const port = await listen(createServer());

  const failure = start({ port });

  await expect(failure).rejects.toMatchObject({
    code: "PORT_IN_USE",
    message: expect.stringContaining(String(port)),
  });
});

test("stopping lets a running handler finish and closes the client with 1001 after it", async () => {
  const gate = await startGate();
  const { root } = project({
    "package.json": "{}",
    "slow.js": `exports.handler = async () => {
      await fetch("${gate.url}");
      return { statusCode: 200, body: "finished" };
    };`,
  });
  const emulator = await start({
    root,
    definition: definition({
      functions: { slow: { handler: "slow.handler" } },
      routes: { $default: { function: "slow", routeResponse: true } },
    }),
  });
  const client = await connect(emulator.url);
  client.send("go");
  await gate.reachedBy(1);

  const stopped = Promise.all([emulator.stop(), emulator.stop()]);
  gate.open();
  await stopped;

  expect(await client.next()).toBe("finished");
  expect(await client.closed).toEqual({ code: 1001, reason: "Going away" });
});

test("verifies a signature by an issued key, and rejects a wrong secret", async () => {
  const emulator = await start();
  const client = await connect(emulator.url);
  const opened = emulator.journal.entries().find(({ type }) => type === "connection.opened");
  const ConnectionId = opened?.type === "connection.opened" ? opened.connectionId : "";
  const post = async (secretAccessKey: string) => {
    const management = new ApiGatewayManagementApiClient({
      endpoint: emulator.managementUrl,
      region: "us-east-1",
      credentials: { ...emulator.credentials, secretAccessKey },
    });
    return management
      .send(new PostToConnectionCommand({ ConnectionId, Data: "signed" }))
      .then(
        () => "delivered",
        (error: Error) => error.name,
      )
      .finally(() => management.destroy());
  };

  expect(await post("not the secret")).toBe("InvalidSignatureException");
  expect(await post(emulator.credentials.secretAccessKey)).toBe("delivered");
  expect(await client.next()).toBe("signed");
});

test("in ten idle minutes a client gets nothing but the close, and its pings do not put that off", {
  tags: ["journey"],
}, async () => {
  const clock = createManualClock(Date.UTC(2026, 0, 1));
  const { port } = await start({ clock, runtime: "in-process" });
  const socket = await openSocket(port);
  socket.write(handshakeBytes("/dev"));
  await readUntil(socket, "\r\n\r\n");

  clock.advance(9 * 60_000);
  socket.write(frameBytes(9, Buffer.from("ping")));
  expect(await readUntil(socket, "ping")).toBe("\x8a\x04ping");
  clock.advance(60_000);

  expect(await readUntil(socket, "away")).toBe("\x88\x0c\x03\xe9Going away");
});

test.each(["child-process", "in-process"] as const)(
  "stopping waits for a $connect that runs, closes its client with 1001 and runs $disconnect (%s)",
  { tags: ["journey"] },
  async (runtime) => {
    const gate = await startGate();
    const { root } = project({
      "app.js": `
        exports.connect = async () => { await fetch("${gate.url}"); return { statusCode: 200 }; };
        exports.disconnect = async ({ requestContext }) => { console.log(requestContext.disconnectStatusCode); };
      `,
      "package.json": "{}",
    });
    const emulator = await startEmulator({
      definition: definition({
        functions: {
          connect: { handler: "app.connect", timeout: 20 },
          disconnect: { handler: "app.disconnect", timeout: 20 },
        },
        routes: { $connect: { function: "connect" }, $disconnect: { function: "disconnect" } },
      }),
      root,
      port: 0,
      runtime,
      stopGraceMs: 20_000,
    });
    onTestFinished(() => stopChecked(emulator));
    const connecting = connect(emulator.url);
    await gate.reachedBy(1);

    const stopped = emulator.stop();
    gate.open();
    await stopped;

    expect(await (await connecting).closed).toEqual({ code: 1001, reason: "Going away" });
    const logged = emulator.journal
      .entries()
      .flatMap((entry) => (entry.type === "function.logged" ? [entry.text] : []));
    expect(logged).toEqual(["1001"]);
  },
);

test("rejects a handshake with 503 if the gateway stops before its $connect ends", async () => {
  const gate = await startGate();
  const { root } = project({
    "app.js": `exports.connect = async () => { await fetch("${gate.url}"); return { statusCode: 200 }; };`,
    "package.json": "{}",
  });
  const emulator = await startEmulator({
    definition: definition({
      functions: { connect: { handler: "app.connect", timeout: 20 } },
      routes: { $connect: { function: "connect" } },
    }),
    root,
    port: 0,
    stopGraceMs: 10,
  });
  onTestFinished(() => stopChecked(emulator));
  const connecting = openClient(emulator.url);
  await gate.reachedBy(1);

  await emulator.stop();

  expect(await connecting).toMatchObject({ kind: "refused", statusCode: 503 });
  const rejected = emulator.journal.entries().filter(({ type }) => type === "connection.refused");
  expect(rejected).toMatchObject([{ statusCode: 503, because: "stopping" }]);
});
