import { expect, test } from "vitest";
import { isOwnFunction } from "../../../../../src/emulator/lambda/api/rules/own-function.ts";

const PATH = "/2015-03-31/functions/worker/invocations";
const place = {
  home: { region: "us-east-1", accountId: "123456789012" },
  hasFunction: (name: string) => name === "worker",
};
const arnOf = (region: string, account: string) =>
  encodeURIComponent(`arn:aws:lambda:${region}:${account}:function:worker`);

test.each([
  ["Invoke", PATH, true],
  ["GetFunction", "/2015-03-31/functions/worker", true],
  ["GetFunction of a version", "/2015-03-31/functions/worker?Qualifier=1", true],
  ["InvokeAsync", "/2014-11-13/functions/worker/invoke-async", true],
  ["a stream", "/2021-11-15/functions/worker/response-streaming-invocations", true],
  ["its ARN", `/2015-03-31/functions/${arnOf("us-east-1", "123456789012")}`, true],
  ["another function", "/2015-03-31/functions/other", false],
  ["the list of functions", "/2015-03-31/functions/", false],
  ["another region", `/2015-03-31/functions/${arnOf("eu-west-1", "123456789012")}`, false],
  ["another account", `/2015-03-31/functions/${arnOf("us-east-1", "210987654321")}`, false],
  ["a path that only ends like it", "/proxy/2015-03-31/functions/worker", false],
  ["another kind of resource", "/2018-10-31/layers/worker", false],
])("a call that names %s is about a function of the project: %s: %s", (_, url, expected) => {
  expect(isOwnFunction(url, "us-east-1", place)).toBe(expected);
  expect(isOwnFunction(url, undefined, place)).toBe(expected);
  expect(isOwnFunction(url, "eu-west-1", place)).toBe(url.includes("us-east-1") && expected);
});
