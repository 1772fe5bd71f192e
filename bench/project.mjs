// @ts-check
// A project with one function that the bench writes, and changes while it is served.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { openClient } from "./client.mjs";
import { startProject } from "./servers.mjs";

/** Within the repository, so that the handlers resolve its SDK like a project's own. */
const FOLDER = fileURLToPath(new URL(".wsgw/", import.meta.url));

const CONFIG = {
  name: "bench-project",
  routeSelectionExpression: "$request.body.action",
  stage: { name: "bench" },
  functions: { echo: { handler: "handlers.echo", timeout: 20 } },
  routes: { echo: { function: "echo" } },
};

/**
 * A handler that posts `version` with the SDK, or exits if the message requests it.
 * @param {number} version @param {string} extension
 */
function handlers(version, extension) {
  const typed = extension === "ts";
  return `import {
  ApiGatewayManagementApiClient,
  PostToConnectionCommand,
} from "@aws-sdk/client-apigatewaymanagementapi";

let client${typed ? ": ApiGatewayManagementApiClient | undefined" : ""};

export async function echo(event${typed ? ": { body: string; requestContext: Record<string, string> }" : ""}) {
  if (event.body.includes("exit")) process.exit(1);
  const { domainName, stage, connectionId } = event.requestContext;
  client ??= new ApiGatewayManagementApiClient({ endpoint: \`https://\${domainName}/\${stage}\` });
  await client.send(new PostToConnectionCommand({ ConnectionId: connectionId, Data: "${version}" }));
  return { statusCode: 200 };
}
`;
}

/**
 * Serves a project, opens a client, runs `use`, and always removes everything.
 * @template Value
 * @param {string} cli @param {string} extension of the file of handlers
 * @param {(client: import("./client.mjs").Client, save: (version: number) => void) => Promise<Value>} use
 */
export async function withProject(cli, extension, use) {
  mkdirSync(FOLDER, { recursive: true });
  const directory = mkdtempSync(join(FOLDER, "project-"));
  /** @param {number} version */
  const save = (version) =>
    writeFileSync(join(directory, `handlers.${extension}`), handlers(version, extension));
  try {
    save(0);
    writeFileSync(join(directory, "package.json"), '{"type":"module"}');
    writeFileSync(join(directory, "wsgw.config.json"), JSON.stringify(CONFIG));
    const server = await startProject(join(directory, "wsgw.config.json"), cli);
    try {
      const client = await openClient(server.url);
      const value = await use(client, save);
      await client.close();
      return value;
    } finally {
      await server.stop();
    }
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
