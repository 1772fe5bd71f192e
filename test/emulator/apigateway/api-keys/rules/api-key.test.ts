import { expect, test } from "vitest";
import {
  judgeKey,
  keyFields,
  sentKey,
} from "../../../../../src/emulator/apigateway/api-keys/rules/api-key.ts";

const key = (name: string, enabled = true) => ({
  name,
  value: `${name}-0123456789012345`,
  description: undefined,
  enabled,
  isMadeHere: false,
});
const plan = (name: string, apiKeys: string[], stages: string[]) => ({
  name,
  description: undefined,
  throttle: undefined,
  quota: undefined,
  apiKeys,
  apiStages: stages.map((each) => {
    const [api = "", stage = ""] = each.split("/");
    return { api, stage };
  }),
});
const PROJECT = {
  apiKeys: { ann: key("ann"), bob: key("bob"), off: key("off", false) },
  usagePlans: {
    other: plan("other", ["ann"], ["chat/prod", "other/dev"]),
    bare: plan("bare", ["bob"], ["chat/prod"]),
    free: plan("free", ["ann", "off"], ["chat/prod", "chat/dev"]),
  },
};
const HEADER = "$request.header.x-api-key";
const AUTHORIZER = "$context.authorizer.usageIdentifierKey";
const judge = (value: string | undefined, source: typeof HEADER | typeof AUTHORIZER = HEADER) =>
  judgeKey(value, source, { api: "chat", stage: "dev" }, PROJECT);

test("a key is good by the plan that has it and the stage", () => {
  expect(judge("ann-0123456789012345")).toEqual({
    kind: "good",
    key: PROJECT.apiKeys.ann,
    plan: PROJECT.usagePlans.free,
  });
});

test.each([
  [undefined, HEADER, "the header x-api-key is missing or empty, and $connect requires an API key"],
  ["", HEADER, "the header x-api-key is missing or empty, and $connect requires an API key"],
  [
    "",
    AUTHORIZER,
    "the usageIdentifierKey of the authorizer is missing or empty, and $connect requires an API key",
  ],
  ["ann", HEADER, "the header x-api-key is not the value of an API key"],
  ["ann", AUTHORIZER, "the usageIdentifierKey of the authorizer is not the value of an API key"],
  ["off-0123456789012345", HEADER, "the API key off is not enabled"],
  ["bob-0123456789012345", HEADER, "the API key bob is not in a usage plan of the stage dev"],
] as const)("the key %j in %s is bad: %s", (value, source, because) => {
  expect(judge(value, source)).toEqual({ kind: "bad", because });
});

test("a key comes from the header or from the authorizer, never from the other", () => {
  const headers = ["X-Api-Key", "of the header"];

  expect(sentKey(HEADER, headers, "of the authorizer")).toBe("of the header");
  expect(sentKey(HEADER, [], "of the authorizer")).toBeUndefined();
  const source = "$context.authorizer.usageIdentifierKey";
  expect(sentKey(source, headers, "of the authorizer")).toBe("of the authorizer");
  expect(sentKey(source, headers, undefined)).toBeUndefined();
});

test("the event has the key as sent, and its id only if it is valid for the stage", () => {
  const stage = { api: "chat", stage: "dev" };
  const idOf = (name: string) => `id of ${name}`;
  const fields = (value: string | undefined) =>
    keyFields(judgeKey(value, HEADER, stage, PROJECT), value, idOf);

  expect(fields("ann-0123456789012345")).toEqual({
    apiKey: "ann-0123456789012345",
    apiKeyId: "id of ann",
  });
  expect(fields("bob-0123456789012345")).toEqual({ apiKey: "bob-0123456789012345" });
  expect(fields("unknown")).toEqual({ apiKey: "unknown" });
});
