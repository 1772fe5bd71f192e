import { expect, test } from "vitest";
import { firstNeeded } from "../../src/emulator/warm-functions.ts";
import { localProjectOf } from "../local-project.ts";

function project(routes: Record<string, string>) {
  const definition = {
    name: "order",
    routeSelectionExpression: "$request.body.action",
    stage: { name: "dev" },
    functions: Object.fromEntries(
      Object.values(routes).map((name) => [name, { handler: `${name}.handler` }]),
    ),
    routes: Object.fromEntries(
      Object.entries(routes).map(([routeKey, name]) => [routeKey, { function: name }]),
    ),
  };
  return localProjectOf(definition);
}

const CHAT = { $disconnect: "bye", send: "talk", list: "look", $connect: "hello" };

test.each([
  ["connecting first and leaving last", CHAT, 9, ["hello", "talk", "look", "bye"]],
  ["so many at most", CHAT, 2, ["hello", "talk"]],
  ["each function once", { $connect: "all", $default: "all", $disconnect: "all" }, 9, ["all"]],
  ["what there is", { $default: "talk" }, 9, ["talk"]],
  ["none when none is asked for", CHAT, 0, []],
])("functions are needed in order: %s", (_, routes, most, names) => {
  expect(firstNeeded(project(routes), most)).toEqual(names);
});
