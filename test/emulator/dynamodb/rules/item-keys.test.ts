import { expect, test } from "vitest";
import { keyFault, keyOf } from "../../../../src/emulator/dynamodb/rules/item-keys.ts";

const room = { name: "room", type: "S" } as const;
const table = { partitionKey: room, sortKey: { name: "at", type: "N" } } as const;
const simple = { partitionKey: room, sortKey: undefined };

test.each([
  [{ room: { S: "a" }, at: { N: "1" } }, undefined],
  [{ room: { S: "a" } }, 'it lacks the key attribute "at"'],
  [{ at: { N: "1" } }, 'it lacks the key attribute "room"'],
  [{ room: { N: "1" }, at: { N: "1" } }, 'its key attribute "room" is of type "N", not "S"'],
  [{ room: { S: "" }, at: { N: "1" } }, 'its key attribute "room" is empty'],
])("reports what keeps %j out of a table", (item, fault) => {
  expect(keyFault(table, item)).toBe(fault);
});

test("a table without a sort key asks for none", () => {
  expect(keyFault(simple, { room: { S: "a" } })).toBeUndefined();
});

test("a key is made from texts", () => {
  expect(keyOf(table, ["a", "-1.5"])).toEqual({ room: { S: "a" }, at: { N: "-1.5" } });
  expect(keyOf(simple, ["a"])).toEqual({ room: { S: "a" } });
});

test.each([
  [["a"], "The key of an item is room (S) and at (N). Write a value for each."],
  [["a", "1", "2"], "The key of an item is room (S) and at (N). Write a value for each."],
  [["a", "x"], '"at" is a number.'],
  [["a", ""], '"at" is a number.'],
])("reports why the strings %j are not a key", (values, why) => {
  expect(keyOf(table, values)).toBe(why);
});

test("a single key is named without an and", () => {
  expect(keyOf(simple, [])).toBe("The key of an item is room (S). Write a value for each.");
});
