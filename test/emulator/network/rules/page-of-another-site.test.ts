import { expect, test } from "vitest";
import {
  foreignCaller,
  foreignMessage,
} from "../../../../src/emulator/network/rules/page-of-another-site.ts";

test.each([
  ["localhost:3001"],
  ["tables.localhost"],
  ["127.0.0.1:8000"],
  ["[::1]:8000"],
  ["host.docker.internal:8000"],
  ["gateway.docker.internal"],
  ["dynamodb.eu-west-1.amazonaws.com"],
])("a program that calls %s does not count as another site", (host) => {
  expect(foreignCaller({ host }, "dynamodb")).toBeUndefined();
});

test.each([
  [{ host: "evil.example" }, "Host", "evil.example"],
  [{ host: "localhost.evil.example" }, "Host", "localhost.evil.example"],
  [{ host: "notlocalhost" }, "Host", "notlocalhost"],
  [{ host: "127.0.0.1.evil.example" }, "Host", "127.0.0.1.evil.example"],
  [{ host: "x127.0.0.1" }, "Host", "x127.0.0.1"],
  [{ host: "127.0.0.1000" }, "Host", "127.0.0.1000"],
  [{ host: "s3.eu-west-1.amazonaws.com" }, "Host", "s3.eu-west-1.amazonaws.com"],
  [{}, "Host", ""],
  [{ host: "localhost", origin: "null" }, "Origin", "null"],
  [{ host: "localhost", origin: "https://evil.example" }, "Origin", "https://evil.example"],
])("%j is of another site, by its %s", (headers, header, value) => {
  expect(foreignCaller(headers, "dynamodb")).toEqual({ service: "dynamodb", header, value });
});

test.each(["http://localhost:5173", "https://app.localhost", "http://[::1]:80"])(
  "a page at %s is of this machine",
  (origin) => {
    expect(foreignCaller({ host: "localhost", origin }, "dynamodb")).toBeUndefined();
  },
);

test("each service is called by its own name", () => {
  const host = "lambda.eu-west-1.amazonaws.com";

  expect(foreignCaller({ host }, "lambda")).toBeUndefined();
  expect(foreignCaller({ host }, "dynamodb")).toEqual({
    service: "dynamodb",
    header: "Host",
    value: host,
  });
});

test("names what was rejected, with at most 200 characters", () => {
  const caller = { header: "Host", value: "x".repeat(201) } as const;
  const why = `are for programs on this machine. wsgw rejected a request with Host: ${"x".repeat(200)}.`;

  expect(foreignMessage({ ...caller, service: "dynamodb" })).toBe(`The tables of wsgw ${why}`);
  expect(foreignMessage({ ...caller, service: "lambda" })).toBe(`The functions of wsgw ${why}`);
});
