import { expect, test } from "vitest";
import { holds } from "../../../../src/emulator/iam/rules/condition-operators.ts";

/** Whether a condition on one key holds for a request that has these values of it. */
function judge(
  operator: string,
  wanted: string | readonly string[],
  actual?: string | readonly string[],
): boolean {
  const values = [wanted].flat();
  const context = actual === undefined ? {} : { "aws:key": actual };
  return holds({ operator, key: "AWS:Key", values }, context);
}

const TOPIC = "arn:aws:sns:us-east-1:123456789012:a:b";

test.each([
  ["StringEquals", "a", "a", "A"],
  ["StringNotEquals", "a", "A", "a"],
  ["StringEqualsIgnoreCase", "aB", "Ab", "b"],
  ["StringNotEqualsIgnoreCase", "aB", "b", "Ab"],
  ["StringLike", "a*?", "abc", "a"],
  ["StringNotLike", "a*?", "a", "abc"],
  ["NumericEquals", "1", "1.0", "2"],
  ["NumericNotEquals", "1", "2", "1.0"],
  ["NumericLessThan", "2", "1", "2"],
  ["NumericLessThanEquals", "2", "2", "3"],
  ["NumericGreaterThan", "2", "3", "2"],
  ["NumericGreaterThanEquals", "2", "2", "1"],
  ["DateEquals", "1970-01-01T00:00:10Z", "10", "11"],
  ["DateEquals", "10.5", "1970-01-01T00:00:10.500Z", "10"],
  ["DateNotEquals", "10", "11", "10"],
  ["DateLessThan", "11", "10", "11"],
  ["DateLessThanEquals", "11", "11", "12"],
  ["DateGreaterThan", "11", "12", "11"],
  ["DateGreaterThanEquals", "11", "11", "10"],
  ["Bool", "true", "True", "false"],
  ["BinaryEquals", "YQ==", "YQ==", "yq=="],
  ["IpAddress", "10.0.0.0/8", "10.255.0.1", "11.0.0.1"],
  ["IpAddress", "10.0.0.1", "10.0.0.1", "10.0.0.2"],
  ["IpAddress", "10.0.0.1/32", "10.0.0.1", "10.0.0.0"],
  ["IpAddress", "0.0.0.0/0", "1.2.3.4", "::1"],
  ["IpAddress", "2001:db8::/32", "2001:db8::1", "2001:db9::1"],
  ["IpAddress", "2001:db8::1", "2001:db8::1", "2001:db8::2"],
  ["IpAddress", "2001:db8::1/128", "2001:db8::1", "2001:db8::"],
  ["NotIpAddress", "10.0.0.0/8", "11.0.0.1", "10.0.0.1"],
  ["ArnEquals", "arn:aws:sns:*:123456789012:a:*", TOPIC, "arn:aws:sqs:us-east-1:123456789012:a:b"],
  ["ArnLike", "arn:aws:sns:*:*:a:b", TOPIC, "arn:aws:sns:us-east-1:123456789012:a"],
  ["ArnLike", "arn:aws:*:*:*:a:b", TOPIC, "arn:aws:sns:a:us-east-1:123456789012:x"],
  ["ArnNotEquals", "arn:aws:sqs:*:*:*", TOPIC, "arn:aws:sqs:us-east-1:123456789012:a"],
  ["ArnNotLike", "arn:aws:sqs:*:*:*", TOPIC, "arn:aws:sqs:us-east-1:123456789012:a"],
])("%s %j holds for %j and not for %j", (operator, wanted, actual, other) => {
  expect(judge(operator, wanted, actual)).toBe(true);
  expect(judge(operator, wanted, other)).toBe(false);
});

test.each([
  ["NumericEquals", "a", "a"],
  ["NumericEquals", "1", "a"],
  ["DateEquals", "never", "never"],
  ["IpAddress", "10.0.0.0/33", "10.0.0.0"],
  ["IpAddress", "10.0.0.0/-1", "10.0.0.0"],
  ["IpAddress", "10.0.0.0/a", "10.0.0.0"],
  ["IpAddress", "2001:db8::/129", "2001:db8::"],
  ["IpAddress", "here", "10.0.0.0"],
  ["IpAddress", "10.0.0.0/8", "here"],
])("%s never holds for %j and %j", (operator, wanted, actual) => {
  expect(judge(operator, wanted, actual)).toBe(false);
});

test.each([
  ["StringEquals", false],
  ["StringEqualsIfExists", true],
  ["StringNotEquals", true],
  ["ForAllValues:StringEquals", true],
  ["ForAnyValue:StringEquals", false],
])("%s without a value in the request is %s", (operator, isHeld) => {
  expect(judge(operator, "a")).toBe(isHeld);
});

test("IfExists compares where there is a value", () => {
  expect(judge("StringEqualsIfExists", "a", "a")).toBe(true);
  expect(judge("StringEqualsIfExists", "a", "b")).toBe(false);
});

test.each([
  ["true", undefined, true],
  ["true", "a", false],
  ["false", undefined, false],
  ["false", "a", true],
])("Null %s of a key that is %s is %s", (wanted, actual, isHeld) => {
  expect(judge("Null", wanted, actual)).toBe(isHeld);
});

test("one of a policy's values is enough, and none may match where the operator is negated", () => {
  expect(judge("StringEquals", ["a", "b"], "b")).toBe(true);
  expect(judge("StringNotEquals", ["a", "b"], "b")).toBe(false);
  expect(judge("StringNotEquals", ["a", "b"], "c")).toBe(true);
});

test("of several values in a request all have to match, or any", () => {
  expect(judge("ForAllValues:StringEquals", ["a", "b"], ["a", "b"])).toBe(true);
  expect(judge("ForAllValues:StringEquals", "a", ["a", "b"])).toBe(false);
  expect(judge("ForAnyValue:StringEquals", "a", ["a", "b"])).toBe(true);
  expect(judge("ForAnyValue:StringEquals", "c", ["a", "b"])).toBe(false);
});

test("variables stand for values of the request, and for wildcards as characters", () => {
  const context = { "aws:key": "ann", "aws:username": "ann", "aws:list": ["first", "second"] };
  const isHeld = (value: string, actual = "ann") =>
    holds(
      { operator: "StringEquals", key: "aws:key", values: [value] },
      { ...context, "aws:key": actual },
    );

  expect(isHeld("${aws:UserName}")).toBe(true);
  expect(isHeld("${aws:list}-x", "first-x")).toBe(true);
  expect(isHeld("${*}${?}${$}", "*?$")).toBe(true);
  expect(isHeld("${aws:unknown}", "${aws:unknown}")).toBe(true);
  expect(isHeld("${toString}", "${toString}")).toBe(true);
});
