import { expect, test } from "vitest";
import { nestedName, stackPrefix } from "../../../../src/readers/cdk/rules/stack-prefix.ts";

test("names begin with the id of their stack only in an app with several stacks", () => {
  const [chat, data] = [{ id: "Chat" }, { id: "Data" }];

  expect(stackPrefix(chat, undefined, [chat])).toEqual([]);
  expect(stackPrefix(chat, undefined, [chat, data])).toEqual(["Chat"]);
});

test("names in a nested stack begin with its own name", () => {
  const [chat, data] = [{ id: "Dev-Chat12AB34CD" }, { id: "Data" }];
  const nested = nestedName("DevChatStorage88046352.nested.template.json", chat);

  expect(nested).toBe("Storage88046352");
  expect(stackPrefix(chat, nested, [chat, data])).toEqual(["Storage88046352"]);
  expect(nestedName("DevChatStorage88046352.nested.template.json", data)).toBeUndefined();
});
