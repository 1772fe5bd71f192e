import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { startGateway } from "../../src/testing/index.ts";
import { temporaryDirectory } from "../temporary-directory.ts";

function directoryWith(files: Readonly<Record<string, string>>): string {
  const root = temporaryDirectory();
  for (const [name, text] of Object.entries(files)) writeFileSync(join(root, name), text);
  return root;
}

test("a handler sees in its variables and stage variables what they refer to", async () => {
  const root = directoryWith({
    "app.mjs": `export const handler = async ({ stageVariables }) => ({
      statusCode: 200,
      body: JSON.stringify({ ...process.env, ...stageVariables }),
    });`,
    "wsgw.config.ts": `import { defineProject, ref } from "wsgw";
    export default defineProject({
      name: "shop",
      region: "eu-west-1",
      accountId: "210987654321",
      apis: {
        chat: {
          routeSelectionExpression: "$request.body.action",
          stages: { v1: { variables: { table: ref("table.rooms.name") } } },
          routes: { $default: { function: "all", routeResponse: true } },
        },
      },
      functions: {
        all: {
          handler: "app.handler",
          environment: {
            CALLBACK: ref("api.chat.callbackUrl"),
            ROOMS: { join: ["arn: ", ref("table.rooms.arn")] },
            PLAIN: "\${api.chat.url}",
          },
        },
      },
      tables: { rooms: { partitionKey: { name: "id", type: "S" }, environmentVariable: "TABLE" } },
    });`,
  });
  const gateway = await startGateway(join(root, "wsgw.config.ts"));
  onTestFinished(() => gateway.stop());
  const client = await gateway.connect();

  client.send("{}");

  const seen = await client.nextJson();
  expect(seen).toMatchObject({
    ROOMS: "arn: arn:aws:dynamodb:eu-west-1:210987654321:table/shop-rooms",
    PLAIN: "${api.chat.url}",
    AWS_REGION: "eu-west-1",
    TABLE: "shop-rooms",
    table: "shop-rooms",
  });
  expect(seen).toHaveProperty(
    "CALLBACK",
    expect.stringMatching(/^https:\/\/[a-z0-9]{10}\.execute-api\.eu-west-1\.amazonaws\.com\/v1$/),
  );
});
