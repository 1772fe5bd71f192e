import { expect, test } from "vitest";
import { readItem, writeItem } from "../../../../src/emulator/dynamodb/rules/item-json.ts";

const PLAIN = {
  id: "a",
  n: -1.5,
  yes: true,
  none: null,
  list: ["x", 1, []],
  map: { deep: { no: false } },
};
const ITEM = {
  id: { S: "a" },
  n: { N: "-1.5" },
  yes: { BOOL: true },
  none: { NULL: true },
  list: { L: [{ S: "x" }, { N: "1" }, { L: [] }] },
  map: { M: { deep: { M: { no: { BOOL: false } } } } },
};

test("plain JSON and DynamoDB's own say the same", () => {
  expect(readItem(PLAIN)).toEqual(ITEM);
  expect(readItem({ Item: ITEM })).toEqual(ITEM);
  expect(writeItem(ITEM)).toEqual(PLAIN);
});

test.each([["text"], [null], [["list"]], [1]])("%j is not an item", (written) => {
  expect(readItem(written)).toBeUndefined();
});

test.each(["S", "N", "B", "BOOL", "NULL", "L", "M", "SS", "NS", "BS"])(
  "an attribute of type %s is DynamoDB's own JSON",
  (type) => {
    expect(readItem({ Item: { id: { [type]: "x" } } })).toEqual({ id: { [type]: "x" } });
  },
);

test.each([[{ id: { S: "a", N: "1" } }], [{ id: { X: "a" } }], [{ id: {} }], [{ id: "a" }]])(
  "an attribute Item of plain JSON stays one: %j",
  (Item) => {
    expect(Object.keys(readItem({ Item }) ?? {})).toEqual(["Item"]);
  },
);

test("Item next to other attributes is one of them", () => {
  expect(readItem({ Item: { id: { S: "a" } }, more: 1 })).toEqual({
    Item: { M: { id: { M: { S: { S: "a" } } } } },
    more: { N: "1" },
  });
});

test.each([
  ["bytes", { B: "eA==" }],
  ["a set", { SS: ["a"] }],
  ["a number that JSON would round", { N: "12345678901234567890" }],
  ["a number with a zero behind", { N: "1.0" }],
  ["a set in a list", { L: [{ S: "x" }, { NS: ["1"] }] }],
  ["a set in a map", { M: { a: { S: "x" }, b: { NS: ["1"] } } }],
  ["a list that is none", { L: "x" }],
])("an item with %s is written in DynamoDB's own JSON", (_, attribute) => {
  const item = { id: { S: "a" }, attribute };

  expect(writeItem(item)).toEqual({ Item: item });
});

test("an item whose only attribute is Item is written so that it is not mistaken", () => {
  expect(writeItem({ Item: { S: "a" } })).toEqual({ Item: { Item: { S: "a" } } });
  expect(writeItem({ Item: { S: "a" }, more: { S: "b" } })).toEqual({ Item: "a", more: "b" });
  expect(writeItem({ items: { S: "a" } })).toEqual({ items: "a" });
});
