import { expect, test } from "vitest";
import { basePath } from "../../../../src/emulator/network/rules/base-path.ts";

const stage = { name: "prod", description: undefined, variables: {} };
const mapped = {
  stage,
  customDomain: { name: "chat.example.com", mappingKey: "live", certificateArn: undefined },
};
const bare = {
  stage,
  customDomain: { name: "chat.example.com", mappingKey: "", certificateArn: undefined },
};

test.each([
  ["the default host", mapped, ["Host", "localhost:3001"], "prod"],
  ["the custom domain", mapped, ["Host", "chat.example.com"], "live"],
  ["the custom domain in capitals, with a port", mapped, ["host", "Chat.Example.com:443"], "live"],
  ["a custom domain without a key", bare, ["Host", "chat.example.com"], ""],
  ["no host at all", mapped, [], "prod"],
  ["an API without a custom domain", { stage, customDomain: undefined }, ["Host", "x"], "prod"],
])("of %s the path begins with the right part", (_, api, rawHeaders, base) => {
  expect(basePath(api, rawHeaders)).toBe(base);
});
