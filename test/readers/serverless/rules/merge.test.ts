import { expect, test } from "vitest";
import { Origins } from "../../../../src/readers/cloudformation/rules/origins.ts";
import {
  merged,
  mergedFields,
  mergedList,
} from "../../../../src/readers/serverless/rules/merge.ts";

const ORIGINS = new Origins();

test("merges objects and arrays deeply, and replaces everything else", () => {
  const under = { a: { b: 1, c: [1, { d: 1 }, 3] }, e: "x", f: 1 };
  const over = { a: { c: [2, { g: 2 }] }, e: { h: 1 }, constructor: 1 };

  expect(merged(under, over, ORIGINS)).toEqual({
    a: { b: 1, c: [2, { d: 1, g: 2 }, 3] },
    e: { h: 1 },
    f: 1,
    constructor: 1,
  });
  expect(merged({}, JSON.parse('{"__proto__":{"a":1}}'), ORIGINS)).toEqual({});
  expect(mergedFields(under, over, ORIGINS)).toEqual({ ...under, ...over });
  expect(mergedList([{ a: { b: 1 } }, "x", { a: { c: 2 } }], ORIGINS)).toEqual({
    a: { b: 1, c: 2 },
  });
  expect(mergedList([], ORIGINS)).toEqual({});
  expect(mergedList({ a: 1 }, ORIGINS)).toEqual({ a: 1 });
  expect(mergedList("x", ORIGINS)).toEqual({});
});
