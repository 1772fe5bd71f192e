import { expect, test } from "vitest";
import {
  atEndpoint,
  fieldIn,
  parametersOf,
  serviceCall,
} from "../../../../../src/emulator/apigateway/integrations/rules/service-request.ts";

const NONE = { header: {}, querystring: {}, path: {} };
const SENDER = { apiId: "abcdef1234", traceId: "Root=1-2-3" };
const ADDED = {
  "User-Agent": "AmazonAPIGateway_abcdef1234",
  "X-Amzn-Apigateway-Api-Id": "abcdef1234",
  "X-Amzn-Trace-Id": "Root=1-2-3",
};

function callOf(
  rest: string,
  {
    method = "POST",
    body = "{}",
    ...parameters
  }: Partial<typeof NONE> & { method?: string; body?: string } = {},
) {
  const uri = `arn:aws:apigateway:eu-west-1:${rest}`;
  return serviceCall({ uri, method }, { ...NONE, ...parameters }, Buffer.from(body), SENDER);
}

test.each([
  ["dynamodb", "DynamoDB_20120810", "1.0"],
  ["events", "AWSEvents", "1.1"],
  ["firehose", "Firehose_20150804", "1.1"],
  ["kinesis", "Kinesis_20131202", "1.1"],
  ["secretsmanager", "secretsmanager", "1.1"],
  ["ssm", "AmazonSSM", "1.1"],
  ["states", "AWSStepFunctions", "1.0"],
])("an action of %s is the target %s", (service, prefix, version) => {
  expect(callOf(`${service}:action/DoIt`)).toEqual({
    service,
    region: "eu-west-1",
    operation: "DoIt",
    request: {
      method: "POST",
      url: new URL(`https://${service}.eu-west-1.amazonaws.com/`),
      headers: {
        Accept: "application/json",
        "Content-Type": `application/x-amz-json-${version}`,
        "X-Amz-Target": `${prefix}.DoIt`,
        ...ADDED,
      },
      body: Buffer.from("{}"),
    },
  });
});

test("an action of a query service is a parameter, unless the integration has one", () => {
  const headers = { Accept: "application/json", "Content-Type": "application/json", ...ADDED };

  expect(callOf("sns:action/Publish", { querystring: { Message: "a b" } })).toEqual({
    service: "sns",
    region: "eu-west-1",
    operation: "Publish",
    request: {
      method: "POST",
      url: new URL("https://sns.eu-west-1.amazonaws.com/?Action=Publish&Message=a+b"),
      headers,
      body: Buffer.from("{}"),
    },
  });
  expect(
    callOf("sns:action/Publish", { querystring: { Action: "Other" } })?.request.url.search,
  ).toBe("?Action=Other");
});

test("an action of a JSON service is not a parameter", () => {
  expect(callOf("dynamodb:action/PutItem", { querystring: { a: "b" } })?.request.url.search).toBe(
    "?a=b",
  );
});

test.each([
  ["sqs:path/123456789012/queue", "https://sqs.eu-west-1.amazonaws.com/123456789012/queue"],
  ["sqs:path//queue", "https://sqs.eu-west-1.amazonaws.com/queue"],
  ["bucket.s3:path/key", "https://bucket.s3.eu-west-1.amazonaws.com/key"],
  ["s3:path/bucket/a/b", "https://s3.eu-west-1.amazonaws.com/bucket/a/b"],
])("the URI %s is %s", (rest, url) => {
  expect(callOf(rest)?.request.url.href).toBe(url);
});

test.each([
  ["x-amz-target", { header: { "X-Amz-Target": "AWSEvents.PutEvents" } }, "PutEvents"],
  ["the query", { querystring: { Action: "SendMessage" } }, "SendMessage"],
  [
    "the form",
    {
      header: { "content-type": "application/x-www-form-urlencoded; charset=utf-8" },
      body: "Action=SendMessage&MessageBody=x",
    },
    "SendMessage",
  ],
  ["nothing", { body: "Action=SendMessage" }, undefined],
])("the operation of a path comes from %s", (_, more, operation) => {
  expect(callOf("sqs:path/1/q", more)?.operation).toBe(operation);
});

test.each([
  ["DELETE", "DeleteObject"],
  ["GET", "GetObject"],
  ["HEAD", "HeadObject"],
  ["PUT", "PutObject"],
  ["POST", undefined],
])("%s at a bucket is %s", (method, operation) => {
  expect(callOf("s3:path/b/k", { method })?.operation).toBe(operation);
});

test.each([
  "x arn:aws:apigateway:eu-west-1:sqs:path/q",
  "arn:aws:apigateway:eu-west-1:sqs:other/q",
  "arn:aws:lambda:eu-west-1:sqs:path/q",
  "https://example.com",
])("%s is not the URI of a service", (uri) => {
  expect(serviceCall({ uri, method: "POST" }, NONE, Buffer.from(""), SENDER)).toBeUndefined();
});

test("URIs of other partitions and with line breaks are those of services", () => {
  const call = serviceCall(
    { uri: "arn:aws-cn:apigateway:cn-north-1:sqs:path/a\nb", method: "POST" },
    NONE,
    Buffer.from(""),
    SENDER,
  );

  expect(call).toMatchObject({ service: "sqs", region: "cn-north-1" });
});

test("parameters of a form come after those of the query", () => {
  const request = {
    method: "POST",
    url: new URL("https://sqs.eu-west-1.amazonaws.com/?a=1"),
    headers: { "CONTENT-TYPE": ["x", "application/x-www-form-urlencoded"] },
    body: Buffer.from("a=2&b=3"),
  };

  expect([...parametersOf(request)]).toEqual([
    ["a", "1"],
    ["a", "2"],
    ["b", "3"],
  ]);
  expect([...parametersOf({ ...request, headers: { "Content-Type": "text/plain" } })]).toEqual([
    ["a", "1"],
  ]);
  expect([
    ...parametersOf({
      ...request,
      headers: { "Content-Type": "x application/x-www-form-urlencoded" },
    }),
  ]).toEqual([["a", "1"]]);
});

test("a field of the body is a string of a JSON object", () => {
  const field = (body: string) =>
    fieldIn(
      { method: "POST", url: new URL("https://a"), headers: {}, body: Buffer.from(body) },
      "name",
    );

  expect(field('{"name":"x"}')).toBe("x");
  expect(field('{"name":1}')).toBeUndefined();
  expect(field("name")).toBeUndefined();
});

test.each([
  ["sqs", "https://sqs.eu-west-1.amazonaws.com/1/q?a=b", "http://localhost:9324/base/1/q?a=b"],
  ["s3", "https://s3.eu-west-1.amazonaws.com/bucket/key", "http://localhost:9324/base/bucket/key"],
  [
    "s3",
    "https://my.bucket.s3.eu-west-1.amazonaws.com/key?v=1",
    "http://localhost:9324/base/my.bucket/key?v=1",
  ],
  ["s3", "https://bucket.s3.eu-west-1.amazonaws.com.example/key", "http://localhost:9324/base/key"],
  ["sqs", "https://bucket.s3.eu-west-1.amazonaws.com/key", "http://localhost:9324/base/key"],
])("a call of %s to %s goes to %s", (service, from, to) => {
  const request = {
    method: "GET",
    url: new URL(from),
    headers: { a: "b" },
    body: Buffer.from("x"),
  };
  const call = { service, region: "eu-west-1", operation: undefined, request };

  expect(atEndpoint(call, "http://localhost:9324/base/")).toEqual({ ...request, url: new URL(to) });
});
