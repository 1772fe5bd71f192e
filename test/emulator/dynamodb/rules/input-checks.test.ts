import { expect, test } from "vitest";
import {
  rejectionOfInput,
  rejectionOfNull,
} from "../../../../src/emulator/dynamodb/rules/input-checks.ts";
import { invalid } from "../../../../src/emulator/dynamodb/rules/rejections.ts";

test.each(["ConditionExpression", "FilterExpression", "KeyConditionExpression"])(
  "rejects an invalid %s inside three parentheses, which the store is slow to parse",
  (name) => {
    const rejection = (condition: string) => rejectionOfInput("Query", { [name]: condition });

    expect(rejection("((a = ))")).toBeUndefined(); // the store refuses it
    expect(rejection("(((a = :b)))")).toBeUndefined();
    expect(rejection("(((a = )))")).toEqual(invalid(`Invalid ${name}: Syntax error`));
    expect(rejectionOfInput("Query", { ProjectionExpression: "(((a = )))" })).toBeUndefined();
  },
);

test.each([
  "ConditionExpression",
  "FilterExpression",
  "KeyConditionExpression",
  "ProjectionExpression",
  "UpdateExpression",
])("rejects a %s of more than 4,096 bytes", (name) => {
  expect(rejectionOfInput("Query", { [name]: "ä".repeat(2048) })).toBeUndefined();
  expect(rejectionOfInput("Query", { [name]: `${"ä".repeat(2048)}x` })).toEqual(
    invalid(
      `Invalid ${name}: Expression size has exceeded the maximum allowed size; expression size: 4097`,
    ),
  );
});

test.each([
  ["TagResource", [{ Key: "a", Value: "b" }], undefined],
  ["TagResource", undefined, undefined],
  ["TagResource", [{ Key: "a", Value: "b" }, { Key: "a" }], 2],
  ["TagResource", [{ Value: "b" }], 1],
  ["TagResource", [null], 1],
  ["CreateTable", [null], undefined],
])("for %s with the tags %j rejects the first invalid one", (operation, Tags, at) => {
  expect(rejectionOfInput(operation, { Tags })).toEqual(
    at === undefined
      ? undefined
      : invalid(
          `1 validation error detected: Value null at 'tags.${at}.member' failed to satisfy constraint: Member must not be null`,
        ),
  );
});

test("rejects null where a value is required, at any depth", () => {
  const rejection = invalid(
    "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes",
  );

  expect(rejectionOfNull({ a: [{ b: "" }], c: 0, d: false })).toBeUndefined();
  for (const value of [null, { a: [{ b: null }] }, { a: undefined }]) {
    expect(rejectionOfNull(value)).toEqual(rejection);
  }
});
