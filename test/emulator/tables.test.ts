import { once } from "node:events";
import { createServer, request } from "node:http";
import { type AddressInfo, createServer as createNetServer } from "node:net";
import { DynamoDBClient, ListTablesCommand } from "@aws-sdk/client-dynamodb";
import DynamoDBv2 from "aws-sdk/clients/dynamodb.js";
import { expect, onTestFinished, test } from "vitest";
import { type Emulator, startEmulator } from "../../src/emulator/emulator.ts";
import type { EmulatorOptions } from "../../src/emulator/options.ts";
import { listen } from "../listen.ts";
import { project } from "../readers/projects.ts";

const CALLS = `
const { DynamoDBClient, ListTablesCommand } = require("@aws-sdk/client-dynamodb");
const client = new DynamoDBClient({ maxAttempts: 1 });
exports.handler = async () => {
  const { TableNames } = await client.send(new ListTablesCommand({}));
  return { statusCode: 200, body: String(TableNames) };
};`;

const SILENT = "exports.handler = async () => ({ statusCode: 200 });";

/** A project whose functions have the same code. */
const projectWith = (code: string) => project({ "package.json": "{}", "app.js": code }).root;

async function start(
  options: Partial<EmulatorOptions> = {},
  root: string = projectWith(SILENT),
): Promise<Emulator> {
  const emulator = await startEmulator({
    definition: {
      name: "whole",
      routeSelectionExpression: "$request.body.action",
      stage: { name: "dev" },
      functions: { a: { handler: "app.handler" }, b: { handler: "app.handler" } },
      tables: { notes: { partitionKey: { name: "id", type: "S" } } },
      routes: { a: { function: "a" }, b: { function: "b" } },
    },
    root,
    port: 0,
    runtime: "in-process",
    ...options,
  });
  onTestFinished(() => emulator.stop());
  return emulator;
}

async function freePort(): Promise<number> {
  const server = createNetServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

test("the built-in DynamoDB listens on the port that it is given", async () => {
  const dynamodbPort = await freePort();

  const { dynamodbEndpoint } = await start({ dynamodbPort });

  expect(dynamodbEndpoint).toBe(`http://127.0.0.1:${dynamodbPort}`);
});

test("a port in use that the DynamoDB is to have is named", async () => {
  const other = await start();
  const dynamodbPort = Number(new URL(other.dynamodbEndpoint!).port);

  await expect(start({ dynamodbPort })).rejects.toMatchObject({
    code: "DYNAMODB_PORT_UNUSABLE",
    message: expect.stringContaining(`cannot listen on port ${dynamodbPort} of 127.0.0.1`),
  });
});

test("all functions and the gateway call a DynamoDB outside with one key, at every start", {
  tags: ["journey"],
}, async () => {
  const keys = new Set<string>();
  const outside = createServer((incoming, response) => {
    keys.add(/Credential=([^/]+)/.exec(incoming.headers.authorization ?? "")?.[1] ?? "");
    incoming.resume();
    response.setHeader("Content-Type", "application/x-amz-json-1.0");
    response.end('{"Table":{"TableStatus":"ACTIVE"},"TableNames":["outside"]}');
  });
  const dynamodbEndpoint = `http://127.0.0.1:${await listen(outside)}`;

  const root = projectWith(CALLS);
  const startOne = () => start({ dynamodbEndpoint }, root);
  for (const emulator of [await startOne(), await startOne()]) {
    for (const name of ["a", "b"]) {
      const outcome = await emulator.invoke(name, {} as Parameters<Emulator["invoke"]>[1]);
      expect(outcome).toMatchObject({
        kind: "returned",
        payload: expect.stringContaining("outside"),
      });
    }
  }

  expect([...keys]).toEqual(["wsgw"]);
});

/** Lists the tables at a port, for a host and from a page. */
async function list(port: number, headers: Readonly<Record<string, string>>) {
  const outgoing = request({
    host: "127.0.0.1",
    port,
    method: "POST",
    headers: {
      "content-type": "application/x-amz-json-1.0",
      "x-amz-target": "DynamoDB_20120810.ListTables",
      "x-amz-date": "20260101T000000Z",
      authorization: `AWS4-HMAC-SHA256 Credential=a/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=${"a".repeat(64)}`,
      ...headers,
    },
  });
  outgoing.end("{}");
  const [response] = await once(outgoing, "response");
  let text = "";
  for await (const chunk of response) text += chunk;
  return { status: response.statusCode as number, text };
}

test("rejects pages of other sites at the gateway's port too, whichever DynamoDB has the tables", async () => {
  const host = "dynamodb.us-east-1.amazonaws.com";
  const own = await start();
  const outside = await start({ dynamodbEndpoint: own.dynamodbEndpoint! });

  for (const { port } of [own, outside]) {
    expect(await list(port, { host })).toEqual({
      status: 200,
      text: '{"TableNames":["whole-notes"]}',
    });
    expect(await list(port, { host, origin: "https://evil.example" })).toMatchObject({
      status: 403,
      text: expect.stringContaining("wsgw rejected a request with Origin: https://evil.example."),
    });
  }
});

test("SDKs of version 2 and 3 see the same tables by the endpoint alone", async () => {
  const { dynamodbEndpoint, credentials } = await start();
  const settings = { endpoint: dynamodbEndpoint!, region: "us-east-1", credentials };
  const client = new DynamoDBClient(settings);
  onTestFinished(() => client.destroy());

  const byV3 = await client.send(new ListTablesCommand({}));
  const byV2 = await new DynamoDBv2(settings).listTables().promise();

  expect(byV3.TableNames).toEqual(["whole-notes"]);
  expect(byV2.TableNames).toEqual(["whole-notes"]);
});
