import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { madeReply } from "../../../../../src/emulator/apigateway/integrations/rules/service-replies.ts";
import type { ServiceCall } from "../../../../../src/emulator/apigateway/integrations/rules/service-request.ts";

const MADE = { uuid: "u-1", at: 1790299471061, accountId: "123456789012" };

function replyTo(
  service: string,
  operation: string | undefined,
  body: string | object = "",
  query = "",
) {
  const request: ServiceCall["request"] = {
    method: "POST",
    url: new URL(`https://${service}.eu-west-1.amazonaws.com/${query}`),
    headers: { "Content-Type": "application/json" },
    body: Buffer.from(typeof body === "string" ? body : JSON.stringify(body)),
  };
  const reply = madeReply({ service, region: "eu-west-1", operation, request }, MADE);
  const text = Buffer.from(reply.body).toString();
  return { ...reply, body: text.startsWith("{") ? JSON.parse(text) : text };
}

const json = (body: object, statusCode = 200) => ({
  statusCode,
  headers: { "content-type": ["application/json"] },
  body,
});
const md5 = (text: string) => createHash("md5").update(text).digest("hex");

test("a queue answers with the id and the MD5 of the message", () => {
  const sent = (message: string) => ({
    SendMessageResponse: {
      ResponseMetadata: { RequestId: "u-1" },
      SendMessageResult: {
        MD5OfMessageAttributes: null,
        MD5OfMessageBody: md5(message),
        MD5OfMessageSystemAttributes: null,
        MessageId: "u-1",
        SequenceNumber: null,
      },
    },
  });

  expect(replyTo("sqs", "SendMessage", "", "?MessageBody=hi%20you")).toEqual(json(sent("hi you")));
  expect(replyTo("sqs", "SendMessage")).toEqual(json(sent("")));
});

test.each([
  ["sqs", "DeleteMessage", {}],
  ["sns", "Publish", { MessageId: "u-1", SequenceNumber: null }],
  ["sns", "SendMessage", {}],
])("%s answers to %s", (service, operation, result) => {
  expect(replyTo(service, operation)).toEqual(
    json({
      [`${operation}Response`]: {
        [`${operation}Result`]: result,
        ResponseMetadata: { RequestId: "u-1" },
      },
    }),
  );
});

test("a query service rejects calls without an action", () => {
  const error = {
    Code: "MissingAction",
    Message: "The request must contain the parameter Action.",
    Type: "Sender",
  };

  expect(replyTo("sns", undefined)).toEqual(json({ Error: error, RequestId: "u-1" }, 400));
});

test("a started execution has an ARN of its name, or of the call", () => {
  const stateMachineArn = "arn:aws:states:eu-west-1:123456789012:stateMachine:orders";
  const arn = "arn:aws:states:eu-west-1:123456789012:execution";

  expect(replyTo("states", "StartExecution", { stateMachineArn, name: "n" })).toEqual(
    json({ executionArn: `${arn}:orders:n`, startDate: 1790299471.061 }),
  );
  expect(replyTo("states", "StartExecution", { stateMachineArn })).toEqual(
    json({ executionArn: `${arn}:orders:u-1`, startDate: 1790299471.061 }),
  );
  expect(replyTo("states", "StartExecution")).toEqual(
    json({ executionArn: `${arn}::u-1`, startDate: 1790299471.061 }),
  );
  expect(replyTo("states", undefined)).toEqual(
    json({ executionArn: `${arn}::u-1`, startDate: 1790299471.061 }),
  );
});

test("the date of an execution has an exponent, as Java writes it", () => {
  const request = {
    method: "POST",
    url: new URL("https://states.eu-west-1.amazonaws.com/"),
    headers: {},
    body: Buffer.from("{}"),
  };
  const operation = "StartExecution";
  const call = { service: "states", region: "eu-west-1", operation, request };

  expect(Buffer.from(madeReply(call, MADE).body).toString()).toContain(
    '"startDate":1.790299471061E9}',
  );
});

test("an express execution answers with its end", () => {
  const stateMachineArn = "arn:aws:states:eu-west-1:123456789012:stateMachine:orders";
  const ended = (name: string, input: string) =>
    json({
      billingDetails: { billedDurationInMilliseconds: 100, billedMemoryUsedInMB: 64 },
      executionArn: `arn:aws:states:eu-west-1:123456789012:express:orders:${name}:u-1`,
      input,
      inputDetails: { included: true },
      name,
      output: "{}",
      outputDetails: { included: true },
      startDate: 1790299471.061,
      status: "SUCCEEDED",
      stopDate: 1790299471.061,
      traceHeader: null,
    });

  expect(
    replyTo("states", "StartSyncExecution", { stateMachineArn, name: "n", input: '{"a":1}' }),
  ).toEqual(ended("n", '{"a":1}'));
  expect(replyTo("states", "StartSyncExecution", { stateMachineArn })).toEqual(ended("u-1", "{}"));
});

test("a bus answers with an id for each event", () => {
  expect(replyTo("events", "PutEvents", { Entries: [{}, {}] })).toEqual(
    json({ Entries: [{ EventId: "u-1" }, { EventId: "u-1" }], FailedEntryCount: 0 }),
  );
  const none = json({ Entries: [], FailedEntryCount: 0 });
  expect(replyTo("events", "PutEvents", { Entries: "x" })).toEqual(none);
  expect(replyTo("events", "PutEvents", "[]")).toEqual(none);
  expect(replyTo("events", "PutEvents", "x")).toEqual(none);
});

test("a stream answers with a number for each record", () => {
  const record = {
    SequenceNumber: `495${"0".repeat(40)}1790299471061`,
    ShardId: "shardId-000000000000",
  };

  expect(replyTo("kinesis", "PutRecord")).toEqual(json(record));
  expect(replyTo("kinesis", "PutRecords", { Records: [{}, {}] })).toEqual(
    json({ FailedRecordCount: 0, Records: [record, record] }),
  );
});

test.each([
  [
    "GetObject",
    '<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>NoSuchKey</Code><Message>The specified key does not exist.</Message></Error>',
  ],
  ["HeadObject", ""],
])("a bucket has nothing for %s", (operation, body) => {
  expect(replyTo("s3", operation)).toEqual({
    statusCode: 404,
    headers: { "content-type": ["application/xml"] },
    body,
  });
});

test.each([
  ["PutObject", 200],
  ["DeleteObject", 204],
])("a bucket answers to %s with the MD5 of the body", (operation, statusCode) => {
  expect(replyTo("s3", operation, "hi")).toEqual({
    statusCode,
    headers: { etag: [`"${md5("hi")}"`] },
    body: "",
  });
});

test("every other service answers with an empty object", () => {
  expect(replyTo("ssm", "GetParameter")).toEqual(json({}));
});
