import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { STYLES } from "../../unchanged-chat.ts";
import { apiOf, gatewayFor } from "../support.ts";
import { testStyles } from "../unchanged-styles.ts";

test("the AWS CLI reaches a client with the emulator's credentials", async ({ skip }) => {
  if (!(await hasAwsCli())) {
    if (process.env.CI === "true") throw new Error("The AWS CLI is missing.");
    skip("skipped: the AWS CLI is not installed");
  }
  const gateway = await gatewayFor(apiOf(["$connect"]), {
    handlers: { connect: async () => ({ statusCode: 200 }) },
  });
  const ann = await gateway.connect();

  await promisify(execFile)(
    "aws",
    [
      "apigatewaymanagementapi",
      "post-to-connection",
      "--endpoint-url",
      gateway.managementUrl,
      "--connection-id",
      ann.connectionId,
      "--data",
      "from the command line",
    ],
    {
      env: {
        PATH: process.env.PATH,
        AWS_DEFAULT_REGION: "us-east-1",
        AWS_ACCESS_KEY_ID: gateway.credentials.accessKeyId,
        AWS_SECRET_ACCESS_KEY: gateway.credentials.secretAccessKey,
        AWS_SESSION_TOKEN: gateway.credentials.sessionToken,
      },
    },
  );

  expect(await ann.next()).toBe("from the command line");
});

async function hasAwsCli(): Promise<boolean> {
  return promisify(execFile)("aws", ["--version"]).then(
    () => true,
    () => false,
  );
}

testStyles(STYLES.filter(({ usesAwsCli }) => usesAwsCli));
