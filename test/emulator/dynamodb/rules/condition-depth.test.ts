import { expect, test } from "vitest";
import { tooDeepIn } from "../../../../src/emulator/dynamodb/rules/condition-depth.ts";

const deep = (levels: number, inside = "a = b") =>
  `${"(".repeat(levels)}${inside}${")".repeat(levels)}`;

const MOST = [deep(6), deep(6), deep(6), "(a)"].join(",");

// Level by level 4 + 16 + 64 … steps: six levels are 5,460, seven are 21,844.
test.each(["ConditionExpression", "FilterExpression", "KeyConditionExpression"])(
  "rejects a %s with so many parentheses that the parser would take long",
  (name) => {
    expect(tooDeepIn({ [name]: deep(6) })).toBeUndefined();
    expect(tooDeepIn({ [name]: deep(7) })).toBe(name);
  },
);

test.each([
  ["parentheses side by side", `${deep(6)}`.padEnd(60), true],
  ["16,384 steps, as three times six levels and one", MOST, true],
  ["one step more", `${MOST} AND b`, false],
  ["and and or, which count at their level", deep(6, "a AND b or c AND d"), false],
  [
    "calls of functions, which are no levels",
    deep(1, "size(size(size(size(size(size(size(a)))))))"),
    true,
  ],
  [
    "ands in parentheses side by side, which end their level",
    Array(20).fill("(a AND b)").join(" OR "),
    true,
  ],
  ["many ands without any parenthesis", Array(20_000).fill("a").join(" AND "), true],
  [
    "begins_with, contains and attribute_exists",
    deep(3, "begins_with(contains(attribute_exists(a)))"),
    true,
  ],
])("%s", (_, expression, isSupported) => {
  const parameter = tooDeepIn({ FilterExpression: expression });

  expect(parameter === undefined).toBe(isSupported);
});
