import { expect, test } from "vitest";
import { localEndpoint } from "../../../../src/emulator/network/rules/local-endpoints.ts";

test.each([
  ["http://localhost:3001", true],
  ["https://127.0.0.1:3001/x", true],
  ["http://[::1]:3001", true],
  ["http://laptop.local:3001", true],
  ["http://localhost:4566", false],
  ["http://localhost", false],
  ["http://other.local:3001", false],
  ["http://127.0.0.1.example:3001", false],
])("an endpoint %s leads to a gateway at laptop.local:3001 itself: %s", (url, leads) => {
  const parts = { tables: undefined, endpoints: { sqs: url }, own: "laptop.local:3001" };

  expect(localEndpoint("sqs", parts)).toBe(leads ? undefined : url);
});

test("DynamoDB is the project's tables, whatever the definition says", () => {
  const endpoints = { dynamodb: "http://localhost:4566" };
  const parts = { endpoints, own: "localhost:3001" };

  expect(localEndpoint("dynamodb", { ...parts, tables: "http://127.0.0.1:8" })).toBe(
    "http://127.0.0.1:8",
  );
  expect(localEndpoint("dynamodb", { ...parts, tables: undefined })).toBeUndefined();
});
