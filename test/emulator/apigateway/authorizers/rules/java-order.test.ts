import { expect, test } from "vitest";
import { inJavaOrder } from "../../../../../src/emulator/apigateway/authorizers/rules/java-order.ts";

function ordered(...names: string[]): readonly string[] {
  return inJavaOrder(names.map((name) => [name, name] as const)).map(([name]) => name);
}

test("names are in the order of their hashes in Java, modulo 16", () => {
  expect(ordered("p", "o", "a", "b")).toEqual(["p", "a", "b", "o"]); // 112, 97, 98, 111
  expect(ordered("ab", "ba", "aa")).toEqual(["aa", "ab", "ba"]); // 3104, 3105, 3135
});

test("names of the same hash keep their order", () => {
  expect(ordered("FB", "Ea")).toEqual(["FB", "Ea"]);
  expect(ordered("Ea", "FB")).toEqual(["Ea", "FB"]);
});

test("a hash of more than 16 bits is folded", () => {
  // -2147483648 and 97: without its upper half, the first would be in bucket 0 of 16, too.
  expect(ordered("a", "polygenelubricants")).toEqual(["polygenelubricants", "a"]);
  // 96354 is 0x17862, which folds to 0x17863: bucket 3
  expect(ordered("c", "abc", "b")).toEqual(["b", "c", "abc"]);
});

test("12 names share 16 buckets, and 13 share 32", () => {
  const twelve = ["p", ..."abcdefghijk"];
  expect(ordered(...twelve)).toEqual(twelve); // 112 is 0 modulo 16
  expect(ordered(...twelve, "l")).toEqual([..."abcdefghijkl", "p"]); // and 16 modulo 32
});
