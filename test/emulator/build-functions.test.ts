import { expect, test } from "vitest";
import { handlersIn } from "../../src/emulator/build-functions.ts";

test("values that are not text, in places of text, are left to the checks of the definition", () => {
  const nothing = { toString: 1, valueOf: 1 };
  const functions = { talk: { handler: "a.b", layers: [nothing, "l"], command: [1, "run"] } };

  expect(handlersIn({ functions })).toMatchObject([
    { name: "talk", layers: ["l"], command: ["run"] },
  ]);
});
