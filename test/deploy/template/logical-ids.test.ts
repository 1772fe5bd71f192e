import { expect, test } from "vitest";
import {
  functionLogicalId,
  integrationLogicalId,
  routeLogicalId,
  tableLogicalId,
} from "../../../src/deploy/template/logical-ids.ts";

test.each([
  [functionLogicalId("sendMessage"), "SendMessageFunction"],
  [tableLogicalId("connections"), "ConnectionsTable"],
  [routeLogicalId("$connect"), "ConnectRoute"],
  [integrationLogicalId("sendmessage"), "SendmessageIntegration"],
])("ordinary names stay readable: %s", (id, expected) => {
  expect(id).toBe(expected);
});

test("names that differ in case, hyphens or blanks only get ids of their own", () => {
  const names = ["ab", "Ab", "a-b", "a_b", "a-B", "aB", "x".repeat(64), `${"x".repeat(63)}y`];
  const keys = [
    "$connect",
    "connect",
    "Connect",
    "$default",
    "default",
    "",
    "a b",
    "a/b",
    "ä",
    "ö",
  ];
  const ids = [...names.map(functionLogicalId), ...keys.map((key) => routeLogicalId(key))];

  expect(new Set(ids).size).toBe(ids.length);
  for (const id of ids) expect(id).toMatch(/^[A-Za-z0-9]{1,255}$/);
});

test("a long route key gives an id that is not too long", () => {
  const [one, two] = ["a", "b"].map((end) => routeLogicalId("k".repeat(299) + end));

  expect(one).not.toBe(two);
  expect(one?.length).toBeLessThan(100);
});
