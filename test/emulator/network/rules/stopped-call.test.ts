import { cbor } from "@smithy/core/cbor";
import { expect, test } from "vitest";
import {
  type AwsRequest,
  lacksEndpoint,
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
  ["execute-api.us-east-1.amazonaws.com:443", true],
  ["execute-api.cn-north-1.amazonaws.com.cn", true],
  ["abc.execute-api.us-east-1.amazonaws.com", false],
  ["execute-api.us-east-1", false],
  ["execute-api.us-east-1.amazonaws.com/x", false],
])("the host %s is that of all APIs: %s", (host, lacks) => {
  expect(lacksEndpoint(host)).toBe(lacks);
});

test("who asks for the key set of a user pool hears of the issuers of wsgw", () => {
  const keySet = {
    service: "cognito-idp",
    operation: "GET /eu-west-1_AbCdEf123/.well-known/jwks.json",
    host: "cognito-idp.eu-west-1.amazonaws.com",
    functionName: "check",
  };

  const message = stopMessage(keySet, table);

  expect(message).toContain('endpoints: { "cognito-idp": "http://localhost:4566" }');
  expect(message).toMatch(
    / To let wsgw sign tokens of this user pool, use startTokenIssuer\(\) in tests, or wsgw dev --cognito\.$/,
  );
  expect(stopMessage({ ...keySet, operation: "GetUser" }, table)).not.toContain("--cognito");
});

test.each([
  [
    "a path that is longer than 200 characters",
    { url: `/${"x".repeat(300)}` },
    `POST /${"x".repeat(199)}`,
  ],
  ["JSON without a dot", { rawHeaders: ["x-amz-target", "GetParameter"] }, "GetParameter"],
  [
    "a path below one of CBOR",
    { url: "/service/a/operation/b/c" },
    "POST /service/a/operation/b/c",
  ],
  ["a path with CBOR behind", { url: "/x/service/a/operation/b" }, "POST /x/service/a/operation/b"],
  ["a form and a query", { form: "Action=A", url: "/?Action=B&x-id=C" }, "A"],
  ["two names in a query", { url: "/?x-id=C&Action=B" }, "B"],
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
    'Function send called s3 PutObject at bucket.s3.us-east-1.amazonaws.com. wsgw stopped the call before it left this machine. To allow it, set another endpoint in the definition, endpoints: { s3: "http://localhost:4566" }, or start wsgw dev with --allow-aws.',
  );
});

test("the message about another API names the one that runs here", () => {
  const message = stopMessage({ ...call, service: "execute-api" }, table);
  const several = { ...table, apis: [api, { ...api, apiId: "bbcdef1234" }] };
  const here =
    "The APIs that run here are abcdef1234.execute-api.us-east-1.amazonaws.com, bbcdef1234.execute-api.us-east-1.amazonaws.com.";

  expect(stopMessage({ ...call, service: "execute-api" }, several)).toContain(
    `${here} If it means one of them, add the host to hosts of its API. To allow it`,
  );
  expect(stopMessage({ ...call, service: "execute-api" }, several, "of-client")).toBe(
    `A client called PutObject at bucket.s3.us-east-1.amazonaws.com. ${here} If it means one of them, add the host to hosts of its API.`,
  );
  expect(
    stopMessage(
      { ...call, service: "execute-api", host: "execute-api.us-east-1.amazonaws.com" },
      table,
    ),
  ).toContain(
    " The SDK client has no endpoint and would fail on AWS, too. Create it with endpoint: `https://${domainName}/${stage}`, both from the event's requestContext. The API that runs here is abcdef1234.execute-api.us-east-1.amazonaws.com.",
  );

  expect(message).toContain(
    "The API that runs here is abcdef1234.execute-api.us-east-1.amazonaws.com.",
  );
  expect(message).toContain('endpoints: { "execute-api": ');
});

test("the message about DynamoDB says that there are no tables", () => {
  expect(stopMessage({ ...call, service: "dynamodb", functionName: undefined }, table)).toMatch(
    /^A handler called dynamodb .* The definition has no tables\. Add one/,
  );
});

type Stopped = [service: string, more: Partial<AwsRequest>, contentType: string, body: string];

test.each<Stopped>([
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
  ...["s3-control", "route53", "cloudfront"].map(
    (service): Stopped => [
      service,
      {},
      "application/xml",
      "<ErrorResponse><Error><Type>Sender</Type><Code>CallStoppedByWsgw</Code><Message>a &lt; b</Message></Error></ErrorResponse>",
    ],
  ),
  [
    "other",
    { rawHeaders: ["content-type", "text/xml"] },
    "application/xml",
    "<ErrorResponse><Error><Type>Sender</Type><Code>CallStoppedByWsgw</Code><Message>a &lt; b</Message></Error></ErrorResponse>",
  ],
  ["ec2", {}, "application/json", '{"__type":"CallStoppedByWsgw","message":"a < b"}'],
  ["lambda", {}, "application/json", '{"__type":"CallStoppedByWsgw","message":"a < b"}'],
])("%s is answered with %j in its own form", (service, more, contentType, body) => {
  const answer = stopAnswer(service, request(more), "a < b");

  const declaration = body.startsWith("<") ? '<?xml version="1.0" encoding="UTF-8"?>\n' : "";
  expect(answer).toEqual({
    statusCode: 403,
    headers: { "Content-Type": contentType, "x-amzn-ErrorType": "CallStoppedByWsgw" },
    body: `${declaration}${body}`,
  });
});

test("a call in CBOR is answered in CBOR", () => {
  const asked = request({ rawHeaders: ["smithy-protocol", "rpc-v2-cbor"] });

  const { body, headers } = stopAnswer("monitoring", asked, "stopped");

  expect(cbor.deserialize(body as Uint8Array)).toEqual({
    __type: "CallStoppedByWsgw",
    message: "stopped",
  });
  expect(headers).toEqual({
    "Content-Type": "application/cbor",
    "x-amzn-ErrorType": "CallStoppedByWsgw",
    "smithy-protocol": "rpc-v2-cbor",
  });
  const long = stopAnswer("monitoring", asked, "x".repeat(300));
  expect(cbor.deserialize(long.body as Uint8Array).message).toBe("x".repeat(300));
});

test("HEAD is answered without a body", () => {
  expect(stopAnswer("s3", request({ method: "HEAD" }), "stopped").body).toBe("");
  expect(stopAnswer("s3", request(), "a & b > c").body).toContain("a &amp; b &gt; c");
});
