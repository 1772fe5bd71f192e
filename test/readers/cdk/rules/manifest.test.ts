import { expect, test } from "vitest";
import { readManifest } from "../../../../src/readers/cdk/rules/manifest.ts";

const stack = (environment: string, properties: object, dependencies: readonly string[] = []) => ({
  type: "aws:cloudformation:stack",
  environment,
  properties,
  dependencies,
});

test("reads the stacks, stages and look-ups of a manifest, of any version", () => {
  const manifest = readManifest({
    version: "999.0.0",
    missing: [{ key: "vpc-provider:x", provider: "vpc-provider" }],
    artifacts: {
      Tree: { type: "cdk:tree" },
      "assembly-Dev": { type: "cdk:cloud-assembly", properties: { directoryName: "assembly-Dev" } },
      "Chat.assets": { type: "cdk:asset-manifest", properties: { file: "Chat.assets.json" } },
      Chat: stack("aws://111111111111/eu-west-1", {
        templateFile: "Chat.template.json",
        stackName: "my-chat",
        parameters: { Size: 3 },
      }),
      Data: stack("aws://unknown-account/unknown-region", { templateFile: "Data.template.json" }),
    },
  });

  expect(manifest).toMatchObject({
    stacks: [
      {
        id: "Chat",
        stackName: "my-chat",
        region: "eu-west-1",
        accountId: "111111111111",
        parameters: { Size: "3" },
      },
      { id: "Data", stackName: "Data", region: undefined, accountId: undefined },
    ],
    assetFiles: ["Chat.assets.json"],
    nested: ["assembly-Dev"],
    missing: ["vpc-provider:x"],
  });
  expect(readManifest({ artifacts: {} })).toBeUndefined();
});
