import { expect, test } from "vitest";
import { sentenceOf } from "../../../src/definition/faults.ts";
import { localValues } from "../../../src/deploy/rules/local-values.ts";
import { projectOf } from "../apis.ts";

const problemsOf = (environment: Readonly<Record<string, string>>) =>
  localValues({
    apiIds: { chat: "abc123def0" },
    project: projectOf({
      name: "chat",
      routeSelectionExpression: "$request.body.action",
      stage: { name: "v1" },
      functions: { all: { handler: "a.b", environment } },
      routes: { $default: { function: "all" } },
      tables: {
        messages: {
          name: "chat-messages",
          partitionKey: { name: "id", type: "S" },
          environmentVariable: "MESSAGES",
        },
      },
    }),
  }).map(sentenceOf);

test.each([
  ["http://localhost:8000", "contains localhost, which on AWS is"],
  ["redis://127.0.0.1", "contains 127.0.0.1, which on AWS is"],
  ["https://[::1]:3001/v1", "contains [::1], which on AWS is"],
  ["https://abc123def0.execute-api.us-east-1.amazonaws.com/v1", "contains abc123def0, the id of"],
  [
    "abc123def0",
    'the API chat on this machine. On AWS it has another. Refer to it: { ref: "api.chat.id" }.',
  ],
  [
    "chat-messages",
    'CloudFormation gives it another. Refer to it: { ref: "table.messages.name" }.',
  ],
  [
    "arn:aws:dynamodb:us-east-1:123456789012:table/chat-messages/index/x",
    'contains "chat-messages"',
  ],
])("warns of %s in environment, which is right on this machine only", (value, says) => {
  const [problem, ...others] = problemsOf({ VALUE: value });

  expect(problem).toMatch(/^functions\.all\.environment\.VALUE: /);
  expect(problem).toContain(says);
  expect(others).toEqual([]);
});

test.each([
  "https://localhost.example.com",
  "mylocalhost",
  "messages",
  "arn:aws:s3:::chat-messages",
  "",
])("says nothing of %j in environment", (value) => {
  expect(problemsOf({ VALUE: value })).toEqual([]);
});
