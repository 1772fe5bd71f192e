import { expect, test } from "vitest";
import { calculate, compare } from "../../../../../src/emulator/apigateway/vtl/rules/arithmetic.ts";
import { JsonNumber } from "../../../../../src/emulator/apigateway/vtl/rules/java-values.ts";

test.each([
  ["+", 7n, 2n, 9n],
  ["-", 7n, 2n, 5n],
  ["*", 7n, 2n, 14n],
  ["/", 7n, 2n, 3n],
  ["%", 7n, 2n, 1n],
  ["/", -7n, 2n, -3n],
  ["+", 7n, 2.5, 9.5],
  ["-", 7n, 2.5, 4.5],
  ["*", 7n, 2.5, 17.5],
  ["/", 7n, 2.5, 2.8],
  ["%", 7n, 2.5, 2],
  ["+", 1n, new JsonNumber("1.50"), 2.5],
  ["/", 7n, 0n, null],
  ["%", 7n, 0n, null],
  ["/", 7n, 0, null],
  ["*", 7n, 0n, 0n],
  ["+", "7", 1n, null],
  ["+", 1n, null, null],
] as const)("%s of %s and %s is %s", (operator, left, right, result) => {
  expect(calculate(operator, left, right)).toBe(result);
});

test("a product of more than 4096 bits is null, whatever its sign", () => {
  const most = 2n ** 4096n - 1n;

  expect(calculate("*", most, 1n)).toBe(most);
  expect(calculate("*", -most, 1n)).toBe(-most);
  expect(calculate("*", most + 1n, 1n)).toBeNull();
  expect(calculate("*", -most - 2n, 1n)).toBeNull();
});

test.each([
  [1n, 2n, -1],
  [2n, 2n, 0],
  [2n, 1.5, 1],
  [new JsonNumber("1.50"), 1.5, 0],
  [1n, "1", Number.NaN],
  ["1", 1n, Number.NaN],
] as const)("%s compared with %s is %s", (left, right, order) => {
  expect(compare(left, right)).toBe(order);
});
