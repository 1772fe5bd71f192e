import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { fakeGateway, ID, KEY, type Servers, startServers } from "../../../servers.ts";
import { facts, gatewayWithOne } from "../one-connection.ts";

const run = promisify(execFile);
const hasCli = await run("aws", ["--version"]).then(
  () => true,
  () => false,
);

test("the AWS CLI is there where the tests must be complete", () => {
  expect(hasCli || process.env.CI !== "true").toBe(true);
});

test.skipIf(!hasCli).each([
  ["post-to-connection", ["--data", "hello"], ""],
  ["get-connection", [], "2026-01-31"],
  ["delete-connection", [], ""],
])("the AWS CLI does %s", async (command, more, output) => {
  const { gateway } = gatewayWithOne();
  const servers = await startServers(gateway);

  const { stdout } = await aws(servers, command, ID, more);

  expect(stdout).toContain(output);
  expect(facts(servers)).toMatchObject([
    { type: "management.answered", connectionId: ID, functionName: "send" },
  ]);
});

test.skipIf(!hasCli)("the AWS CLI names a gone connection", async () => {
  const servers = await startServers(fakeGateway());

  const error = await aws(servers, "post-to-connection", ID, ["--data", "a"]).catch((why) => why);

  expect(error.stderr).toContain("(GoneException) when calling the PostToConnection operation");
});

function aws(servers: Servers, command: string, id: string, more: string[]) {
  const endpoint = `http://127.0.0.1:${servers.port}/v1`;
  return run(
    "aws",
    [
      "apigatewaymanagementapi",
      command,
      "--endpoint-url",
      endpoint,
      "--connection-id",
      id,
      ...more,
    ],
    {
      env: {
        PATH: process.env.PATH,
        AWS_ACCESS_KEY_ID: KEY.accessKeyId,
        AWS_SECRET_ACCESS_KEY: KEY.secretAccessKey,
        AWS_SESSION_TOKEN: KEY.sessionToken,
        AWS_DEFAULT_REGION: "us-east-1",
        AWS_MAX_ATTEMPTS: "1",
        AWS_CONFIG_FILE: "/nonexistent",
        AWS_SHARED_CREDENTIALS_FILE: "/nonexistent",
      },
    },
  );
}
