import { cbor } from "@smithy/core/cbor";
import { expect, test } from "vitest";
import {
  type AwsRequest,
  operationOf,
  stopAnswer,
  stopMessage,
} from "../../../../src/emulator/network/rules/stopped-call.ts";

const request = (more: Partial<AwsRequest> = {}): AwsRequest => ({
  method: "POST",
  url: "/",
  rawHeaders: [],
  form: undefined,
  ...more,
});
const api = { apiId: "abcdef1234", customDomain: undefined, hosts: [] };
const table = { region: "us-east-1", apis: [api] };
const call = {
  service: "s3",
  operation: "PutObject",
  host: "bucket.s3.us-east-1.amazonaws.com",
  functionName: "send",
};

test.each([
  ["JSON", { rawHeaders: ["X-Amz-Target", "AmazonSSM.GetParameter"] }, "GetParameter"],
  ["a form", { form: "Version=2012-11-05&Action=SendMessage" }, "SendMessage"],
  ["a query", { method: "GET", url: "/?Action=GetCallerIdentity" }, "GetCallerIdentity"],
  ["CBOR", { url: "/service/Granite/operation/PutMetricData" }, "PutMetricData"],
  ["S3 by an SDK", { method: "PUT", url: "/key?x-id=PutObject" }, "PutObject"],
  ["S3 by hand", { method: "GET", url: "/key?versionId=1" }, "GET /key"],
])("names the operation of a call in %s", (_, more, operation) => {
  expect(operationOf(request(more))).toBe(operation);
});

test("the message names service, operation, function and how to allow it", () => {
  expect(stopMessage(call, table)).toBe(
    'Function send called s3 PutObject at bucket.s3.us-east-1.amazonaws.com; wsgw stopped the call before it left this machine. To allow it, say in the definition who answers instead, endpoints: { s3: "http://localhost:4566" }, or start wsgw dev with --allow-aws.',
  );
});

test("the message about another API names the one that runs here", () => {
  const message = stopMessage({ ...call, service: "execute-api" }, table);

  expect(message).toContain(
    "The API that runs here is abcdef1234.execute-api.us-east-1.amazonaws.com.",
  );
  expect(message).toContain('endpoints: { "execute-api": ');
});

test("the message about DynamoDB says that there are no tables", () => {
  expect(stopMessage({ ...call, service: "dynamodb", functionName: undefined }, table)).toMatch(
    /^A handler called dynamodb .* The definition has no tables: add one/,
  );
});

test.each([
  [
    "s3",
    {},
    "application/xml",
    "<Error><Code>CallStoppedByWsgw</Code><Message>a &lt; b</Message></Error>",
  ],
  [
    "sns",
    { rawHeaders: ["content-type", "application/x-www-form-urlencoded; charset=utf-8"] },
    "application/xml",
    "<ErrorResponse><Error><Type>Sender</Type><Code>CallStoppedByWsgw</Code><Message>a &lt; b</Message></Error></ErrorResponse>",
  ],
  [
    "ec2",
    { url: "/?Action=DescribeInstances" },
    "application/xml",
    "<Response><Errors><Error><Code>CallStoppedByWsgw</Code><Message>a &lt; b</Message></Error></Errors></Response>",
  ],
  [
    "ssm",
    { rawHeaders: ["content-type", "application/x-amz-json-1.1"] },
    "application/x-amz-json-1.1",
    '{"__type":"CallStoppedByWsgw","message":"a < b"}',
  ],
  ["lambda", {}, "application/json", '{"__type":"CallStoppedByWsgw","message":"a < b"}'],
])("%s is answered with %j in its own form", (service, more, contentType, body) => {
  const answer = stopAnswer(service, request(more), "a < b");

  expect(answer).toMatchObject({
    statusCode: 403,
    headers: { "Content-Type": contentType, "x-amzn-ErrorType": "CallStoppedByWsgw" },
  });
  expect(String(answer.body).replace(/^<\?xml.*\n/, "")).toBe(body);
});

test("a call in CBOR is answered in CBOR", () => {
  const asked = request({ rawHeaders: ["smithy-protocol", "rpc-v2-cbor"] });

  const { body, headers } = stopAnswer("monitoring", asked, "stopped");

  expect(cbor.deserialize(body as Uint8Array)).toEqual({
    __type: "CallStoppedByWsgw",
    message: "stopped",
  });
  expect(headers["smithy-protocol"]).toBe("rpc-v2-cbor");
});

test("HEAD is answered without a body", () => {
  expect(stopAnswer("s3", request({ method: "HEAD" }), "stopped").body).toBe("");
});
