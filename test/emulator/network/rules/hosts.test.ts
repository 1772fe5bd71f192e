import { expect, test } from "vitest";
import {
  executeApiHost,
  type Network,
  placeOfHost,
  regionOfHost,
  wayTo,
} from "../../../../src/emulator/network/rules/hosts.ts";

const apiId = "abcdef1234";
const table = {
  region: "us-east-1",
  apis: [
    { apiId, customDomain: "chat.example.com", hosts: ["abc.execute-api.eu-west-1.amazonaws.com"] },
  ],
};
const network: Network = {
  ...table,
  address: { host: "127.0.0.1", port: 3001 },
  standIns: [],
  allowAws: false,
};

test.each([
  ["abcdef1234.execute-api.us-east-1.amazonaws.com", "execute-api"],
  ["ABCDEF1234.execute-api.us-east-1.amazonaws.com:443", "execute-api"],
  ["abcdef1234.execute-api.us-east-1.amazonaws.com.", "execute-api"],
  ["abcdef1234.execute-api.us-east-1.amazonaws.com.cn", "execute-api"],
  ["abc.execute-api.eu-west-1.amazonaws.com", "execute-api"],
  ["chat.example.com", "custom-domain"],
  ["Chat.Example.com:443", "custom-domain"],
  ["dynamodb.us-east-1.amazonaws.com", "dynamodb"],
  ["dynamodb.eu-central-1.amazonaws.com", "dynamodb"],
  ["dynamodb.cn-north-1.amazonaws.com.cn", "dynamodb"],
  ["dynamodb-fips.us-gov-west-1.amazonaws.com", "dynamodb"],
  ["dynamodb.us-east-1.api.aws", "dynamodb"],
  ["123456789012.ddb.us-east-1.amazonaws.com", "dynamodb"],
  ["123456789012.ddb-fips.us-east-1.amazonaws.com", "dynamodb"],
  ["vpce-1a-2b.dynamodb.us-east-1.vpce.amazonaws.com", "dynamodb"],
  ["lambda.us-east-1.amazonaws.com", "lambda"],
  ["lambda.cn-north-1.amazonaws.com.cn", "lambda"],
  ["lambda-fips.us-east-1.amazonaws.com", "lambda"],
  ["lambda.us-east-1.api.aws", "lambda"],
  ["vpce-1a-2b.lambda.us-east-1.vpce.amazonaws.com", "lambda"],
])("%s is %s", (host, kind) => {
  expect(placeOfHost(table, host)).toMatchObject({ kind });
});

test.each([
  ["s3.amazonaws.com", "s3"],
  ["s3.us-east-1.amazonaws.com", "s3"],
  ["s3-us-west-2.amazonaws.com", "s3"],
  ["s3-us-gov-west-1.amazonaws.com", "s3"],
  ["s3-fips.us-east-1.amazonaws.com", "s3"],
  ["bucket.s3.us-east-1.amazonaws.com", "s3"],
  ["my.dotted.bucket.s3.amazonaws.com", "s3"],
  ["dynamodb.s3.eu-west-1.amazonaws.com", "s3"],
  ["bucket.s3.dualstack.eu-west-1.amazonaws.com", "s3"],
  ["bucket.s3-accelerate.amazonaws.com", "s3"],
  ["bucket.s3-website-us-east-1.amazonaws.com", "s3"],
  ["point-123456789012.s3-accesspoint.us-east-1.amazonaws.com", "s3"],
  ["b--use1-az4--x-s3.s3express-use1-az4.us-east-1.amazonaws.com", "s3"],
  ["bucket.vpce-1a-2b.s3.us-east-1.vpce.amazonaws.com", "s3"],
  ["123456789012.s3-control.us-east-1.amazonaws.com", "s3-control"],
  ["sqs.us-east-1.amazonaws.com", "sqs"],
  ["us-east-1.queue.amazonaws.com", "sqs"],
  ["ssm.ap-southeast-2.amazonaws.com", "ssm"],
  ["ssm.cn-north-1.amazonaws.com.cn", "ssm"],
  ["sts.amazonaws.com", "sts"],
  ["fips.transcribe.us-east-1.amazonaws.com", "transcribe"],
  ["secretsmanager.us-east-1.amazonaws.com", "secretsmanager"],
  ["api.ecr.us-east-1.amazonaws.com", "ecr"],
  ["abc-ats.iot.us-east-1.amazonaws.com", "iot"],
  ["db.abc.us-east-1.rds.amazonaws.com", "rds"],
  ["streams.dynamodb.us-east-1.amazonaws.com", "streams.dynamodb"],
  ["other12345.execute-api.us-east-1.amazonaws.com", "execute-api"],
  ["abcdef1234.execute-api.eu-west-1.amazonaws.com", "execute-api"],
  ["abcdef1234-vpce-1a.execute-api.us-east-1.amazonaws.com", "execute-api"],
  ["kms.eusc-de-east-1.amazonaws.eu", "kms"],
])("%s is the service %s", (host, service) => {
  expect(placeOfHost(table, host)).toEqual({ kind: "service", service });
});

