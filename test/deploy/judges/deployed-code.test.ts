import { execFile } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { beforeAll, expect, onTestFinished, test } from "vitest";
import type { ApiDefinition } from "../../../src/definition/project.ts";
import { type PackagedFunction, packageCode } from "../../../src/deploy/package/package-code.ts";
import { deployedHandler } from "../../../src/deploy/template/deployed-handler.ts";
import { startEmulator } from "../../../src/emulator/emulator.ts";
import { loadConfig } from "../../../src/readers/config/config-file.ts";
import { startGateway } from "../../../src/testing/index.ts";
import { buildLambdaChild } from "../../contracts/lambda-setup.ts";
import { chat, rootOf, STYLES, skippedFor } from "../../unchanged-chat.ts";
import { projectOf } from "../apis.ts";
import { unzipped } from "../packaging.ts";

const repository = fileURLToPath(new URL("../../..", import.meta.url));
const GONE = "Xux7aeaAFiACHZQ=";

beforeAll(buildLambdaChild);

for (const style of STYLES) {
  const skipped = skippedFor(style);
  const because = skipped === undefined ? "" : ` (${skipped})`;
  test.skipIf(skipped !== undefined)(
    `${style.style}: the chat works from its zips${because}`,
    async () => {
      await playChat(await zipsOf(rootOf(style), chat(style)), "connectionId");
    },
    60_000,
  );
}

test("the sample chat works from its zips", async () => {
  const { definition, root } = await loadConfig({ cwd: repository });

  await playChat(await zipsOf(root, definition), "connectionID", '"hello ✓"');
});

test("the golden events are answered by the zips, each alone in a bare Node process", async () => {
  const { definition, root } = await loadConfig({ cwd: repository });
  const { packaged } = await zipsOf(root, definition);
  const directory = unzipped(packaged);
  const emulator = await startEmulator({ definition, root, source: "wsgw.config.ts", port: 0 });
  onTestFinished(() => emulator.stop());
  const { accessKeyId, secretAccessKey, sessionToken } = emulator.credentials;
  const environment = {
    CONNECTIONS_TABLE: "chat-connections",
    AWS_REGION: "us-east-1",
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SESSION_TOKEN: sessionToken,
    AWS_ENDPOINT_URL_DYNAMODB: emulator.dynamodbEndpoint,
  };
  const answer = async (name: string, event: string) => {
    const golden = join(repository, "fixtures/events", event);
    const program = `import(process.argv[1]).then(async ({ handler }) => {
      const event = JSON.parse(require("fs").readFileSync(process.argv[2], "utf8"));
      console.log(JSON.stringify(await handler(event)));
    })`;
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ["-e", program, join(directory, name, "index.mjs"), golden],
      { cwd: join(directory, name), env: environment },
    );
    return JSON.parse(stdout);
  };

  expect(await answer("connect", "connect.json")).toMatchObject({ statusCode: 200 });
  expect(await answer("disconnect", "disconnect.json")).toMatchObject({ statusCode: 200 });
  expect(await answer("sendmessage", "message.json")).toMatchObject({ statusCode: 200 });
});

type Zips = { readonly deployed: ApiDefinition; readonly packaged: readonly PackagedFunction[] };

/** Packages a definition, and gives the definition that runs what is in the zips. */
async function zipsOf(root: string, definition: unknown): Promise<Zips> {
  const original = definition as ApiDefinition;
  const project = projectOf(original);
  const { functions: packaged } = await packageCode({ project, root });
  const functions = Object.values(project.functions).map((fn) => {
    const isNode = fn.runtime.startsWith("nodejs");
    const handler = isNode ? `${fn.name}/${deployedHandler(fn)}` : deployedHandler(fn);
    const given = original.functions[fn.name];
    return [fn.name, { ...given, handler, ...(isNode ? {} : { code: fn.name }) }] as const;
  });
  return {
    packaged,
    deployed: {
      ...original,
      functions: Object.fromEntries(functions) as ApiDefinition["functions"],
    },
  };
}

/** Runs what the zips hold in child processes of wsgw, each as Lambda would unpack it. */
async function playChat(
  { deployed, packaged }: Zips,
  attribute: string,
  heard = "hello ✓",
): Promise<void> {
  expect(packaged.flatMap(({ warnings }) => warnings)).toEqual([]);
  const gateway = await startGateway(deployed, {
    root: unzipped(packaged),
    runtime: "child-process",
    waitMs: 20_000, // a shell that starts the AWS CLI for each call takes seconds on a busy machine
  });
  onTestFinished(() => gateway.stop());
  const connections = gateway.table("connections");
  const [ann, bob] = [await gateway.connect(), await gateway.connect()];
  await connections.put({ [attribute]: GONE });
  const field = /(\w+)$/.exec(deployed.routeSelectionExpression)?.[1] ?? "";

  ann.send(JSON.stringify({ [field]: "sendmessage", data: "hello ✓" }));

  expect(await ann.next()).toBe(heard);
  expect(await bob.next()).toBe(heard);
  await gateway.settled();
  await bob.close();
  await gateway.fact("connection.closed");
  await gateway.settled();
  expect(await connections.items()).toEqual([{ [attribute]: ann.connectionId }]);
}
