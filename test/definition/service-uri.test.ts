import { expect, test } from "vitest";
import { parseServiceUri, SERVICE_URIS, serviceInWords } from "../../src/definition/service-uri.ts";

const READERS = ["definition", "call", "template"] as const;

test.each([
  ["sqs:action/SendMessage", { host: undefined, service: "sqs", kind: "action" }, "SendMessage"],
  ["sqs:path/1/q", { host: undefined, service: "sqs", kind: "path" }, "1/q"],
  ["sqs:path//q\n", { host: undefined, service: "sqs", kind: "path" }, "/q\n"],
  ["a.b.s3:path/k", { host: "a.b", service: "s3", kind: "path" }, "k"],
])("%j has the same parts wherever it is read", (end, parts, rest) => {
  for (const readIn of READERS) {
    expect(parseServiceUri(`arn:aws-cn:apigateway:cn-north-1:${end}`, readIn)).toEqual({
      region: "cn-north-1",
      rest,
      ...parts,
    });
  }
});

test.each([
  ["arn:aws:apigateway:us-east-1:{key}.s3:path/", ["definition", "template"]],
  ["arn:aws:apigateway:us-east-1:${stageVariables.b}.s3:path/", ["definition", "template"]],
  ["arn:aws:apigateway:us-east-1:sqs:action/", ["call", "template"]],
  ["arn:aws:apigateway:us-east-1:sqs:action/a-b", ["call", "template"]],
  ["arn:other:apigateway::SQS:action/A", ["template"]],
  ["arn:aws:apigateway:us-east-1:sqs:other/q", []],
  ["arn:aws:apigateway:us-east-1:.s3:path/", []],
  ["arn:aws:lambda:us-east-1:sqs:path/q", []],
  ["x arn:aws:apigateway:us-east-1:sqs:path/q", []],
])("%s is accepted in %j", (uri, accepted) => {
  expect(READERS.filter((readIn) => SERVICE_URIS[readIn].test(uri))).toEqual(accepted);
});

test.each([
  ["arn:aws:apigateway:us-east-1:sqs:action/SendMessage", "sqs SendMessage"],
  ["arn:aws:apigateway:us-east-1:sqs:path/1/q", "sqs path/1/q"],
  ["arn:aws:apigateway:<region>:<service>:action/Run", "<service> Run"],
  ["https://example.com", "https://example.com"],
])("%s is in words %s", (uri, words) => {
  expect(serviceInWords(uri)).toBe(words);
});
