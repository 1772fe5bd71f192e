import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { callManagement } from "../../../src/control/management-call.ts";
import { type Emulator, startEmulator } from "../../../src/emulator/emulator.ts";
import { announceRunning } from "../../../src/running.ts";

export const DEFINITION = {
  name: "chat",
  routeSelectionExpression: "$request.body.action",
  stage: { name: "v1" },
  functions: { echo: { handler: "echo.handler" }, save: { handler: "save.handler" } },
  routes: {
    echo: { function: "echo", routeResponse: true },
    save: { function: "save", routeResponse: true },
  },
  tables: { notes: { partitionKey: { name: "id", type: "S" }, environmentVariable: "NOTES" } },
};

export type LocalChat = {
  readonly root: string;
  readonly emulator: Emulator;
  stop(): Promise<void>;
};

/** A gateway that the commands find in its folder, as one that `wsgw dev` runs. */
export async function startLocalChat(): Promise<LocalChat> {
  const root = await mkdtemp(join(tmpdir(), "wsgw-chat-"));
  const emulator: Emulator = await startEmulator({
    definition: DEFINITION,
    root,
    port: 0,
    runtime: "in-process",
    handlers: {
      echo: async (event) => ({ statusCode: 200, body: "body" in event ? event.body : "" }),
      /** Writes to the table, logs and posts, as handlers do. */
      save: async (event) => {
        const { connectionId } = event.requestContext;
        const client = new DynamoDBClient({
          endpoint: emulator.dynamodbEndpoint,
          region: "us-east-1",
          credentials: emulator.credentials,
        });
        const item = { id: { S: "n1" } };
        await client.send(new PutItemCommand({ TableName: "chat-notes", Item: item }));
        client.destroy();
        await callManagement(emulator, "POST", connectionId, "posted");
        return { statusCode: 200, body: "saved" };
      },
    },
  });
  const withdraw = await announceRunning(root, {
    url: emulator.url,
    secureUrl: emulator.secureUrl,
    managementUrl: emulator.managementUrl,
    dynamodbEndpoint: emulator.dynamodbEndpoint,
    pid: process.pid,
    startedAt: Date.now(),
    credentials: emulator.credentials,
    caFile: emulator.caFile,
    control: emulator.control,
  });
  return {
    root,
    emulator,
    async stop() {
      await withdraw();
      await emulator.stop();
      await rm(root, { recursive: true, force: true });
    },
  };
}
