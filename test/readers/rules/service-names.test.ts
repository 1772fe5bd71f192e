import { expect, test } from "vitest";
import { filesOfVariables, isServiceFile } from "../../../src/readers/rules/service-names.ts";

const SERVICE = "service: chat\nprovider:\n  name: aws\n";

test.each([
  ["serverless.yml", "", true],
  ["app/serverless.yaml", "", true],
  ["serverless.json", "{}", true],
  ["serverless.prod.yml", "", true],
  ["serverless-chat.ts", "", true],
  ["serverless.mjs", "", true],
  ["serverless.yml", "Resources:\n  A: {}\n", false],
  ["serverless.yml", "AWSTemplateFormatVersion: '2010-09-09'\n", false],
  ["serverless.json", '{ "AWSTemplateFormatVersion": "2010-09-09" }', false],
  ["serverless.toml", "", false],
  ["my-serverless.yml", "", false],
  ["app/.serverless/serverless.yml", "", false],
  ["app\\.serverless\\serverless.yml", "", false],
  ["chat.yml", SERVICE, true],
  ["chat.yaml", SERVICE, true],
  ["chat.yaml", "service: chat\n  provider:\n", false],
  ["chat.yaml", " service: chat\nprovider: {}\n", false],
  ["chat.json", SERVICE, false],
])("whether %s is a service, with %j: %s", (file, contents, expected) => {
  expect(isServiceFile(file, contents)).toBe(expected);
});

test("files of variables are those of file(), as written", () => {
  const contents = `a: \${file(./a.yml):x}\nb: "\${file( 'b c.json' )}"\nc: \${self:file}\nd: \${file(\${opt:x}.yml)}`;
  expect(filesOfVariables(contents)).toEqual(["./a.yml", "b c.json"]);
});
