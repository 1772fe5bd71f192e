import { createRequire } from "node:module";
import { createServer } from "node:net";
import { beforeAll, expect, onTestFinished, test } from "vitest";
import { warmUp } from "../../../src/emulator/lambda/child-process/child/warm-up.ts";
import { createChildProcesses } from "../../../src/emulator/lambda/child-process/child-process.ts";
import type { Report } from "../../../src/emulator/lambda/environment-contract.ts";
import { buildLambdaChild, specOf } from "../../contracts/lambda-setup.ts";
import { listen } from "../../listen.ts";
import { project } from "../../readers/projects.ts";
import { plainSpec } from "./plain-spec.ts";

beforeAll(buildLambdaChild);

/** Has a client of the SDK, and tells what keeps its process alive besides itself and its output. */
const CODE = `
import { ApiGatewayManagementApiClient } from "@aws-sdk/client-apigatewaymanagementapi";
void ApiGatewayManagementApiClient;
export const handler = (event, context, callback) => {
  const running = process.getActiveResourcesInfo();
  callback(null, running.filter((name) => name !== "Immediate" && name !== "PipeWrap"));
};
`;

/** Stands where the gateway would be. Tells the first bytes of a connection; unless `hangsUp`, it leaves it at that. */
async function startDoor(hangsUp: boolean) {
  let hear = (_: Buffer) => {};
  const heard = new Promise<Buffer>((resolve) => {
    hear = resolve;
  });
  const server = createServer((socket) => {
    socket.on("error", () => {});
    socket.once("data", (bytes) => {
      hear(bytes);
      if (hangsUp) socket.destroy();
    });
  });
  return { heard, port: await listen(server) };
}

/** Starts a prewarmed environment that has the gateway at `port`. */
async function prewarm(port: number) {
  const { root } = project({ "a.mjs": CODE });
  const spec = await specOf({ handler: "a.handler", root });
  const network = {
    region: "eu-west-1",
    apis: [],
    address: { host: "127.0.0.1", port },
    standIns: [],
    allowAws: false,
  };
  let answered = (_: Report) => {};
  const answer = new Promise<Report>((resolve) => {
    answered = resolve;
  });
  const child = createChildProcesses().start({ ...spec, network, isPrewarmed: true }, (report) => {
    if (!["memory", "initialized", "took"].includes(report.kind)) answered(report);
  });
  onTestFinished(() => child.stop());
  return { run: child.run, answer };
}

const TLS_HANDSHAKE = 22;

test.each([
  ["hangs up", true],
  ["says nothing", false],
])(
  "a prewarmed environment greets the gateway, and has nothing of that left at its first event, even if that %s",
  { tags: ["journey"] },
  async (_, hangsUp) => {
    const door = await startDoor(hangsUp);

    const ready = await prewarm(door.port);
    const [first] = await door.heard;
    ready.run({ awsRequestId: "request", trace: "Root=1", event: "{}" });

    expect(await ready.answer).toMatchObject({ kind: "returned", payload: "[]" });
    expect(first).toBe(TLS_HANDSHAKE);
  },
);

/** A package that writes down how the calls of one client were answered. */
const watched = (name: string, client: string) => `
const real = require(${JSON.stringify(createRequire(import.meta.url).resolve(name))});
exports.calls = [];
exports.${client} = class extends real.${client} {
  async send(command) {
    const { $metadata } = await super.send(command);
    exports.calls.push([command.constructor.name, command.input, $metadata.httpStatusCode]);
  }
};
for (const name of Object.keys(real)) if (name.endsWith("Command")) exports[name] = real[name];
`;

test("the first calls of the clients that the code will use are answered twice each, without a server", async () => {
  const { path } = project({
    "a.js": "",
    "node_modules/@aws-sdk/client-dynamodb/index.js": watched(
      "@aws-sdk/client-dynamodb",
      "DynamoDBClient",
    ),
    "node_modules/@aws-sdk/client-apigatewaymanagementapi/index.js": watched(
      "@aws-sdk/client-apigatewaymanagementapi",
      "ApiGatewayManagementApiClient",
    ),
    "node_modules/@aws-sdk/client-s3/index.js": "throw new Error('loaded');",
  });
  const require = createRequire(path("a.js"));
  const sdkPackages = ["client-s3", "client-apigatewaymanagementapi", "client-dynamodb"].map(
    (name) => `@aws-sdk/${name}`,
  );

  await warmUp({ ...plainSpec(path("a.js")).code, sdkPackages }, undefined);

  const post = ["PostToConnectionCommand", { ConnectionId: "warm-up", Data: "warm-up" }, 200];
  const get = ["GetItemCommand", { TableName: "warm-up", Key: { id: { S: "warm-up" } } }, 200];
  const [, posts, gets] = sdkPackages;
  expect(require(posts!).calls).toEqual([post, post]);
  expect(require(gets!).calls).toEqual([get, get]);
});

test("a version of the SDK that has other clients, or fails, keeps no event waiting", async () => {
  const { path } = project({
    "a.js": "",
    "node_modules/@aws-sdk/client-dynamodb/index.js": "exports.DynamoDBClient = class {};",
    "node_modules/@aws-sdk/client-apigatewaymanagementapi/index.js": "throw new Error('broken');",
  });
  const sdkPackages = ["@aws-sdk/client-apigatewaymanagementapi", "@aws-sdk/client-dynamodb"];
  const { code } = plainSpec(path("a.js"));

  expect(await warmUp({ ...code, sdkPackages }, undefined)).toBeUndefined();
});
