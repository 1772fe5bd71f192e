// @ts-check
// How long a person waits after a save: from the write of a handler's file to the first answer of its new code.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { openClient } from "../client.mjs";
import { startProject } from "../servers.mjs";

/**
 * @typedef {import("./measure.mjs").Bench} Bench
 * @typedef {import("./measure.mjs").Measure} Measure
 * @typedef {import("../client.mjs").Client} Client
 */

/** What a save may take, in ms. */
const ALLOWED_MS = 50;
/** Nobody saves sooner after they have seen what the last save did. */
const BETWEEN_SAVES_MS = 1_000;
const ANSWERED_WITHIN_MS = 10_000;

/** Within the repository, so that the handlers find its SDK as they would find a project's own. */
const FOLDER = fileURLToPath(new URL("../.wsgw/", import.meta.url));

const CONFIG = {
  name: "bench-reload",
  routeSelectionExpression: "$request.body.action",
  stage: { name: "bench" },
  functions: { echo: { handler: "handlers.echo", timeout: 20 } },
  routes: { echo: { function: "echo" } },
};

/** Posts its version with the SDK. @param {number} version @param {boolean} typed */
const handlers = (version, typed) => `import {
  ApiGatewayManagementApiClient,
  PostToConnectionCommand,
} from "@aws-sdk/client-apigatewaymanagementapi";

let client${typed ? ": ApiGatewayManagementApiClient | undefined" : ""};

export async function echo(event${typed ? ": { requestContext: Record<string, string> }" : ""}) {
  const { domainName, stage, connectionId } = event.requestContext;
  client ??= new ApiGatewayManagementApiClient({ endpoint: \`https://\${domainName}/\${stage}\` });
  await client.send(new PostToConnectionCommand({ ConnectionId: connectionId, Data: "${version}" }));
  return { statusCode: 200 };
}
`;

/** @type {Measure} */
export const reload = {
  name: "reload",
  async run(bench) {
    return [await saves(bench, "mjs", false), await saves(bench, "ts", true)];
  },
};

/** @param {Bench} bench @param {string} extension @param {boolean} typed */
async function saves({ cli, rounds }, extension, typed) {
  const name = `a save to an answer of the new code, .${extension}`;
  const row = { name, unit: "ms", baseName: "allowed", target: { atMost: 1 } };
  if (cli === undefined) return { ...row, base: [ALLOWED_MS] };

  mkdirSync(FOLDER, { recursive: true });
  const folder = mkdtempSync(join(FOLDER, "reload-"));
  const file = join(folder, `handlers.${extension}`);
  /** @param {number} version */
  const save = (version) => writeFileSync(file, handlers(version, typed));
  save(0);
  writeFileSync(join(folder, "package.json"), '{"type":"module"}');
  writeFileSync(join(folder, "wsgw.config.json"), JSON.stringify(CONFIG));
  const server = await startProject(join(folder, "wsgw.config.json"), cli);
  try {
    const client = await openClient(server.url);
    await answerOf(client, 0);
    /** @type {number[]} */
    const series = [];
    for (let version = 1; version <= rounds(10); version += 1) {
      await pause(BETWEEN_SAVES_MS);
      const start = performance.now();
      save(version);
      await answerOf(client, version);
      series.push(performance.now() - start);
    }
    await client.close();
    return { ...row, product: series, base: series.map(() => ALLOWED_MS) };
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Asks one message after the other until `version` answers; no message may go without its answer. @param {Client} client @param {number} version */
async function answerOf(client, version) {
  const end = performance.now() + ANSWERED_WITHIN_MS;
  while (performance.now() < end) {
    const answer = await client.ask('{"action":"echo"}');
    if (answer === String(version)) return;
    if (answer !== String(version - 1)) throw new Error(`A message was answered with ${answer}.`);
  }
  throw new Error(`Version ${version} did not answer within ${ANSWERED_WITHIN_MS} ms.`);
}
