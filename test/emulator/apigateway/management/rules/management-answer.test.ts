import { expect, test } from "vitest";
import { managementAnswer } from "../../../../../src/emulator/apigateway/management/rules/management-answer.ts";

const IDS = { requestId: "uuid", apigwId: "apigw", traceId: "Root=1-a-b" };
const TRACED = {
  "x-amzn-RequestId": "uuid",
  "x-amz-apigw-id": "apigw",
  "X-Amzn-Trace-Id": "Root=1-a-b",
};
const JSON_TYPE = { "Content-Type": "application/json" };

const rejected = (statusCode: number, errorType: string, body: string) => ({
  statusCode,
  headers: {
    ...JSON_TYPE,
    "x-amzn-RequestId": "uuid",
    "x-amzn-ErrorType": errorType,
    "x-amz-apigw-id": "apigw",
  },
  body,
});

const connection = {
  sourceIp: "1.2.3.4",
  userAgent: 'Mozilla "5.0"',
  connectedAt: Date.UTC(2020, 10, 15, 12, 23, 14, 726),
  lastActiveAt: Date.UTC(2020, 10, 15, 12, 23, 14, 972),
};

const resource = {
  region: "us-east-1",
  accountId: "123456789012",
  apiId: "abcdef1234",
  stage: "Prod",
  method: "POST",
};

test.each([
  [
    { kind: "delivered" } as const,
    { statusCode: 200, headers: { ...JSON_TYPE, ...TRACED }, body: "" },
  ],
  [
    { kind: "removed" } as const,
    { statusCode: 204, headers: { ...JSON_TYPE, ...TRACED }, body: "" },
  ],
  [
    { kind: "gone" } as const,
    {
      statusCode: 410,
      headers: { ...JSON_TYPE, ...TRACED, "x-amzn-ErrorType": "GoneException" },
      body: "",
    },
  ],
  [
    { kind: "malformed-id", connectionId: 'a"b' } as const,
    rejected(400, "BadRequestException", '{"message":"Invalid connectionId: a\\"b"}'),
  ],
  [
    { kind: "unknown-key", message: "The security token included in the request is invalid." },
    rejected(
      403,
      "UnrecognizedClientException",
      '{"message":"The security token included in the request is invalid."}',
    ),
  ] as const,
  [{ kind: "too-large" } as const, { statusCode: 413, headers: {}, body: "" }],
  [
    { kind: "throttled" } as const,
    rejected(429, "LimitExceededException", '{"message":"Too Many Requests"}'),
  ],
  [
    { kind: "buffer-full" } as const,
    rejected(429, "LimitExceededException", '{"message":"Too Many Requests"}'),
  ],
  [
    {
      kind: "not-allowed",
      caller: "arn:aws:sts::123456789012:assumed-role/r/s",
      resource,
    } as const,
    rejected(
      403,
      "AccessDeniedException",
      '{"Message":"User: arn:aws:sts::123456789012:assumed-role/r/s is not authorized to perform: execute-api:ManageConnections on resource: arn:aws:execute-api:us-east-1:********9012:abcdef1234/Prod/POST/@connections/{connectionId} because no identity-based policy allows the execute-api:ManageConnections action"}',
    ),
  ],
  [
    {
      kind: "not-allowed",
      caller: "r",
      resource: { ...resource, region: "cn-north-1" },
    } as const,
    rejected(
      403,
      "AccessDeniedException",
      '{"Message":"User: r is not authorized to perform: execute-api:ManageConnections on resource: arn:aws-cn:execute-api:cn-north-1:********9012:abcdef1234/Prod/POST/@connections/{connectionId} because no identity-based policy allows the execute-api:ManageConnections action"}',
    ),
  ],
  [
    { kind: "unknown-stage" } as const,
    rejected(403, "ForbiddenException", '{"message":"Forbidden"}'),
  ],
  [
    { kind: "unknown-path" } as const,
    rejected(
      403,
      "MissingAuthenticationTokenException",
      '{"message":"Missing Authentication Token"}',
    ),
  ],
  [
    { kind: "unsigned" } as const,
    rejected(
      403,
      "MissingAuthenticationTokenException",
      '{"message":"Missing Authentication Token"}',
    ),
  ],
  [
    { kind: "no-method", method: "POST", path: "prod/@connections/D-j5-fe7IAMCKMA=" } as const,
    rejected(
      404,
      "NotFoundException",
      '{"message":"No method found matching route prod/@connections/D-j5-fe7IAMCKMA= for http method POST."}',
    ),
  ],
  [
    { kind: "incomplete-signature", message: "m" } as const,
    rejected(403, "IncompleteSignatureException", '{"message":"m"}'),
  ],
  [
    { kind: "wrong-signature", message: "m" } as const,
    rejected(403, "InvalidSignatureException", '{"message":"m"}'),
  ],
])("answers $kind", (outcome, expected) => {
  expect(managementAnswer(outcome, IDS)).toEqual(expected);
});

test("spells a description as the service does", () => {
  const answer = managementAnswer({ kind: "described", connection }, IDS);

  expect(answer).toEqual({
    statusCode: 200,
    headers: { ...JSON_TYPE, ...TRACED },
    body: `{
  "identity" : {
    "sourceIp" : "1.2.3.4",
    "userAgent" : "Mozilla \\"5.0\\""
  },
  "connectedAt" : "2020-11-15T12:23:14.726Z",
  "lastActiveAt" : "2020-11-15T12:23:14.972Z"
}`,
  });
});

test("says null for a client without a user agent", () => {
  const described = {
    kind: "described",
    connection: { ...connection, userAgent: undefined },
  } as const;

  expect(managementAnswer(described, IDS).body).toContain('"userAgent" : null\n');
});

test("writes the header names in the service's case and order", () => {
  expect(Object.keys(managementAnswer({ kind: "gone" }, IDS).headers)).toEqual([
    "Content-Type",
    "x-amzn-RequestId",
    "x-amzn-ErrorType",
    "x-amz-apigw-id",
    "X-Amzn-Trace-Id",
  ]);
});