test.each([
  "localhost:3001",
  "127.0.0.1",
  "[::1]:3001",
  "example.com",
  "www.chat.example.com",
  "amazonaws.com.example.org",
  "notamazonaws.com",
  "d111.cloudfront.net",
  "",
])("%s is elsewhere", (host) => {
  expect(placeOfHost(table, host)).toEqual({ kind: "elsewhere" });
});

test("without a custom domain no host is one", () => {
  expect(placeOfHost({ ...table, apis: [] }, "")).toEqual({ kind: "elsewhere" });
});

test.each([
  ["abcdef1234.execute-api.us-east-1.amazonaws.com", 443, {}, "gateway"],
  ["dynamodb.us-east-1.amazonaws.com", 443, { allowAws: true }, "gateway"],
  ["lambda.us-east-1.amazonaws.com", 443, {}, "gateway"],
  ["lambda.us-east-1.amazonaws.com", 443, { allowAws: true }, "gateway"],
  ["chat.example.com", 443, { allowAws: true }, "gateway"],
  ["s3.us-east-1.amazonaws.com", 443, {}, "gateway"],
  ["s3.us-east-1.amazonaws.com", 80, {}, "gateway"],
  ["s3.us-east-1.amazonaws.com", 443, { allowAws: true }, "straight"],
  ["s3.us-east-1.amazonaws.com", 443, { allowAws: true, standIns: ["s3"] }, "gateway"],
  ["other12345.execute-api.us-east-1.amazonaws.com", 443, { allowAws: true }, "straight"],
  ["db.abc.us-east-1.rds.amazonaws.com", 5432, {}, "stopped"],
  ["db.abc.us-east-1.rds.amazonaws.com", 5432, { allowAws: true }, "straight"],
  ["localhost", 3001, {}, "gateway"],
  ["LOCALHOST", 3001, {}, "gateway"],
  ["localhost", 5432, {}, "straight"],
  ["example.com", 443, {}, "straight"],
  ["example.com", 3001, {}, "straight"],
  ["example.com", 3001, { publicHost: "dev.example.com" }, "straight"],
  ["Dev.example.com", 3001, { publicHost: "dev.example.com" }, "gateway"],
  ["dev.example.com", 443, { publicHost: "dev.example.com" }, "straight"],
  ["3001", 80, {}, "no-scheme"],
  ["99999", 80, {}, "no-scheme"],
  ["0", 80, {}, "straight"],
  ["123456", 80, {}, "straight"],
  ["a3001", 80, {}, "straight"],
  ["3001a", 80, {}, "straight"],
] as const)("a connection to %s:%i with %j goes: %s", (host, port, more, kind) => {
  expect(wayTo({ ...network, ...more }, host, port).kind).toBe(kind);
});

test.each([
  ["us-east-1", "abcdef1234.execute-api.us-east-1.amazonaws.com"],
  ["cn-north-1", "abcdef1234.execute-api.cn-north-1.amazonaws.com.cn"],
  ["eusc-de-east-1", "abcdef1234.execute-api.eusc-de-east-1.amazonaws.eu"],
])("the default host in %s is %s, and is its own", (region, host) => {
  expect(executeApiHost(apiId, region)).toBe(host);
  expect(placeOfHost({ ...table, region }, host)).toEqual({ kind: "execute-api", apiId });
});

test.each([
  ["lambda.eu-west-1.amazonaws.com:443", "eu-west-1"],
  ["Lambda-FIPS.us-gov-west-1.amazonaws.com", "us-gov-west-1"],
  ["vpce-1a-2b.lambda.us-east-1.vpce.amazonaws.com", "us-east-1"],
  ["sts.amazonaws.com", undefined],
  ["localhost:3001", undefined],
  ["lambda.eu-west-1.example.com", undefined],
])("the region of %s is %s", (host, region) => {
  expect(regionOfHost(host)).toBe(region);
});
