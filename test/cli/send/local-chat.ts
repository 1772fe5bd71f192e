import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Emulator, startEmulator } from "../../../src/emulator/emulator.ts";
import { announceRunning } from "../../../src/project-directory/running.ts";
import { stateNextTo } from "../../../src/project-directory/state-directory.ts";

export const DEFINITION = {
  name: "chat",
  routeSelectionExpression: "$request.body.action",
  stage: { name: "v1" },
  functions: {
    echo: { handler: "handlers.echo" },
    save: { handler: "handlers.save", timeout: 10 },
  },
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

/** `save` writes to the table, logs and posts, as handlers do. */
const HANDLERS = `
const { DynamoDBClient, PutItemCommand } = require("@aws-sdk/client-dynamodb");
const { ApiGatewayManagementApiClient, PostToConnectionCommand } =
  require("@aws-sdk/client-apigatewaymanagementapi");
exports.echo = async (event) => ({ statusCode: 200, body: event.body ?? "" });
exports.save = async (event) => {
  const { connectionId, domainName, stage } = event.requestContext;
  const Item = { id: { S: "n1" } };
  await new DynamoDBClient({}).send(new PutItemCommand({ TableName: process.env.NOTES, Item }));
  console.log("kept n1");
  const management = new ApiGatewayManagementApiClient({ endpoint: "https://" + domainName + "/" + stage });
  await management.send(new PostToConnectionCommand({ ConnectionId: connectionId, Data: "posted" }));
  return { statusCode: 200, body: "saved" };
};
`;

/** A gateway that the commands find in its directory, as one that `wsgw dev` runs. */
export async function startLocalChat(): Promise<LocalChat> {
  const root = await mkdtemp(join(tmpdir(), "wsgw-chat-"));
  await writeFile(join(root, "wsgw.config.json"), JSON.stringify(DEFINITION));
  await writeFile(join(root, "handlers.js"), HANDLERS);
  const emulator = await startEmulator({ definition: DEFINITION, root, port: 0 });
  const withdraw = await announce(root, emulator);
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

/** Has the commands find a gateway of this process. Returns what ends that. */
export function announce(root: string, emulator: Emulator): ReturnType<typeof announceRunning> {
  const { url, secureUrl, managementUrl, region, dynamodbEndpoint, credentials, caFile, control } =
    emulator;
  return announceRunning(stateNextTo(root), {
    ...{ url, secureUrl, managementUrl, region, dynamodbEndpoint, credentials, caFile, control },
    pid: process.pid,
    startedAt: Date.now(),
  });
}
