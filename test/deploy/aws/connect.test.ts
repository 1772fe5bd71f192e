import { expect, test } from "vitest";
import { openCloud } from "../../../src/deploy/aws/connect.ts";

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
