import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  ApiGatewayManagementApiClient,
  PostToConnectionCommand,
} from "@aws-sdk/client-apigatewaymanagementapi";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  type ApiDefinition,
  type Entry,
  startGateway,
  type TestGateway,
} from "../../src/testing/index.ts";
import { stopChecked } from "../checked-facts.ts";
import { buildLambdaChild } from "../contracts/lambda-setup.ts";
import { apiOf, gatewayFor } from "./support.ts";
import { wayBack } from "./way-back.ts";

// What caused what, however many do the same at once.

const WAYS = ["post", "write", "unsupported", "drop", "fetch", "https", "s3"] as const;

/** The fact that a call becomes. */
const FACTS = {
  post: "management.answered",
  write: "table.written",
  unsupported: "dynamodb.unsupported",
  drop: "management.answered",
  fetch: "management.answered",
  https: "management.answered",
  s3: "aws.stopped",
} as const;

/** What it says of whose call it was. */
const OWN: Readonly<Record<(typeof WAYS)[number], (connectionId: string) => object>> = {
  post: (connectionId) => ({ connectionId, statusCode: 200 }),
  write: (connectionId) => ({ item: { id: { S: connectionId } } }),
  unsupported: () => ({ operation: "TransactWriteItems", functionName: "all" }),
  drop: (connectionId) => ({ connectionId, statusCode: 204 }),
  fetch: (connectionId) => ({ connectionId, statusCode: 403 }),
  https: (connectionId) => ({ connectionId, statusCode: 403 }),
  s3: (connectionId) => ({ connectionId }),
};

/** Waits for so long that events of two clients overlap, and then calls in the way that the message names. */
const HANDLER = `
const { ApiGatewayManagementApiClient, DeleteConnectionCommand, PostToConnectionCommand } = require("@aws-sdk/client-apigatewaymanagementapi");
const { DynamoDBClient, PutItemCommand, TransactWriteItemsCommand } = require("@aws-sdk/client-dynamodb");
const https = require("node:https");

const WAYS = {
  async post(endpoint, { ConnectionId, text }) {
    const api = new ApiGatewayManagementApiClient({ endpoint });
    await api.send(new PostToConnectionCommand({ ConnectionId, Data: text }));
  },
  async write(endpoint, { ConnectionId }) {
    await new DynamoDBClient({}).send(new PutItemCommand({ TableName: process.env.TABLE, Item: { id: { S: ConnectionId } } }));
  },
  async unsupported(endpoint, { ConnectionId }) {
    const Put = { TableName: process.env.TABLE, Item: { id: { S: ConnectionId } } };
    await new DynamoDBClient({}).send(new TransactWriteItemsCommand({ TransactItems: [{ Put }] })).catch(() => {});
  },
  async drop(endpoint, { ConnectionId }) {
    await new ApiGatewayManagementApiClient({ endpoint }).send(new DeleteConnectionCommand({ ConnectionId }));
  },
  async fetch(endpoint, { ConnectionId }) {
    await fetch(endpoint + "/@connections/" + encodeURIComponent(ConnectionId), { method: "POST", body: "unsigned" });
  },
  https: (endpoint, { ConnectionId }) => new Promise((resolve, reject) => {
    const request = https.request(endpoint + "/@connections/" + encodeURIComponent(ConnectionId), { method: "POST" }, (response) => {
      response.resume().on("end", resolve);
    });
    if (request.hasHeader("x-amzn-trace-id")) reject(new Error("the handler sees a header that it did not set"));
    request.on("error", reject).end("unsigned");
  }),
  s3: () => fetch("https://bucket.s3.us-east-1.amazonaws.com/key"),
};

exports.all = async ({ requestContext: { connectionId, domainName, stage, eventType }, body }) => {
  if (eventType !== "MESSAGE") return { statusCode: 200 };
  const { way, text } = JSON.parse(body);
  await new Promise((resolve) => setTimeout(resolve, 100));
  console.log(text);
  await WAYS[way]("https://" + domainName + "/" + stage, { ConnectionId: connectionId, text });
  return { statusCode: 200, body: text };
};
`;

const DEFINITION: ApiDefinition = {
  ...apiOf([]),
  functions: { all: { handler: "app.all", timeout: 20 } },
  routes: {
    $connect: { function: "all" },
    $disconnect: { function: "all" },
    $default: { function: "all", routeResponse: true },
  },
  connectionTable: { environmentVariable: "TABLE", attribute: "id" },
};

