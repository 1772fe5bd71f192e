import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { translate } from "../../../src/deploy/aws/aws-errors.ts";
import { openCloud } from "../../../src/deploy/aws/connect.ts";
import { openRun, openToRead } from "../../../src/deploy/runs/run-open.ts";
import { temporaryDirectory } from "../../temporary-directory.ts";

const ENDPOINT = "http://127.0.0.1:1";

test.each([
  ["the one asked for", "eu-west-1", { AWS_REGION: "eu-west-2" }, "eu-west-1"],
  ["AWS_REGION", undefined, { AWS_REGION: "eu-west-2", AWS_DEFAULT_REGION: "x" }, "eu-west-2"],
  [
    "AWS_DEFAULT_REGION where AWS_REGION is empty",
    "",
    { AWS_REGION: "", AWS_DEFAULT_REGION: "eu-west-3" },
    "eu-west-3",
  ],
  [
    "us-east-1 where nothing names one",
    undefined,
    { AWS_REGION: "", AWS_DEFAULT_REGION: "" },
    "us-east-1",
  ],
])("works in %s", async (_, asked, env, region) => {
  const cloud = await openCloud({
    ...(asked !== undefined && { region: asked }),
    endpointUrl: ENDPOINT,
    env,
    beforeRetry: async () => {},
  });

  expect(cloud.region).toBe(region);
});

test("commands that read work in the region of wsgw dev where nothing names one; the others ask", async () => {
  for (const name of ["AWS_REGION", "AWS_DEFAULT_REGION", "AWS_PROFILE"]) {
    vi.stubEnv(name, undefined);
  }
  for (const name of ["AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"]) {
    vi.stubEnv(name, join(temporaryDirectory(), "none"));
  }
  onTestFinished(() => {
    vi.unstubAllEnvs();
  });
  const place = { cwd: "/", env: {} };

  expect((await openToRead(place, "chat", {})).cloud.region).toBe("us-east-1");
  await expect(openRun(place, "chat", { confirm: async () => true })).rejects.toMatchObject({
    code: "AWS_REGION_UNKNOWN",
  });
});

/** A shell that has no AWS credentials. */
function withoutCredentials(): void {
  for (const name of ["AWS_ACCESS_KEY_ID", "AWS_PROFILE", "AWS_WEB_IDENTITY_TOKEN_FILE"]) {
    vi.stubEnv(name, undefined);
  }
  vi.stubEnv("AWS_EC2_METADATA_DISABLED", "true");
  for (const name of ["AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"]) {
    vi.stubEnv(name, join(temporaryDirectory(), "none"));
  }
  onTestFinished(() => {
    vi.unstubAllEnvs();
  });
}

test.each([undefined, "staging"])(
  "says that there are no credentials before it asks AWS (profile %s)",
  async (profile) => {
    withoutCredentials();
    const cloud = await openCloud({
      region: "us-east-1",
      profile,
      env: {},
      beforeRetry: async () => {},
    });

    for (const ask of [() => cloud.identity.caller(), () => cloud.stacks.describe("chat")]) {
      await expect(ask()).rejects.toMatchObject({
        code: "AWS_CREDENTIALS",
        message: "No AWS credentials found, neither in the environment nor in a profile of ~/.aws.",
        hint: expect.stringMatching(/^Sign in \(aws sso login/),
      });
    }
  },
);

test("says why credentials that were found cannot be used", () => {
  const expired = Object.assign(new Error("Token is expired. Run aws sso login."), {
    name: "TokenProviderError",
  });

  expect(translate("STS", "GetCallerIdentity", expired)).toMatchObject({
    code: "AWS_CREDENTIALS",
    message: "No usable AWS credentials found: Token is expired. Run aws sso login.",
  });
});
