import { expect, test } from "vitest";
import { median, pairedRatio, percentile } from "../../bench/statistics.mjs";

const ONE_TO_HUNDRED = Array.from({ length: 100 }, (_, index) => 100 - index);

test.each([
  [50, 50],
  [99, 99],
  [100, 100],
  [0, 1],
])("percentile %i of one to a hundred is %i, in whatever order they come", (percent, expected) => {
  expect(percentile(ONE_TO_HUNDRED, percent)).toBe(expected);
});

test("a percentile between two ranks is the higher value, not a mixture", () => {
  expect(percentile([10, 20, 30], 50)).toBe(20);
  expect(percentile([10, 20, 30], 99)).toBe(30);
});

test.each([
  ["an odd number of values is the middle one", [9, 1, 5], 5],
  ["an even number of values is the mean of the middle two", [9, 1, 5, 3], 4],
  ["one value is itself", [7], 7],
])("the median of %s", (_, values, expected) => {
  expect(median(values)).toBe(expected);
});

test("nothing has no median and no percentile", () => {
  expect(median([])).toBeNaN();
  expect(percentile([], 50)).toBeNaN();
});

test("the paired ratio compares neighbours, so a slow spell that hits both sides changes nothing", () => {
  const product = [90, 45, 90];
  const floor = [100, 50, 100];

  expect(pairedRatio(product, floor)).toEqual({ ratio: 0.9, low: 0.9, high: 0.9 });
});

test("the paired ratio is the middle one, with the lowest and the highest", () => {
  expect(pairedRatio([80, 100, 30], [100, 100, 100])).toEqual({ ratio: 0.8, low: 0.3, high: 1 });
});

test("series of different length are not compared", () => {
  expect(() => pairedRatio([1, 2], [1])).toThrow("differ in length");
});