describe.each(["in-process", "child-process"] as const)("handlers that run %s", (runtime) => {
  let gateway: TestGateway;
  let root = "";

  beforeAll(async () => {
    await buildLambdaChild();
    root = mkdtempSync(join(tmpdir(), "wsgw-causes-"));
    writeFileSync(join(root, "app.js"), HANDLER);
    gateway = await startGateway(DEFINITION, { root, runtime, waitMs: 30_000 });
  });

  afterAll(async () => {
    await stopChecked(gateway);
    rmSync(root, { recursive: true });
  });

  test("the trace of two clients at once is right", async () => {
    const [ann, bob] = [await gateway.connect(), await gateway.connect()];
    ann.sendJson({ way: "post", text: "for ann" });
    bob.sendJson({ way: "post", text: "for bob" });
    await gateway.settled();

    const lines = gateway.trace().split("\n");
    const trees = lines.map((line) => line.replace(/^ *\+\S+ {2}/, ""));
    for (const [name, text] of [
      ["client 1", "for ann"],
      ["client 2", "for bob"],
    ] as const) {
      const at = trees.findIndex((line) => line.startsWith(`${name} sends`));
      expect(trees.slice(at, at + 8)).toEqual([
        `${name} sends '{"way":"post","text":"${text}"}'`,
        "  goes to route $default (no-value)",
        expect.stringMatching(`  all is invoked for \\$default of ${name}`),
        `    all prints "${text}"`,
        `    ${name} is sent "${text}" (post)`,
        `    all returns {"statusCode":200,"body":"${text}"}`,
        `  ${name} is sent "${text}" (reply)`,
        `  ${name} is answered with reply (route-response)`,
      ]);
    }
  });

  test.each(WAYS)(
    "two calls at once by %s lead back each to its own message",
    { tags: ["journey"] },
    async (way) => {
      const clients = [await gateway.connect(), await gateway.connect()];
      for (const client of clients) client.sendJson({ way, text: client.connectionId });
      await gateway.settled();

      for (const { connectionId } of clients) {
        const [received] = gateway.facts("message.received", { connectionId });
        const calls = gateway
          .facts(FACTS[way])
          .filter((fact) => wayBack(gateway, fact).at(-1) === received);
        expect(calls).toMatchObject([OWN[way](connectionId)]);
        const types = wayBack(gateway, calls[0] as Entry).map(({ type }) => type);
        expect(types.slice(-3)).toEqual(["function.started", "route.selected", "message.received"]);
      }
    },
  );

  test("a handler that deletes a connection causes its end, and that its $disconnect", async () => {
    const client = await gateway.connect();
    const { connectionId } = client;
    client.sendJson({ way: "drop", text: "" });
    await gateway.settled();

    const disconnect = gateway
      .facts("function.started", { connectionId })
      .find(({ event }) => event.requestContext.eventType === "DISCONNECT");
    expect(wayBack(gateway, disconnect as Entry).map(({ type }) => type)).toEqual([
      "function.started",
      "connection.closed",
      "function.started",
      "route.selected",
      "message.received",
    ]);
  });
});

/** Holds everybody who comes until so many are there; then the next ones are waited for. */
function meetings(size: number): () => Promise<void> {
  let there: (() => void)[] = [];
  return () =>
    new Promise((resolve) => {
      there.push(resolve);
      if (there.length < size) return;
      for (const go of there) go();
      there = [];
    });
}

test.each([
  ["the SDK", "200"],
  ["fetch", "403"],
])(
  "distinguishes functions of the test itself that call by %s at once",
  async (way, statusCode) => {
    let api: ApiGatewayManagementApiClient | undefined;
    const meet = meetings(2);
    const gateway = await gatewayFor(apiOf(["$default"]), {
      handlers: {
        async default({ requestContext: { connectionId: ConnectionId } }) {
          await meet();
          const { managementUrl: endpoint, credentials } = gateway;
          if (way === "fetch") {
            const url = `${endpoint}/@connections/${encodeURIComponent(ConnectionId)}`;
            await fetch(url, { method: "POST", body: "unsigned" });
          } else {
            const region = "us-east-1"; // one client, whose connections take one call after the other
            api ??= new ApiGatewayManagementApiClient({ endpoint, region, credentials });
            await api.send(new PostToConnectionCommand({ ConnectionId, Data: "hi" }));
          }
          return { statusCode: 200 };
        },
      },
    });
    const clients = [await gateway.connect(), await gateway.connect()];
    for (const round of [1, 2]) {
      for (const client of clients) client.sendJson({ round });
      await gateway.settled();
    }

    const answers = gateway.facts("management.answered");
    expect(answers.map((answer) => String(answer.statusCode))).toEqual(Array(4).fill(statusCode));
    for (const answer of answers) {
      const { connectionId } = answer;
      expect(wayBack(gateway, answer).at(-1)).toMatchObject({
        type: "message.received",
        connectionId,
      });
    }
    expect(new Set(answers.map((answer) => wayBack(gateway, answer).at(-1))).size).toBe(4);
  },
);
