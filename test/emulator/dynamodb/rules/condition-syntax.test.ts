import { expect, test } from "vitest";
import { depthOf, isCondition } from "../../../../src/emulator/dynamodb/rules/condition-syntax.ts";

test.each([
  "a = :a",
  "(a = :a)",
  "((a=:a) AND NOT (b<>:b)) OR (contains(a, :b) AND size(a) > :n)",
  "a IN (:a, size(b), c)",
  "NOT(a IN(:a))",
  "a BETWEEN :a AND size(b) AND c = :d",
  "(a between :a and :b)and(c=:d)",
  "#a.b[0] . #c >= :x",
  "attribute_exists(a) AND (attribute_not_exists (#b) or begins_with(c, :d))",
])("%s is a condition", (expression) => {
  expect(isCondition(expression)).toBe(true);
});

test.each([
  "",
  "(",
  "a",
  "(a =)",
  "((a)) = :a",
  "a = (b)",
  "a IN ()",
  "a IN :a",
  "NOT",
  "NOT = :a",
  "IN = :a",
  "and = :a",
  "a = OR",
  "BETWEEN = :a",
  "a = :a AND",
  "(a = :a))",
  "NOT (a",
  "contains(",
  "a BETWEEN :a",
  "a = :a & b = :b",
])("%s is not a condition", (expression) => {
  expect(isCondition(expression)).toBe(false);
});

test("counts how deep parentheses go", () => {
  expect(["a = :a", "(a)(b)", "((a) AND (b", ")("].map(depthOf)).toEqual([0, 1, 2, 0]);
});
